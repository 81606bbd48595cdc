"""Facts about people that higher apps may follow."""

from dataclasses import dataclass

from regulars.apps.journal.events import News


@dataclass(frozen=True, slots=True)
class CustomersChanged(News):
    """Customers were made or changed."""

    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CustomersMerged(News):
    """Two records turned out to be one person."""

    customer: int
    canonical: int


@dataclass(frozen=True, slots=True)
class CustomersParted(News):
    """A merge was undone."""

    customer: int
    canonical: int


@dataclass(frozen=True, slots=True)
class CustomersErased(News):
    """All that was personal of these records is gone; the records stay, empty."""

    customers: tuple[int, ...]
