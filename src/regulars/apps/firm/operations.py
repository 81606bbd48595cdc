"""Writes: the firm says who it is and how long it keeps what; what is too old goes."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from regulars.apps.firm import models
from regulars.apps.firm.queries import RetentionRow, get_company, list_retention
from regulars.apps.firm.registry import Keeping, get_keeping
from regulars.apps.firm.rules import LONGEST_DAYS, LOOKED_EVERY, Company
from regulars.apps.journal.operations import record
from regulars.kernel.actors import WORKER, Actor
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


def put_company(told: Company, *, actor: Actor, now: datetime) -> bool:
    """Say who the firm is; return whether anything changed.

    Args:
        told: The firm, without problems.
        actor: Who says it.
        now: The time.
    """
    with transaction.atomic():
        models.Company.objects.select_for_update().first()
        before = get_company()
        if told == before and models.Company.objects.exists():
            return False
        models.Company.objects.update_or_create(pk=1, defaults=asdict(told))
        old, new = asdict(before), asdict(told)
        change = {field: [old[field], new[field]] for field in new if old[field] != new[field]}
        record(actor, "changed company", "company", now, change)
    return True


def set_retention(kind: str, days: int | None, *, actor: Actor, now: datetime) -> bool:
    """Say for how many days something is kept; return whether that was new.

    Args:
        kind: Its name.
        days: The period; None for ever.
        actor: Who says it.
        now: The time.

    Raises:
        OptionError: Nothing is kept under that name, or for so short or long a period.
    """
    keeping = get_keeping(kind)
    if days is not None and not keeping.fewest_days <= days <= LONGEST_DAYS:
        raise OptionError(
            say("{kind} cannot be kept for {n} days.", kind=kind, n=days),
            accepted=say(
                "Give {fewest} to {longest} days, or none to keep it for ever.",
                fewest=keeping.fewest_days,
                longest=LONGEST_DAYS,
            ),
        )
    with transaction.atomic():
        row = _locked(keeping)
        if row.days == days:
            return False
        models.Retention.objects.filter(kind=kind).update(days=days, applied_at=None)
        record(actor, "set retention", f"retention:{kind}", now, {"days": [row.days, days]})
    return True


def apply_retention(now: datetime) -> int:
    """Let go what the firm does not want to keep any longer; return how much went.

    Each kind is looked at once a day, in batches: as long as there is more, at every call.
    """
    return sum(_apply(row, now) for row in list_retention() if _is_due(row, now))


def _is_due(row: RetentionRow, now: datetime) -> bool:
    looked = row.applied_at
    return row.days is not None and (looked is None or looked <= now - LOOKED_EVERY)


def _apply(row: RetentionRow, now: datetime) -> int:
    keeping = get_keeping(row.kind)
    if row.days is None or not _claimed(keeping, now):
        return 0
    before = now - timedelta(days=row.days)
    gone = keeping.drop(before, now, keeping.most)
    if gone:
        data = {"count": gone, "days": row.days}
        record(WORKER, "applied retention", f"retention:{row.kind}", now, data)
    if gone >= keeping.most:
        models.Retention.objects.filter(kind=row.kind).update(applied_at=None)
    return gone


def _claimed(keeping: Keeping, now: datetime) -> bool:
    """Whether this worker is the one that looks now."""
    free = Q(applied_at__isnull=True) | Q(applied_at__lte=now - LOOKED_EVERY)
    with transaction.atomic():
        _locked(keeping)
        rows = models.Retention.objects.filter(free, kind=keeping.kind)
        return bool(rows.update(applied_at=now))


def _locked(keeping: Keeping) -> models.Retention:
    models.Retention.objects.get_or_create(
        kind=keeping.kind, defaults={"days": keeping.default_days}
    )
    return models.Retention.objects.select_for_update().get(kind=keeping.kind)
