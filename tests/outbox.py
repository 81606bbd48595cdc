"""Batches and deliveries as rows, each in the state that a test speaks of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from regulars.apps.contact.models import (
    Batch,
    ConsentEvent,
    Delivery,
    DeliveryEvent,
    Hold,
    Suppression,
)
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import OPEN, EventKind, Reason, State
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import numbers_of
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTENT = {
    "en": {
        "subject": "Fresh bread, {{ customer.name }}",
        "preheader": "From Monday",
        "body": "Good day, {{ customer.greeting }},\n\nwe bake **again** from Monday.",
        "short": "We bake again from Monday.",
    }
}


def somebody(id_: str = "c7", name: str = "Ona Kazlauskienė") -> int:
    """A customer; return his number."""
    put_customers([CustomerData(id=id_, name=name)], actor=COMMAND, now=NOW)
    return numbers_of([id_])[id_]


def a_batch(
    key: str = "november",
    *,
    purpose: Purpose = Purpose.NEWSLETTER,
    sender: str = "engagement",
    label: str = "The newsletter of November",
    secret: bool = False,
    content: Mapping[str, object] = CONTENT,
) -> int:
    """A batch; return its number."""
    row = Batch.objects.create(
        sender=sender,
        dedupe_key=key,
        label=label,
        purpose=purpose,
        channels=["email", "phone"],
        content=content,
        secret=secret,
        made_at=NOW,
    )
    return row.pk


def a_delivery(  # noqa: PLR0913 - each is a column
    batch: int,
    customer: int | None,
    state: State = State.PLANNED,
    reason: Reason | None = None,
    *,
    to: str = "ona@shop.example",
    detail: str = "",
    made_at: datetime = NOW,
) -> int:
    """A delivery of a batch to a customer; return its number."""
    purpose = Purpose(Batch.objects.get(pk=batch).purpose)
    gone = state in {State.SENT, State.UNCERTAIN}
    row = Delivery.objects.create(
        batch_id=batch,
        customer_id=customer,
        purpose=purpose,
        priority=purpose.priority,
        state=state,
        reason=reason or "",
        detail=detail,
        channel=Channel.EMAIL,
        destination=to,
        key=address_key(Channel.EMAIL, to),
        language="en",
        made_at=made_at,
        due_at=made_at,
        gone_at=made_at + timedelta(minutes=5) if gone else None,
        ended_at=None if state in OPEN else made_at + timedelta(minutes=6),
        attempts=int(gone),
        transport="mail" if gone else "",
    )
    return row.pk


def deliveries_of(batch: int, customers: Sequence[int], state: State = State.PLANNED) -> list[int]:
    """One delivery to each customer."""
    return [a_delivery(batch, it, state, to=f"c{it}@shop.example") for it in customers]


def an_event(delivery: int, kind: EventKind, *, after: int = 10, detail: str = "") -> None:
    """What a provider told, so many minutes after the delivery was planned."""
    at = NOW + timedelta(minutes=after)
    DeliveryEvent.objects.create(
        delivery_id=delivery,
        provider="mail",
        event_id=f"{delivery} {kind} {after}",
        kind=kind,
        detail=detail,
        at=at,
        received_at=at,
    )


def a_no(customer: int, purpose: Purpose = Purpose.NEWSLETTER, days: int = 3) -> None:
    """Somebody said no to a purpose by mail, some days ago."""
    ConsentEvent.objects.create(
        customer_id=customer,
        purpose=purpose,
        channel=Channel.EMAIL,
        state=Consent.WITHDRAWN,
        basis="consent",
        at=NOW - timedelta(days=days),
        recorded_at=NOW - timedelta(days=days),
        actor="command",
    )


def a_hold(customer: int, kind: str = "promotion") -> None:
    """Something is open with a customer."""
    Hold.objects.create(
        customer_id=customer,
        kind=kind,
        reason="complaint",
        source="care:7",
        placed_at=NOW - timedelta(days=1),
    )


def make_outbox() -> list[str]:
    """Fill the outbox; the addresses of every page that then has something to show."""
    ona, jonas, elsa, anna = (
        somebody(id_, name)
        for id_, name in (
            ("c1", "Ona Kazlauskienė"),
            ("c2", "Žygimantas Stankevičius"),
            ("c3", "Екатерина Преображенская-Константинопольская"),
            ("c4", "王小明"),
        )
    )
    news, secret = a_batch(), a_batch("code", purpose=Purpose.SERVICE, label="", secret=True)
    sent = a_delivery(news, ona, State.SENT)
    an_event(sent, EventKind.DELIVERED)
    an_event(sent, EventKind.COMPLAINED, after=90, detail="abuse report by ona@shop.example")
    a_no(jonas)
    skipped = a_delivery(
        news, jonas, State.SKIPPED, Reason.NO_CONSENT, to="zygimantas@shop.example"
    )
    waits = a_delivery(news, anna, State.PLANNED, Reason.QUIET, to="wang@shop.example")
    failed = a_delivery(
        news, elsa, State.FAILED, Reason.REFUSED, detail="550 5.1.1 no such user", to="e@shop.test"
    )
    hidden = a_delivery(secret, ona, State.UNCERTAIN, Reason.WORKER_DIED)
    a_delivery(secret, None, State.SENT, to="owner@shop.example")
    for scope in Scope:
        Suppression.objects.create(
            key=address_key(Channel.EMAIL, f"{scope}@shop.example"),
            channel=Channel.EMAIL,
            scope=scope,
            reason=Withheld.COMPLAINT if scope is Scope.PROMOTION else Withheld.MANUAL,
            note="" if scope is Scope.PROMOTION else "She asked for it on the telephone.",
            at=NOW,
            by="worker",
            lifted_at=NOW if scope is Scope.SURVEYS else None,
        )
    first = Suppression.objects.order_by("pk")[0].pk
    return [
        "/outbox",
        "/outbox?state=skipped&reason=no_consent",
        "/outbox?state=held_out",
        *(f"/outbox/{it}" for it in (sent, skipped, waits, failed, hidden)),
        f"/outbox/{waits}/cancel",
        "/outbox/batches",
        f"/outbox/batches/{news}",
        f"/outbox/batches/{news}/stop",
        "/outbox/suppression",
        f"/outbox/suppression?key={address_key(Channel.EMAIL, 'nobody@shop.example')}",
        "/outbox/suppression/add",
        f"/outbox/suppression/{first}/lift",
        f"/customers/{ona}",
        f"/customers/{ona}/messages",
        "/settings/messages",
    ]
