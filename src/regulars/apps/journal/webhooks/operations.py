"""Writes of webhooks by whoever may change the settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from regulars.apps.journal.models import Event, Webhook, WebhookDelivery, WebhookSecret
from regulars.apps.journal.operations import record
from regulars.apps.journal.webhooks.queries import WebhookRow, get_webhook, too_old
from regulars.apps.journal.webhooks.registry import list_published
from regulars.apps.journal.webhooks.rules import (
    LONGEST_OVERLAP,
    MOST,
    TEST,
    hint_of,
    problems_of_address,
    problems_of_wants,
    written,
)
from regulars.apps.journal.webhooks.secrets import new_salt, secret_of
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.problems import Problem
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookData:
    """What is told of a webhook.

    Attributes:
        address: Where it is told.
        events: Names of the events that it wants; empty for all of them.
    """

    address: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook and its new secret, which is shown this once."""

    webhook: WebhookRow
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Which deliveries are sent again; one of the three is told.

    Attributes:
        delivery: One.
        failed: All that were given up.
        since: All of an instant or later.
    """

    delivery: int | None = None
    failed: bool = False
    since: datetime | None = None


def problems_of_webhook(told: WebhookData, *, private: bool) -> list[Problem]:
    """What is wrong with what is told of a webhook."""
    known = [one.name for one in list_published()]
    return [
        *problems_of_address(told.address, private=private),
        *problems_of_wants(told.events, known),
    ]


def add_webhook(told: WebhookData, *, private: bool, actor: Actor, now: datetime) -> NewSecret:
    """Tell a program of what happens from now on.

    Args:
        told: Where, and of what.
        private: Whether receivers within the firm's own network are allowed.
        actor: Who wants it.
        now: The time.

    Raises:
        InputError: The address cannot be used, an event is not known, or there are too many.
    """
    _refuse(problems_of_webhook(told, private=private))
    with transaction.atomic():
        if Webhook.objects.count() >= MOST:
            raise InputError(
                say("There are {n} webhooks, and no more are taken.", n=MOST),
                accepted=say("Remove one, or let one program tell the others."),
            )
        webhook = Webhook.objects.create(
            address=told.address, wants=sorted(set(told.events)), made_at=now
        )
        secret = _new_secret(webhook, now)
        record(actor, "added webhook", _subject(webhook.pk), now, _data(told))
    return NewSecret(get_webhook(webhook.pk), secret)


def change_webhook(
    number: int, told: WebhookData, *, private: bool, actor: Actor, now: datetime
) -> None:
    """Tell a program somewhere else, or of other events; what waits goes to the new address.

    Raises:
        InputError: It is not there, its address cannot be used, or an event is not known.
    """
    _refuse(problems_of_webhook(told, private=private))
    with transaction.atomic():
        webhook = _locked(number)
        webhook.address, webhook.wants = told.address, sorted(set(told.events))
        webhook.save(update_fields=["address", "wants"])
        record(actor, "changed webhook", _subject(number), now, _data(told))


def pause_webhook(number: int, *, actor: Actor, now: datetime) -> None:
    """Send nothing for a while; what happens meanwhile waits.

    Raises:
        InputError: It is not there.
    """
    with transaction.atomic():
        webhook = _locked(number)
        if not webhook.paused:
            halt(webhook, Webhook.Paused.STAFF, actor=actor, now=now)


def halt(webhook: Webhook, why: Webhook.Paused, *, actor: Actor, now: datetime) -> None:
    """Pause a webhook that is locked, and write down why."""
    webhook.paused, webhook.paused_at = why.value, now
    webhook.save(update_fields=["paused", "paused_at"])
    record(actor, "paused webhook", _subject(webhook.pk), now, {"because": why.value})


def resume_webhook(number: int, *, actor: Actor, now: datetime) -> None:
    """Go on, at once and with what waited, in its order.

    Raises:
        InputError: It is not there, or its secret has to be replaced first.
    """
    with transaction.atomic():
        webhook = _locked(number)
        if webhook.paused == Webhook.Paused.SECRET:
            raise InputError(
                say("The secret of this webhook was lost with the installation's own."),
                accepted=say("Replace it: deliveries go on by themselves then."),
            )
        if webhook.paused:
            _go_on(webhook, actor, now)


def _go_on(webhook: Webhook, actor: Actor, now: datetime) -> None:
    webhook.paused, webhook.paused_at, webhook.failing_since = "", None, None
    webhook.save(update_fields=["paused", "paused_at", "failing_since"])
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=WebhookDelivery.State.WAITING)
    waiting.filter(due_at__gt=now).update(due_at=now)
    record(actor, "resumed webhook", _subject(webhook.pk), now)


def remove_webhook(number: int, *, actor: Actor, now: datetime) -> bool:
    """Tell a program no more; its deliveries go with it. Return whether it was there."""
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update().filter(pk=number).first()
        if webhook is None:
            return False
        address = webhook.address
        # not by way of Django's collector, which would read each row
        WebhookDelivery.objects.filter(webhook=webhook)._raw_delete("default")  # noqa: SLF001 - nothing refers to the rows
        webhook.delete()
        record(actor, "removed webhook", _subject(number), now, {"address": address})
    return True


def rotate_secret(number: int, *, overlap: timedelta, actor: Actor, now: datetime) -> NewSecret:
    """Make a new secret; the old ones sign beside it until the overlap ends.

    Args:
        number: The webhook.
        overlap: How long; nothing where the old secret is known to somebody it should not be.
        actor: Who wants it.
        now: The time.

    Raises:
        InputError: It is not there, or the overlap is too long.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InputError(
            say("An old secret does not sign for {n} hours.", n=overlap // timedelta(hours=1)),
            accepted=say("Give 0 to {n} hours.", n=LONGEST_OVERLAP // timedelta(hours=1)),
        )
    with transaction.atomic():
        webhook = _locked(number)
        webhook.secrets.filter(Q(until__isnull=True) | Q(until__gt=now + overlap)).update(
            until=now + overlap
        )
        webhook.secrets.filter(until__lte=now).delete()
        secret = _new_secret(webhook, now)
        hours = overlap // timedelta(hours=1)
        record(actor, "rotated webhook secret", _subject(number), now, {"overlap_hours": hours})
        if webhook.paused == Webhook.Paused.SECRET:
            _go_on(webhook, actor, now)
    return NewSecret(get_webhook(number), secret)


def send_test(number: int, *, actor: Actor, now: datetime) -> int:
    """Send an event that tells nothing, to see whether it arrives; return its delivery.

    Raises:
        InputError: It is not there.
    """
    with transaction.atomic():
        webhook = _locked(number)
        event = Event.objects.create(at=now, name=TEST, data={}, offered=True)
        made = WebhookDelivery.objects.create(
            webhook=webhook, event=event, due_at=now, made_at=now
        )
        record(actor, "tested webhook", _subject(number), now)
    return made.pk


def replay(number: int, which: Again, *, actor: Actor, now: datetime) -> int:
    """Send deliveries again, under the ids that they had; return how many.

    Raises:
        InputError: The webhook or the delivery is not there, or nothing was told.
    """
    with transaction.atomic():
        webhook = _locked(number)
        rows = WebhookDelivery.objects.filter(webhook=webhook)
        count = _meant(rows, which).update(
            state=WebhookDelivery.State.WAITING,
            attempts=0,
            due_at=now,
            lease="",
            leased_until=None,
        )
        if which.delivery is not None and not count:
            raise InputError(say("There is no delivery {number}.", number=str(which.delivery)))
        record(actor, "replayed webhook", _subject(number), now, {"deliveries": count})
    return count


def _meant(rows: QuerySet[WebhookDelivery], which: Again) -> QuerySet[WebhookDelivery]:
    if which.delivery is not None:
        return rows.filter(pk=which.delivery)
    if which.since is not None:
        return rows.filter(made_at__gte=which.since)
    if which.failed:
        return rows.filter(state=WebhookDelivery.State.FAILED)
    raise InputError(
        say("It is not told what is to be sent again."),
        accepted=say("Name a delivery, an instant, or say that it is all that failed."),
    )


def forget_deliveries(before: datetime, most: int = 10_000) -> int:
    """Let old deliveries go that wait no more, or wait for a webhook that is paused."""
    ids = too_old(before).order_by("made_at").values_list("pk", flat=True)[:most]
    return WebhookDelivery.objects.filter(pk__in=list(ids)).delete()[0]


def _locked(number: int) -> Webhook:
    webhook = Webhook.objects.select_for_update().filter(pk=number).first()
    if webhook is None:
        raise InputError(say("There is no webhook {number}.", number=str(number)))
    return webhook


def _new_secret(webhook: Webhook, now: datetime) -> str:
    salt = new_salt()
    secret = secret_of(salt)
    WebhookSecret.objects.create(webhook=webhook, salt=salt, hint=hint_of(secret), made_at=now)
    return written(secret)


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise InputError(problem.message)


def _subject(number: int) -> str:
    return f"webhook:{number}"


def _data(told: WebhookData) -> dict[str, object]:
    return {"address": told.address, "events": list(told.events)}
