"""What programs are told of addresses and consents."""

from regulars.apps.contact.events import AddressesChanged, ConsentsChanged
from regulars.apps.journal.webhooks.registry import Facts, Published
from regulars.apps.people.queries import tell_customers
from regulars.kernel.wording import say


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
