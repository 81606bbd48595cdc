"""Reads of webhooks and of what they were told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from regulars.apps.journal.models import Webhook, WebhookDelivery
from regulars.apps.journal.webhooks.registry import find_published
from regulars.apps.journal.webhooks.rules import TEST, message_id
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

State = WebhookDelivery.State
Paused = Webhook.Paused


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """A webhook.

    Attributes:
        id: Its number.
        address: Where it is told.
        events: Names of the events that it wants; empty for all.
        paused: Why nothing is sent; None where something is.
        paused_at: Since when.
        failing_since: The first failure after the last success.
        made_at: When it was made.
        secrets: When each of its secrets ends that still sign, the newest first; None: it stays.
        waiting: How many deliveries wait.
        failed: How many were given up.
    """

    id: int
    address: str
    events: tuple[str, ...]
    paused: Paused | None
    paused_at: datetime | None
    failing_since: datetime | None
    made_at: datetime
    secrets: tuple[datetime | None, ...]
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """What a webhook was or is to be told.

    Attributes:
        id: Its number, which grows.
        message: What its receiver knows it by.
        event: The event's name.
        customer: The number of the customer that it is about.
        state: How far it is.
        attempts: How often it was tried.
        due_at: When it is tried next, where it waits.
        made_at: When it was made.
        tried_at: When it was tried last.
        status: What the last answer said.
        answer: How the last answer began, or why there was none.
    """

    id: int
    message: str
    event: str
    customer: int | None
    state: State
    attempts: int
    due_at: datetime
    made_at: datetime
    tried_at: datetime | None
    status: int | None
    answer: str


def list_webhooks() -> list[WebhookRow]:
    """Every webhook, the oldest first."""
    return _rows(Webhook.objects.order_by("pk"))


def find_webhook(number: int) -> WebhookRow | None:
    """A webhook by its number."""
    return next(iter(_rows(Webhook.objects.filter(pk=number))), None)


def get_webhook(number: int) -> WebhookRow:
    """A webhook by its number.

    Raises:
        InputError: There is none.
    """
    row = find_webhook(number)
    if row is None:
        raise InputError(say("There is no webhook {number}.", number=str(number)))
    return row


def _rows(webhooks: QuerySet[Webhook]) -> list[WebhookRow]:
    found = list(webhooks.prefetch_related("secrets"))
    counts = _counts([webhook.pk for webhook in found])
    return [_row(webhook, counts) for webhook in found]


def _counts(numbers: Sequence[int]) -> Mapping[tuple[int, str], int]:
    rows = WebhookDelivery.objects.filter(webhook__in=numbers).exclude(state=State.DONE)
    counted = rows.values_list("webhook", "state").annotate(count=Count("pk"))
    return {(webhook, state): count for webhook, state, count in counted}


def _row(webhook: Webhook, counts: Mapping[tuple[int, str], int]) -> WebhookRow:
    secrets = sorted(webhook.secrets.all(), key=lambda it: it.pk, reverse=True)
    return WebhookRow(
        id=webhook.pk,
        address=webhook.address,
        events=tuple(webhook.wants),
        paused=Paused(webhook.paused) if webhook.paused else None,
        paused_at=webhook.paused_at,
        failing_since=webhook.failing_since,
        made_at=webhook.made_at,
        secrets=tuple(secret.until for secret in secrets),
        waiting=counts.get((webhook.pk, State.WAITING), 0),
        failed=counts.get((webhook.pk, State.FAILED), 0),
    )


def list_deliveries(
    number: int,
    *,
    state: State | None = None,
    customer: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """What a webhook was or is to be told, the newest first.

    Args:
        number: The webhook.
        state: Only what is so far.
        customer: Only what is about this customer.
        before: Only what is older than the delivery of this number.
        limit: At most so many.
    """
    told = {"state": state, "customer": customer, "pk__lt": before}
    wanted = {name: value for name, value in told.items() if value is not None}
    rows = WebhookDelivery.objects.filter(webhook=number, **wanted).select_related("event")
    return [_delivery(row) for row in rows.order_by("-pk")[:limit]]


def _delivery(row: WebhookDelivery) -> DeliveryRow:
    return DeliveryRow(
        id=row.pk,
        message=message_id(row.event_id, row.customer, row.event.at),
        event=name_of(row.event.name),
        customer=row.customer,
        state=State(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        made_at=row.made_at,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer,
    )


def name_of(news: str) -> str:
    """What programs know a type of news by; its own name where nobody publishes it any more."""
    published = find_published(news)
    return TEST if news == TEST else (published.name if published else news)


def count_deliveries(before: datetime) -> int:
    """How many deliveries are old and wait no more, or wait for a webhook that is paused."""
    return too_old(before).count()


def too_old(before: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries that may be forgotten."""
    over = ~Q(state=State.WAITING) | ~Q(webhook__paused="")
    return WebhookDelivery.objects.filter(over, made_at__lt=before)
