"""Letters to staff: what was posted, and what of it goes out."""

from dataclasses import dataclass
from datetime import datetime

from messages import Fake, send
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.rules.plain import PLAIN
from regulars.apps.contact.transports.outgoing import Outgoing


@dataclass(frozen=True)
class Posted:
    """A letter as it stands in the tables; without a text once it is over."""

    address: str
    subject: str
    text: str
    state: str
    reason: str


def posted() -> list[Posted]:
    """Every letter, the oldest first."""
    rows = Delivery.objects.filter(batch__sender="accounts").select_related("batch")
    return [
        Posted(
            address=row.destination,
            subject=row.batch.content.get(PLAIN, {}).get("subject", ""),
            text=row.batch.content.get(PLAIN, {}).get("text", ""),
            state=row.state,
            reason=row.reason,
        )
        for row in rows.order_by("pk")
    ]


def the_letter() -> Posted:
    """The only letter."""
    (letter,) = posted()
    return letter


def states() -> list[str]:
    """How far letters are, in no order."""
    return sorted(letter.reason or letter.state for letter in posted())


def send_letters(now: datetime) -> list[Outgoing]:
    """What goes out at an instant."""
    fake = Fake()
    send(fake, now)
    return fake.sent
