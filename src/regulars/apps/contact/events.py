"""Facts about the door out that higher apps may follow."""

from dataclasses import dataclass

from regulars.apps.journal.events import News


@dataclass(frozen=True, slots=True)
class AddressesChanged(News):
    """Customers are reached otherwise than before."""

    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConsentsChanged(News):
    """Customers said yes or no to something."""

    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeliveriesEnded(News):
    """Deliveries were sent, skipped or failed."""

    deliveries: tuple[int, ...]
