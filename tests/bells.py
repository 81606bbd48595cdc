"""News of bells and doors, and a worker who tells webhooks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

from django.db import transaction

from receivers import Heard, Receiver, Reply, says
from regulars.apps.journal.events import News
from regulars.apps.journal.operations import announce
from regulars.apps.journal.webhooks.dispatching import Dispatcher
from regulars.apps.journal.webhooks.operations import (
    NewSecret,
    WebhookData,
    add_webhook,
)
from regulars.apps.journal.webhooks.queries import (
    DeliveryRow,
    list_deliveries,
)
from regulars.apps.journal.webhooks.registry import Facts, Part
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rung(News):
    """Customers rang."""

    customers: tuple[int, ...]
    bell: str


@dataclass(frozen=True, slots=True)
class Closed(News):
    """Somebody closed a door that is nobody's."""

    door: int


def tell_rung(parts: Sequence[Part]) -> list[Facts]:
    """Who rang which bell."""
    return [{"customer": {"number": it.customer}, "bell": it.data["bell"]} for it in parts]


def tell_closed(parts: Sequence[Part]) -> list[Facts]:
    """Which door; door 0 cannot be told."""
    return [{"door": 100 // it.data["door"]} for it in parts]


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """The time."""
        return self.now


class Worker:
    """Whoever sends, as the worker's loop has him do it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.seconds = 0.0
        self.dispatcher = Dispatcher(self.clock, lambda: self.seconds, lambda: 0.5, private=True)

    def work(self) -> None:
        """Send until nothing is due."""
        while self.dispatcher.step() or self.dispatcher.under_way:
            if self.dispatcher.under_way:
                self.dispatcher.wait(5)

    def later(self, **span: float) -> None:
        """Put the clock forward, and send what is due then."""
        self.clock.now += timedelta(**span)
        self.work()


def hook(receiver: Receiver, *events: str) -> NewSecret:
    """A webhook that a receiver is told by."""
    told = WebhookData(address=receiver.address, events=events)
    return add_webhook(told, private=True, actor=COMMAND, now=NOW)


def ring(*customers: int, bell: str = "door") -> None:
    """Customers ring a bell."""
    with transaction.atomic():
        announce(Rung(customers, bell), NOW)


def deliveries(made: NewSecret) -> list[DeliveryRow]:
    """From the first to the last."""
    return list(reversed(list_deliveries(made.webhook.id)))


def fails_for(customer: int) -> Reply:
    """A reply that is a failure for one customer."""

    def reply(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
        says(500 if heard.customer == customer else 200, "no")(heard, handler)

    return reply
