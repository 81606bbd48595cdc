"""People to write to, and ways out that do what a test says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from regulars.apps.contact.models import Address, ConsentEvent, Delivery
from regulars.apps.contact.operations.planning import Message, Recipient, plan_deliveries
from regulars.apps.contact.operations.sending import Ways, send_due
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.contact.transports.outgoing import Accepted, Outcome, Outgoing
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import get_number
from regulars.kernel.actors import COMMAND

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A time at which nobody within a few zones is asleep."""
TEXT = {
    "en": {"subject": "News", "preheader": "", "body": "Hello {{ customer.name }}!", "short": "Hi"}
}


def somebody(  # noqa: PLR0913 - one fact an argument
    id_: str = "ona",
    *,
    email: str | None = "",
    phone: str | None = None,
    agreed: Iterable[Purpose] = (Purpose.NEWSLETTER,),
    name: str = "",
    language: str = "en",
    time_zone: str = "",
    now: datetime = NOON - timedelta(days=30),
) -> int:
    """A customer who can be written to; the number of the record."""
    told = CustomerData(id=id_, name=name or id_.title(), language=language, time_zone=time_zone)
    put_customers([told], actor=COMMAND, now=now)
    number = get_number(id_)
    if email is not None:
        reached(number, Channel.EMAIL, email or f"{id_}@example.com", now)
    if phone is not None:
        reached(number, Channel.PHONE, phone, now)
    for purpose in agreed:
        said(number, purpose, Consent.GRANTED, at=now)
    return number


def reached(number: int, channel: Channel, value: str, now: datetime = NOON) -> None:
    """Somebody is reached there."""
    key = address_key(channel, value)
    Address.objects.create(
        customer_id=number, channel=channel, value=value, key=key, made_at=now, changed_at=now
    )


def said(
    number: int,
    purpose: Purpose,
    state: Consent,
    *,
    at: datetime = NOON,
    channel: Channel = Channel.EMAIL,
) -> None:
    """Somebody said yes or no."""
    ConsentEvent.objects.create(
        customer_id=number,
        purpose=purpose,
        channel=channel,
        state=state,
        basis=Basis.CONSENT,
        at=at,
        recorded_at=at,
        actor=str(COMMAND),
    )


def message(key: str = "issue:1", **told: object) -> Message:
    """A newsletter, unless something else is told."""
    given = {"sender": "test", "purpose": Purpose.NEWSLETTER, "content": TEXT} | told
    return Message(dedupe_key=key, **given)  # type: ignore[arg-type]


def plan(key: str, *numbers: int, now: datetime = NOON, **told: object) -> int:
    """Plan a message for some customers."""
    return plan_deliveries(message(key, **told), map(Recipient, numbers), now=now)


@dataclass
class Fake:
    """A way out that keeps what it takes, and answers as a test says."""

    name: str = "fake"
    at_once: int = 20
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    before: Callable[[Outgoing], None] = lambda _: None
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Take messages; each address may have an answer of its own."""
        for outgoing in messages:
            self.before(outgoing)
            outcome = self.outcomes.get(outgoing.to, Accepted(f"p{outgoing.number}"))
            if isinstance(outcome, Accepted):
                self.sent.append(outgoing)
            yield outcome

    @property
    def went_to(self) -> list[str]:
        """To whom it took something, in order."""
        return [outgoing.to for outgoing in self.sent]


def send(fake: Fake, now: datetime = NOON, most: int = 200) -> int:
    """Send what is due at an instant."""
    return send_due(ways(fake), lambda: now, most)


def ways(fake: Fake) -> Ways:
    """All ways out lead to one."""
    return Ways(
        transports=dict.fromkeys((Channel.EMAIL, Channel.PHONE), fake),
        sender="shop@shop.example",
        secret="x" * 50,
    )


def outcome_of(key: str, number: int | None = None) -> tuple[str, str]:
    """State and reason of somebody's delivery."""
    rows = Delivery.objects.filter(batch__dedupe_key=key)
    row = rows.get() if number is None else rows.get(customer_id=number)
    return row.state, row.reason
