"""How long it is kept what went to whom, and what programs are told of addresses and consents."""

from datetime import datetime

from regulars.apps.contact.events import AddressesChanged, ConsentsChanged
from regulars.apps.contact.operations.forgetting import forget_letters, forget_messages
from regulars.apps.contact.queries.old import count_letters, count_messages
from regulars.apps.firm.registry import Keeping
from regulars.apps.journal.webhooks.registry import Facts, Published
from regulars.apps.people.queries import tell_customers
from regulars.kernel.wording import say


def _letters(before: datetime, _now: datetime, most: int) -> int:
    return forget_letters(before, most)


def _messages(before: datetime, _now: datetime, most: int) -> int:
    return forget_messages(before, most)


LETTERS = Keeping(
    kind="letters",
    what=say("Which letters staff were sent, without their text"),
    fewest_days=1,
    default_days=30,
    most=10_000,
    count=count_letters,
    drop=_letters,
)
MESSAGES = Keeping(
    kind="messages",
    what=say("Which messages customers were sent, and what became of them"),
    fewest_days=400,  # a firm may count what went within a year
    default_days=None,
    most=5_000,
    count=count_messages,
    drop=_messages,
)


def _each(data: Facts) -> tuple[int, ...]:
    return tuple(data["customers"])


PUBLISHED = (
    Published(
        news=AddressesChanged,
        name="customer.addresses_changed",
        what=say("A customer is reached otherwise than before"),
        customers=_each,
        tell=tell_customers,
    ),
    Published(
        news=ConsentsChanged,
        name="customer.consents_changed",
        what=say("A customer said yes or no to something"),
        customers=_each,
        tell=tell_customers,
    ),
)
"""What programs are told of the door out."""
