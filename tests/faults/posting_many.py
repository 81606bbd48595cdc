"""A worker whose provider keeps a list: ``posting_many.py make N``, ``plan``, ``send OFFSET``.

The list stands in the folder of the installation, one number a line, on the disk before the
provider answers, as a mail server does it. The worker's clock is so many seconds off.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from regulars.project.opening import open_installation

open_installation(None)

from django.conf import settings  # noqa: E402 - Django is set up above

from messages import TEXT  # noqa: E402 - same
from regulars.apps.contact.models import Address, ConsentEvent  # noqa: E402 - same
from regulars.apps.contact.operations.planning import (  # noqa: E402 - same
    Message,
    Recipient,
    plan_deliveries,
)
from regulars.apps.contact.operations.policy import put_policy  # noqa: E402 - same
from regulars.apps.contact.operations.sending import Ways, send_due  # noqa: E402 - same
from regulars.apps.contact.rules.addresses import address_key  # noqa: E402 - same
from regulars.apps.contact.rules.policy import Policy  # noqa: E402 - same
from regulars.apps.contact.rules.purposes import Channel, Purpose  # noqa: E402 - same
from regulars.apps.contact.transports.outgoing import (  # noqa: E402 - same
    Accepted,
    Outcome,
    Outgoing,
)
from regulars.apps.people.models import Customer  # noqa: E402 - same
from regulars.kernel.actors import COMMAND  # noqa: E402 - same

AT_ONCE, ROWS = 200, 2000


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)  # noqa: TID251 - the edge


class Listing:
    """A provider that keeps a list of what it took."""

    name, at_once = "listing", AT_ONCE

    def __init__(self) -> None:
        self._list = Path(settings.DATA_FOLDER) / "taken"

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Take messages."""
        taken = os.open(self._list, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            for outgoing in messages:
                os.write(taken, f"{outgoing.number}\n".encode("ascii"))
                yield Accepted()
        finally:
            os.close(taken)


def make(count: int) -> None:
    """Make customers who agreed to the newsletter."""
    moment = now()
    put_policy(Policy(caps=(), quiet_until=time(21)), actor=COMMAND, now=moment)
    people = Customer.objects.bulk_create(
        (Customer(name="x", made_at=moment, changed_at=moment) for _ in range(count)),
        batch_size=ROWS,
    )
    Address.objects.bulk_create(
        (
            Address(
                customer_id=person.pk,
                channel="email",
                value=f"c{person.pk}@example.com",
                key=address_key(Channel.EMAIL, f"c{person.pk}@example.com"),
                made_at=moment,
                changed_at=moment,
            )
            for person in people
        ),
        batch_size=ROWS,
    )
    ConsentEvent.objects.bulk_create(
        (
            ConsentEvent(
                customer_id=person.pk,
                purpose="newsletter",
                channel="email",
                state="granted",
                basis="consent",
                at=moment,
                recorded_at=moment,
            )
            for person in people
        ),
        batch_size=ROWS,
    )


def plan() -> None:
    """Plan a newsletter for everybody; again plans the rest."""
    everybody = Customer.objects.order_by("pk").values_list("pk", flat=True)
    told = Message(sender="soak", dedupe_key="1", purpose=Purpose.NEWSLETTER, content=TEXT)
    plan_deliveries(told, map(Recipient, everybody.iterator(ROWS)), now=now())


def send(offset: float) -> None:
    """Send until nothing is due."""
    ahead = timedelta(seconds=offset)
    ways = Ways(
        transports=dict.fromkeys((Channel.EMAIL, Channel.PHONE), Listing()),
        sender="shop@shop.example",
        secret="x" * 50,
    )
    while send_due(ways, lambda: now() + ahead):
        pass


if __name__ == "__main__":
    part, *told = sys.argv[1:]
    if part == "make":
        make(int(told[0]))
    elif part == "plan":
        plan()
    else:
        send(float(told[0]))
