"""Writes: of what a worker has claimed, what goes now; committed before anything leaves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from regulars.apps.contact.events import DeliveriesEnded
from regulars.apps.contact.models import Delivery, Turn
from regulars.apps.contact.operations.emptying import empty_secrets
from regulars.apps.contact.queries.facts import Knowledge, weighed
from regulars.apps.contact.rules.arriving import LEASE
from regulars.apps.contact.rules.gate import Decision, Defer, Send, Skip, Way, decide
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.firm.rules import Company
from regulars.apps.journal.operations import announce
from regulars.apps.journal.tables import Column, Value, add, instant, replace, take_turns
from regulars.apps.people.queries import Person, canonical_ids

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that is on its way, as this transaction has committed it.

    Attributes:
        row: The delivery, with its batch.
        person: For whom; None for somebody of the staff.
        way: Where it goes.
    """

    row: Delivery
    person: Person | None
    way: Way


@dataclass(frozen=True, slots=True)
class Gated:
    """What was decided at once.

    Attributes:
        ready: What goes, the most important first.
        decided: Of how many it was decided.
    """

    ready: Sequence[Ready]
    decided: int


def pass_gate(lease: str, policy: Policy, firm: Company, *, now: datetime, most: int) -> Gated:
    """Decide of claimed deliveries whether they go: those that do are ``sending`` afterwards.

    Args:
        lease: The word under which they were claimed.
        policy: How the firm writes.
        firm: Where it is.
        now: The time.
        most: At most so many are decided.
    """
    with transaction.atomic():
        rows = _claimed(lease, most)
        _take_turns(rows)
        to_customers = [row for row in rows if row.customer_id is not None]
        known = Knowledge(to_customers, policy, firm, now)
        throttle = _Throttle(policy, now)
        decided = [(row, _decide(row, known, throttle, policy, now)) for row in rows]
        _write([_outcome(row, decision, now) for row, decision in decided])
        _keep_asked(known, decided, policy, now)
        skipped = [row for row, decision in decided if isinstance(decision, Skip)]
        empty_secrets([row.pk for row in skipped if row.batch.secret])
        if skipped:
            announce(DeliveriesEnded(tuple(sorted(row.pk for row in skipped))), now)
    ready = [
        Ready(row, known.person(row) if row.customer_id is not None else None, decision.way)
        for row, decision in decided
        if isinstance(decision, Send)
    ]
    return Gated(ready, len(rows))


def _claimed(lease: str, most: int) -> Sequence[Delivery]:
    """This worker's deliveries, locked: another one may have taken some of them over."""
    mine = Delivery.objects.filter(lease=lease, state=State.CLAIMED, leased_until__isnull=False)
    ids = list(mine.order_by("-priority", "id").values_list("pk", flat=True)[:most])
    rows = mine.filter(pk__in=ids).select_for_update().order_by("pk")
    # of each batch there is one object, however many of its deliveries there are
    found = rows.prefetch_related("batch")
    return sorted(found, key=lambda row: (-row.priority, row.pk))


def _take_turns(rows: Sequence[Delivery]) -> None:
    """Let nobody else decide of the same people meanwhile, where they may have had enough."""
    people = sorted(set(canonical_ids(weighed(rows)).values()))
    if not people:
        return
    if connection.features.has_select_for_update:
        add(Turn, "customer_id", {"customer_id": people})
        list(Turn.objects.select_for_update().filter(customer__in=people).order_by("customer"))


def _decide(
    row: Delivery, known: Knowledge, throttle: "_Throttle", policy: Policy, now: datetime
) -> Decision:
    if row.customer_id is None:
        return _decide_of_staff(row, now)
    decision = decide(known.facts(row), policy, now)
    if isinstance(decision, Send) and not throttle.takes(decision.way):
        return Defer(now + _MINUTE, Reason.THROTTLE)
    known.note(row, decision, policy)
    return decision


def _decide_of_staff(row: Delivery, now: datetime) -> Decision:
    """Whoever works here is written to where the row says, whatever he says of promotions."""
    if row.batch.stopped_at is not None:
        return Skip(Reason.CANCELLED)
    if row.valid_until is not None and row.valid_until <= now:
        return Skip(Reason.LATE)
    return Send(Way(Channel.EMAIL, row.destination, row.key))


class _Throttle:
    """How many mails each slow domain takes within the minute."""

    def __init__(self, policy: Policy, now: datetime) -> None:
        self._most = policy.throttles
        self._since = now - _MINUTE
        self._went: Counter[str] = Counter()

    def takes(self, way: Way) -> bool:
        """Whether one more may go there; it is counted."""
        domain = way.value.rpartition("@")[2]
        if way.channel is not Channel.EMAIL or domain not in self._most:
            return True
        if domain not in self._went:
            # nobody else counts the same minute meanwhile
            take_turns(f"throttle {domain}")
            gone = Delivery.objects.filter(
                gone_at__gt=self._since, destination__endswith=f"@{domain}"
            )
            self._went[domain] = gone.count()
        self._went[domain] += 1
        return self._went[domain] <= self._most[domain]


def _outcome(row: Delivery, decision: Decision, now: datetime) -> dict[str, Value]:
    # where somebody of the staff is written to is known from the beginning
    known = row.customer_id is None
    same: dict[str, Value] = {
        "id": row.pk,
        "due_at": instant(row.due_at),
        "attempts": row.attempts,
        "channel": "",
        "destination": row.destination if known else "",
        "key": row.key if known else "",
        "gone_at": None,
        "ended_at": None,
        "leased_until": None,
    }
    match decision:
        case Send(way):
            return same | {
                "state": State.SENDING.value,
                "reason": "",
                "detail": "",
                "channel": way.channel.value,
                "destination": way.value,
                "key": way.key,
                "attempts": row.attempts + 1,
                "gone_at": instant(now),
                "leased_until": instant(now + LEASE),
            }
        case Defer(until, reason, detail):
            kept = {"state": State.PLANNED.value, "reason": reason.value, "detail": detail}
            return same | kept | {"due_at": instant(until)}
        case Skip(reason, detail):
            kept = {"state": State.SKIPPED.value, "reason": reason.value, "detail": detail}
            return same | kept | {"ended_at": instant(now)}


def _write(outcomes: Iterable[dict[str, Value]]) -> None:
    rows = list(outcomes)
    if rows:
        replace(Delivery, "id", {name: [row[name] for row in rows] for name in rows[0]})


def _keep_asked(
    known: Knowledge, decided: Sequence[tuple[Delivery, Decision]], policy: Policy, now: datetime
) -> None:
    """Keep until when those are not asked again whom a survey asks now."""
    asked = sorted(
        known.person(row).number
        for row, decision in decided
        if isinstance(decision, Send) and row.purpose == Purpose.SURVEY
    )
    if asked:
        until = instant(now + timedelta(days=policy.ask_days))
        columns: dict[str, Column] = {"customer_id": asked, "asked_until": [until] * len(asked)}
        add(Turn, "customer_id", {"customer_id": asked})
        replace(Turn, "customer_id", columns)
