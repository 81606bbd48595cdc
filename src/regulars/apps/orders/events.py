"""Facts about orders that higher apps may follow."""

from dataclasses import dataclass

from regulars.apps.journal.events import News


@dataclass(frozen=True, slots=True)
class OrdersTaken(News):
    """Orders were made or changed; small, however many they are.

    Attributes:
        first: The lowest of their numbers.
        last: The highest of their numbers.
        count: How many they are.
        at: Their ``changed_at``: of the orders from first to last it is these that bear it.
    """

    first: int
    last: int
    count: int
    at: str


@dataclass(frozen=True, slots=True)
class RefundsTaken(News):
    """Money went back."""

    refunds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionsPut(News):
    """Subscriptions were made or changed."""

    subscriptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProductsPut(News):
    """Products were made or changed."""

    products: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CostsPut(News):
    """Costs were made or changed."""

    costs: tuple[int, ...]
