"""Reads: all that the gate looks at, for many deliveries at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from regulars.apps.contact.models import (
    Address,
    Batch,
    ConsentEvent,
    Credit,
    Delivery,
    Hold,
    Suppression,
    Turn,
)
from regulars.apps.contact.registry import find_still_due
from regulars.apps.contact.rules.consents import asks_to_confirm
from regulars.apps.contact.rules.gate import Decision, Facts, Held, Send, Way
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import GONE, State
from regulars.apps.firm.rules import Company
from regulars.apps.people.queries import Person, all_records, persons_of

_WEIGHED = frozenset({Kind.SURVEY, Kind.PROMOTION})
"""Classes of which somebody may have had enough."""
_UNDECIDED = (State.PLANNED, State.CLAIMED)


def weighed(rows: Sequence[Delivery]) -> set[int]:
    """The recipients of messages of which somebody may have had enough."""
    return {
        row.customer_id
        for row in rows
        if row.customer_id is not None and Purpose(row.purpose).kind in _WEIGHED
    }


class Knowledge:
    """All that the gate looks at for some deliveries, and what was decided of them meanwhile.

    It is read once, in so many queries for however many deliveries; what is decided of one counts
    for those that follow.
    """

    def __init__(
        self, rows: Sequence[Delivery], policy: Policy, firm: Company, now: datetime
    ) -> None:
        """Read it.

        Args:
            rows: Deliveries to customers, each with its batch.
            policy: How the firm writes.
            firm: Where it is.
            now: The time.
        """
        person_of = persons_of({row.customer_id for row in rows if row.customer_id is not None})
        self._persons = {
            row.pk: person_of[row.customer_id] for row in rows if row.customer_id in person_of
        }
        records = all_records({person.number for person in self._persons.values()})
        self._firm, self._now = firm, now
        self._ways = _Ways(rows, records)
        self._history = _History(rows, records, policy, now)
        self._not_due = _not_due(rows, now)
        self._holds = _holds(records)
        self._has_it = _has_it(rows, records)

    def person(self, row: Delivery) -> Person:
        """Who a delivery is for."""
        return self._persons[row.pk]

    def facts(self, row: Delivery) -> Facts:
        """What the gate looks at for a delivery."""
        person = self._persons[row.pk]
        number = person.number
        return Facts(
            purpose=Purpose(row.purpose),
            zone=ZoneInfo(person.time_zone or self._firm.time_zone),
            valid_until=row.valid_until,
            stopped=row.batch.stopped_at is not None,
            not_due=self._not_due.get((row.batch_id, row.customer_id)),
            erased=person.erased,
            has_it=(row.batch_id, number) in self._has_it,
            ways=self._ways.of(row, number),
            holds=tuple(self._holds.get(number, ())),
            went=self._history.went(row, number),
            ahead=self._history.ahead(row, number),
            credits=self._history.credits.get(number, 0),
            asked_until=self._history.asked_until.get(number),
        )

    def note(self, row: Delivery, decision: Decision, policy: Policy) -> None:
        """Let a decision count for what is decided after it."""
        number = self._persons[row.pk].number
        self._history.over(row, number)
        if isinstance(decision, Send):
            self._has_it.add((row.batch_id, number))
            self._ways.went(row, decision.way)
            self._history.goes(row, number, self._now)
            if row.purpose == Purpose.SURVEY:
                asked_until = self._now + timedelta(days=policy.ask_days)
                self._history.asked_until[number] = asked_until


class _Ways:
    """The addresses of people, with what is suppressed there and what they said."""

    def __init__(self, rows: Sequence[Delivery], records: Mapping[int, int]) -> None:
        self._best: dict[tuple[int, str], tuple[str, str]] = {}
        found = Address.objects.filter(customer__in=records).order_by("rank", "-pk")
        told = found.values_list("customer_id", "channel", "value", "key")
        # a person's own record comes before those merged into it
        for customer, channel, *address in sorted(told, key=lambda it: it[0] != records[it[0]]):
            self._best.setdefault((records[customer], channel), (address[0], address[1]))
        keys = {key for _, key in self._best.values()}
        self._withheld: dict[str, list[tuple[Scope, Withheld]]] = defaultdict(list)
        for key, scope, reason in Suppression.objects.filter(
            key__in=keys, lifted_at__isnull=True
        ).values_list("key", "scope", "reason"):
            self._withheld[key].append((Scope(scope), Withheld(reason)))
        self._said = _said(records, {row.purpose for row in rows})
        self._there = _there(rows, keys)

    def went(self, row: Delivery, way: Way) -> None:
        """A delivery goes that way."""
        self._there.add((row.batch_id, way.key))

    def of(self, row: Delivery, person: int) -> tuple[Way, ...]:
        """The ways that a delivery may take."""
        found = (
            (channel, *self._best[person, channel])
            for channel in row.batch.channels
            if (person, channel) in self._best
        )
        asks = asks_to_confirm(row.batch.sender, row.batch.dedupe_key)
        return tuple(
            Way(
                channel=Channel(channel),
                value=value,
                key=key,
                # else nobody who was erased, or once complained, could ever come back
                withheld=() if asks else tuple(self._withheld.get(key, ())),
                said=self._said.get((person, row.purpose, channel)),
                has_it=(row.batch_id, key) in self._there,
            )
            for channel, value, key in found
        )


def _said(
    records: Mapping[int, int], purposes: Collection[str]
) -> dict[tuple[int, str, str], Consent]:
    """What people last said, by person, purpose and channel."""
    told = ConsentEvent.objects.filter(customer__in=records, purpose__in=purposes)
    return {
        (records[customer], purpose, channel): Consent(state)
        for customer, purpose, channel, state in told.order_by("at", "pk").values_list(
            "customer_id", "purpose", "channel", "state"
        )
    }


def _there(rows: Sequence[Delivery], keys: Collection[str]) -> set[tuple[int, str]]:
    """Which batches went to which addresses already."""
    told = Delivery.objects.filter(batch__in={row.batch_id for row in rows}, key__in=keys)
    # the state is looked at here: PostgreSQL takes few to be in one until it has counted again,
    # and would read all that are
    found = told.values_list("batch_id", "key", "state")
    return {(batch, key) for batch, key, state in found if state in GONE}


def _has_it(rows: Sequence[Delivery], records: Mapping[int, int]) -> set[tuple[int, int]]:
    """Which batches went to which people already, by another of their records."""
    # only whoever was merged has others
    merged = {record for record, person in records.items() if record != person}
    together = merged | {records[record] for record in merged}
    if not together:
        return set()
    gone = Delivery.objects.filter(
        batch__in={row.batch_id for row in rows}, customer__in=together, state__in=GONE
    )
    told = gone.values_list("batch_id", "customer_id")
    return {(batch, records[customer]) for batch, customer in told}


def _holds(records: Mapping[int, int]) -> Mapping[int, list[Held]]:
    held: dict[int, list[Held]] = defaultdict(list)
    found = Hold.objects.filter(customer__in=records, released_at__isnull=True).order_by("pk")
    for hold in found:
        held[records[hold.customer_id]].append(Held(Kind(hold.kind), hold.reason, hold.until))
    return held


def _not_due(rows: Sequence[Delivery], now: datetime) -> dict[tuple[int, int | None], str]:
    """What senders say is due no longer, and why."""
    found: dict[tuple[int, int | None], str] = {}
    customers: dict[int, list[int]] = defaultdict(list)
    batches = {row.batch_id: row.batch for row in rows}
    for row in rows:
        if row.customer_id is not None:
            customers[row.batch_id].append(row.customer_id)
    for number, batch in batches.items():
        if (still_due := find_still_due(batch.sender)) is not None:
            told = still_due(batch.dedupe_key, customers[number], now)
            found |= {(number, customer): why for customer, why in told.items()}
    return found


class _History:
    """What people got of late, what is about to come, and what was done for them."""

    def __init__(
        self, rows: Sequence[Delivery], records: Mapping[int, int], policy: Policy, now: datetime
    ) -> None:
        self.credits: dict[int, int] = {}
        self.asked_until: dict[int, datetime] = {}
        self._went: dict[tuple[int, Kind], list[datetime]] = defaultdict(list)
        self._open: dict[tuple[int, Kind], set[tuple[int, int]]] = defaultdict(set)
        if not weighed(rows):
            return
        self._records = records
        self._read_asked()
        self._read_credits(now - timedelta(days=policy.balance_days))
        self._read_deliveries(now - _window(policy), now)

    def _read_asked(self) -> None:
        asked = Turn.objects.filter(customer__in=self._records, asked_until__isnull=False)
        # the latest of a person's records is read last
        told = asked.order_by("asked_until").values_list("customer_id", "asked_until")
        self.asked_until = {
            self._records[customer]: until for customer, until in told if until is not None
        }

    def _read_credits(self, since: datetime) -> None:
        found = Credit.objects.filter(customer__in=self._records, at__gt=since)
        for customer in found.values_list("customer_id", flat=True):
            person = self._records[customer]
            self.credits[person] = self.credits.get(person, 0) + 1

    def _read_deliveries(self, since: datetime, now: datetime) -> None:
        kinds = [purpose.value for purpose in Purpose if purpose.kind in _WEIGHED]
        of_them = Delivery.objects.filter(customer__in=self._records, purpose__in=kinds)
        # what is about to come is told by what no index holds: of a state PostgreSQL expects few,
        # and reads them all, until it has counted again
        found = of_them.filter(Q(gone_at__gt=since) | Q(ended_at__isnull=True)).values_list(
            "customer_id", "purpose", "gone_at", "state", "due_at", "batch_id", "priority", "pk"
        )
        waiting = []
        for customer, purpose, gone_at, state, due_at, batch, priority, number in found:
            about = self._records[customer], Purpose(purpose).kind
            if gone_at is not None and gone_at > since:
                self._went[about].append(gone_at)
            if state in _UNDECIDED and due_at <= now:
                waiting.append((about, batch, (-priority, number)))
        closed = _closed({batch for _, batch, _ in waiting})
        for about, batch, rank in waiting:
            if batch not in closed:
                self._open[about].add(rank)

    def over(self, row: Delivery, person: int) -> None:
        """A delivery is decided: it is no longer about to come."""
        self._open[person, Purpose(row.purpose).kind].discard(_rank(row))

    def goes(self, row: Delivery, person: int, now: datetime) -> None:
        """A delivery goes now."""
        self._went[person, Purpose(row.purpose).kind].append(now)

    def went(self, row: Delivery, person: int) -> tuple[datetime, ...]:
        """When messages of a delivery's class went to its recipient."""
        return tuple(self._went.get((person, Purpose(row.purpose).kind), ()))

    def ahead(self, row: Delivery, person: int) -> int:
        """How many due messages of the class are more important than a delivery."""
        waiting = self._open.get((person, Purpose(row.purpose).kind), ())
        return sum(other < _rank(row) for other in waiting)


def _closed(batches: Collection[int]) -> set[int]:
    """Those batches of which nothing goes, for a while or for good."""
    closed = Q(paused_at__isnull=False) | Q(stopped_at__isnull=False)
    return set(Batch.objects.filter(closed, pk__in=batches).values_list("pk", flat=True))


def _rank(row: Delivery) -> tuple[int, int]:
    """The more important, the smaller."""
    return -row.priority, row.pk


def _window(policy: Policy) -> timedelta:
    """How far back a policy looks."""
    balance = timedelta(days=policy.balance_days)
    return max([balance, *(cap.window for cap in policy.caps)])
