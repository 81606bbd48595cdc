"""The queue of webhooks: events become deliveries, which are claimed, sent and settled."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from regulars.apps.journal.models import Event, Webhook, WebhookDelivery
from regulars.apps.journal.tables import Column, instant, load, take_turns
from regulars.apps.journal.webhooks.operations import halt
from regulars.apps.journal.webhooks.posting import Answer
from regulars.apps.journal.webhooks.queries import name_of
from regulars.apps.journal.webhooks.registry import Facts, Part, Published, find_published
from regulars.apps.journal.webhooks.rules import (
    LEASE,
    PAUSED_AFTER,
    TEST,
    message_id,
    wait_after,
)
from regulars.apps.journal.webhooks.secrets import is_kept, secret_of
from regulars.kernel.actors import WORKER

_State = WebhookDelivery.State
_ROWS = 5000
_log = structlog.stdlib.get_logger("regulars.webhooks")


def offer_events(now: datetime, most: int = 500) -> int:
    """Make a delivery of each new event for each webhook that wants it and each customer.

    One worker at a time does so, in the order of the events: a customer's deliveries stand in
    the order of what happened to him.

    Returns:
        How many events were offered.
    """
    new = Event.objects.filter(offered=False).order_by("pk")
    if not new.exists():
        return 0
    with transaction.atomic():
        take_turns("webhooks")
        webhooks = list(Webhook.objects.order_by("pk"))
        if not webhooks:
            return _offered(new.values_list("pk", flat=True)[:_ROWS])
        taken, rows = [], 0
        for event in new[:most]:
            rows += _offer(event, webhooks, now)
            taken.append(event.pk)
            if rows >= _ROWS:
                break
        return _offered(taken)


def _offered(events: Iterable[int]) -> int:
    return Event.objects.filter(pk__in=list(events)).update(offered=True)


def _offer(event: Event, webhooks: Sequence[Webhook], now: datetime) -> int:
    published = find_published(event.name)
    if published is None:
        return 0
    wanting = [it.pk for it in webhooks if not it.wants or published.name in it.wants]
    customers = _customers(published, event) if wanting else []
    count = len(wanting) * len(customers)
    if count:
        moment = instant(now)
        columns: dict[str, Column] = {
            "webhook_id": [webhook for webhook in wanting for _ in customers],
            "event_id": [event.pk] * count,
            "customer": customers * len(wanting),
            "due_at": [moment] * count,
            "leased_until": [None] * count,
            "made_at": [moment] * count,
        }
        load(WebhookDelivery, columns)
    return count


def _customers(published: Published, event: Event) -> list[int | None]:
    try:
        return list(published.customers(event.data))
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - one event that cannot be read holds up no other
        _log.exception("it is not known whose an event is", news=event.name, event_id=event.pk)
        return [None]  # a delivery that cannot be told is seen; one that is not there is not


@dataclass(frozen=True, slots=True)
class Lane:
    """A webhook for which something is due.

    Attributes:
        webhook: Its number.
        address: Where it is told.
        is_failing: Whether the last that was tried failed.
        keys: What signs, the newest first.
    """

    webhook: int
    address: str
    is_failing: bool
    keys: tuple[bytes, ...] = field(repr=False)


def due_lanes(now: datetime) -> list[Lane]:
    """The webhooks for which something is due; one whose secrets are lost is paused."""
    due = WebhookDelivery.objects.filter(
        _free(now), webhook=OuterRef("pk"), state=_State.WAITING, due_at__lte=now
    )
    found = Webhook.objects.filter(Exists(due), paused="").order_by("pk")
    lanes = [_lane(webhook, now) for webhook in found.prefetch_related("secrets")]
    return [lane for lane in lanes if lane.keys]


def _lane(webhook: Webhook, now: datetime) -> Lane:
    living = [it for it in webhook.secrets.all() if it.until is None or it.until > now]
    kept = sorted((it for it in living if is_kept(it)), key=lambda it: it.pk, reverse=True)
    if not any(it.until is None for it in kept):
        _pause(webhook.pk, Webhook.Paused.SECRET, now)
        kept = []
    keys = tuple(secret_of(it.salt) for it in kept)
    return Lane(webhook.pk, webhook.address, webhook.failing_since is not None, keys)


def _pause(number: int, why: Webhook.Paused, now: datetime) -> None:
    with transaction.atomic():
        for webhook in Webhook.objects.select_for_update().filter(pk=number, paused=""):
            halt(webhook, why, actor=WORKER, now=now)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker is to send.

    Attributes:
        id: Its number.
        webhook: The webhook's.
        lease: Under what it was claimed.
        attempts: How often it was tried, with this time.
        message: What the receiver knows it by.
        body: What is sent; None where it cannot be told.
    """

    id: int
    webhook: int
    lease: str
    attempts: int
    message: str
    body: bytes | None


def claim_deliveries(webhook: int, lease: str, now: datetime, most: int) -> list[Claimed]:
    """Claim deliveries that are due, of each customer the first that waits alone."""
    earlier = WebhookDelivery.objects.filter(
        webhook=webhook,
        customer=OuterRef("customer"),
        state=_State.WAITING,
        pk__lt=OuterRef("pk"),
    )
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(
            _free(now), ~Exists(earlier), webhook=webhook, state=_State.WAITING, due_at__lte=now
        )
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        ids = [row.pk for row in due.order_by("due_at", "pk").only("pk")[:most]]
        mine = WebhookDelivery.objects.filter(pk__in=ids)
        mine.update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    rows = list(mine.filter(lease=lease).select_related("event").order_by("pk"))
    return _written(rows)


def release(claimed: Iterable[Claimed]) -> None:
    """Give back what was claimed and not begun, so that it need not wait for its lease's end."""
    with transaction.atomic():
        for it in claimed:
            WebhookDelivery.objects.filter(pk=it.id, lease=it.lease, state=_State.WAITING).update(
                leased_until=None, attempts=F("attempts") - 1
            )


def _free(now: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lt=now)


def _written(rows: Sequence[WebhookDelivery]) -> list[Claimed]:
    """Claimed rows with what they tell, one question to each publisher."""
    told: dict[int, Facts | None] = {}
    by_name = sorted(rows, key=lambda row: row.event.name)
    for name, of_name in groupby(by_name, key=lambda row: row.event.name):
        told |= _told(name, list(of_name))
    return [_claimed(row, told[row.pk]) for row in rows]


def _told(name: str, rows: Sequence[WebhookDelivery]) -> dict[int, Facts | None]:
    published = find_published(name)
    if published is None:
        return dict.fromkeys((row.pk for row in rows), {} if name == TEST else None)
    parts = [Part(row.event.data, row.customer) for row in rows]
    try:
        return dict(zip((row.pk for row in rows), published.tell(parts), strict=True))
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - whatever fails is written down
        if len(rows) > 1:  # what one cannot tell holds up no other
            return {pk: facts for row in rows for pk, facts in _told(name, [row]).items()}
        _log.exception("an event cannot be told", news=name, delivery=rows[0].pk)
        return {rows[0].pk: None}


def _claimed(row: WebhookDelivery, facts: Facts | None) -> Claimed:
    message = message_id(row.event_id, row.customer, row.event.at)
    told = {
        "type": name_of(row.event.name),
        "id": message,
        "timestamp": row.event.at.isoformat(),
        "data": facts,
    }
    body = None if facts is None else json.dumps(told, ensure_ascii=False).encode()
    return Claimed(row.pk, row.webhook_id, row.lease, row.attempts, message, body)


UNTOLD = Answer(None, "What it tells of is not there any more.")
"""What becomes of a delivery without a body."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a delivery."""

    delivery: Claimed
    answer: Answer
    at: datetime


def settle(sent: Sequence[Sent], now: datetime, chance: Callable[[], float]) -> None:
    """Write down what came of deliveries; one that another worker took over is his.

    Args:
        sent: Deliveries and their answers.
        now: The time.
        chance: Numbers from 0 to 1, by which waits differ.
    """
    with transaction.atomic():
        for webhook in sorted({it.delivery.webhook for it in sent}):
            of_it = [it for it in sent if it.delivery.webhook == webhook]
            _settle_webhook(webhook, of_it, now)
            _settle_done([it for it in of_it if it.answer.is_success], now)
            for it in of_it:
                if not it.answer.is_success:
                    _settle_failed(it, now, chance())


def _settle_done(sent: Sequence[Sent], now: datetime) -> None:
    by_status: dict[tuple[str, int | None], list[int]] = {}
    for it in sent:
        by_status.setdefault((it.delivery.lease, it.answer.status), []).append(it.delivery.id)
    for (lease, status), ids in by_status.items():
        WebhookDelivery.objects.filter(pk__in=ids, lease=lease).update(
            state=_State.DONE, leased_until=None, status=status, answer="", tried_at=now
        )


def _settle_failed(sent: Sent, now: datetime, chance: float) -> None:
    delivery, answer = sent.delivery, sent.answer
    wait = None if delivery.body is None else wait_after(delivery.attempts, chance)
    mine = WebhookDelivery.objects.filter(pk=delivery.id, lease=delivery.lease)
    mine.update(
        state=_State.WAITING if wait is not None else _State.FAILED,
        due_at=now + wait if wait is not None else now,
        leased_until=None,
        status=answer.status,
        answer=answer.text,
        tried_at=now,
    )


def _settle_webhook(number: int, sent: Sequence[Sent], now: datetime) -> None:
    """Remember whether a webhook fails; pause one that is gone, or fails for days."""
    tried = [it for it in sent if it.delivery.body is not None]
    fails = bool(tried) and not any(it.answer.is_success for it in tried)
    rows = Webhook.objects.filter(pk=number)
    if any(it.answer.is_gone for it in tried):
        _pause(number, Webhook.Paused.GONE, now)
    elif fails:
        rows.filter(failing_since__isnull=True).update(failing_since=now)
        if rows.filter(failing_since__lt=now - PAUSED_AFTER).exists():
            _pause(number, Webhook.Paused.FAILING, now)
    elif tried:
        rows.filter(failing_since__isnull=False).update(failing_since=None)
