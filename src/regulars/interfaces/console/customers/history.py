"""A customer's history: orders, refunds, subscriptions, notes and changes, newest first."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Final

from django.http import Http404
from django.urls import reverse

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.queries import entries_before
from regulars.apps.orders.queries import (
    OnlySales,
    SaleSort,
    list_sales,
    list_subscriptions_of,
    refunds_before,
)
from regulars.apps.people.queries import notes_before
from regulars.interfaces.console.actors import Actors
from regulars.interfaces.console.cells import Instant
from regulars.interfaces.console.customers.naming import sees_contacts
from regulars.interfaces.console.verbs import told
from regulars.kernel.wording import Message, Money, say

AT_ONCE: Final = 20
"""How much of the history a page shows."""
_END: Final = 2**62
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the history something stands: by time; at one time by kind, then by number."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.id}"

    def below(self, rank: int) -> int:
        """Of what happened at this very time, only ids below this one are still to be told."""
        if rank == self.rank:
            return self.id
        return _END if rank < self.rank else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened with a customer.

    Attributes:
        place: Where it stands.
        icon: Its picture.
        what: What happened.
        when: When, as a cell.
        money: How much money moved.
        address: Where more of it is seen.
        text: What somebody wrote.
        who: Who did it.
    """

    place: Place
    icon: str
    what: Message
    when: Instant | None
    money: Money | None = None
    address: str = ""
    text: str = ""
    who: Message | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A part of the history, and where the next one begins."""

    happenings: Sequence[Happening]
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whose history is asked for, by whom, from where on."""

    numbers: Sequence[int]
    staff: StaffRow
    actors: Actors
    place: Place


def read_place(text: str) -> Place:
    """The place that an address names; none is the newest end.

    Raises:
        Http404: It names no place.
    """
    if not text:
        return Place(_LATEST, 0, 0)
    try:
        at, rank, id_ = text.split("~")
        return Place(datetime.fromisoformat(at), int(rank), int(id_))
    except ValueError as error:
        raise Http404(f"{text} is no place in a history.") from error


def read_history(asking: Asking) -> History:
    """The history from a place on."""
    happenings = heapq.merge(
        *(source(asking) for source in _SOURCES), key=lambda it: it.place, reverse=True
    )
    found = list(islice(happenings, AT_ONCE + 1))
    older = str(found[AT_ONCE - 1].place) if len(found) > AT_ONCE else ""
    return History(found[:AT_ONCE], older)


def _orders(asking: Asking) -> Iterator[Happening]:
    if not asking.staff.may(Permission.READ_ORDERS):
        return
    sales = list_sales(
        only=OnlySales(customers=asking.numbers, stores=asking.staff.stores),
        sort=SaleSort.TIME_BACK,
        after=f"{asking.place.below(_ORDER)}:{asking.place.at.isoformat()}",
        limit=AT_ONCE + 1,
    )
    for sale in sales:
        yield Happening(
            place=Place(sale.ordered_at, _ORDER, sale.number),
            icon="orders",
            what=say("Order {id}", id=sale.id),
            when=Instant(sale.ordered_at, own=True),
            money=Money(sale.amount, sale.currency),
            address=reverse("order", args=[sale.number]),
            text=" · ".join(text for text in (sale.store, sale.channel) if text),
        )


def _refunds(asking: Asking) -> Iterator[Happening]:
    if not asking.staff.may(Permission.READ_ORDERS):
        return
    refunds = refunds_before(
        asking.numbers,
        asking.place.at,
        asking.place.below(_REFUND),
        stores=asking.staff.stores,
        limit=AT_ONCE + 1,
    )
    for refund in refunds:
        yield Happening(
            place=Place(refund.refunded_at, _REFUND, refund.number),
            icon="back",
            what=say("Refund of order {id}", id=refund.order_id),
            when=Instant(refund.refunded_at, own=True),
            money=Money(-refund.amount, refund.currency),
            address=reverse("order", args=[refund.order]),
        )


def _subscriptions(asking: Asking) -> Iterable[Happening]:
    if not asking.staff.may(Permission.READ_ORDERS):
        return []
    found = []
    for row in list_subscriptions_of(asking.numbers):
        money = Money(row.amount, row.currency)
        name = row.plan or row.id
        started = say("Subscription {plan} started", plan=name)
        found.append(_on(row.started_on, row.number * 2, started, money))
        if row.ended_on is not None:
            ended = say("Subscription {plan} ended", plan=name)
            found.append(_on(row.ended_on, row.number * 2 + 1, ended, None))
    later = (it for it in found if it.place < asking.place)
    return sorted(later, key=lambda it: it.place, reverse=True)


def _on(day: date, id_: int, what: Message, money: Money | None) -> Happening:
    return Happening(
        place=Place(datetime.combine(day, time(), UTC), _SUBSCRIPTION, id_),
        icon="again",
        what=what,
        when=None,
        on=day,
        money=money,
    )


def _notes(asking: Asking) -> Iterator[Happening]:
    if not sees_contacts(asking.staff):
        return
    below = asking.place.below(_NOTE)
    for note in notes_before(asking.numbers, asking.place.at, below, limit=AT_ONCE + 1):
        yield Happening(
            place=Place(note.at, _NOTE, note.id),
            icon="note",
            what=say("Note"),
            when=Instant(note.at),
            text=note.text,
            who=asking.actors.named(note.author),
        )


def _changes(asking: Asking) -> Iterator[Happening]:
    entries = entries_before(
        [f"customer:{number}" for number in asking.numbers],
        asking.place.at,
        asking.place.below(_CHANGE),
        without=_NOT_TOLD,
        limit=AT_ONCE + 1,
    )
    for entry in entries:
        yield Happening(
            place=Place(entry.at, _CHANGE, entry.id),
            icon="trail",
            what=told(entry.verb),
            when=Instant(entry.at),
            who=asking.actors.named(entry.actor),
        )


_CHANGE, _NOTE, _SUBSCRIPTION, _ORDER, _REFUND = range(5)
_SOURCES: Sequence[Callable[[Asking], Iterable[Happening]]] = (
    _orders,
    _refunds,
    _subscriptions,
    _notes,
    _changes,
)
_NOT_TOLD: Final = ("saw", "added note", "changed note")
"""Looks are in the trail; notes stand for themselves."""
