"""The gate: whether a message may go to somebody now. Every no is a reason that is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.apps.contact.rules.policy import Cap, Policy
from regulars.apps.contact.rules.purposes import (
    Channel,
    Consent,
    Kind,
    Purpose,
    Scope,
    Withheld,
    may_go,
)
from regulars.apps.contact.rules.quiet import quiet_until
from regulars.apps.contact.rules.states import Reason

AHEAD = timedelta(minutes=1)
"""How long something waits for what is more important and not decided yet."""


@dataclass(frozen=True, slots=True)
class Way:
    """One address that a message could go to.

    Attributes:
        channel: The way.
        value: The address.
        key: Its hash.
        withheld: What is suppressed there, and why.
        said: What the person last said of the purpose, for that way.
        has_it: Whether this message went there already, to somebody who shares the address.
    """

    channel: Channel
    value: str
    key: str
    withheld: tuple[tuple[Scope, Withheld], ...] = ()
    said: Consent | None = None
    has_it: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A hold that is in force."""

    kind: Kind
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the gate looks at.

    Attributes:
        purpose: Of the message.
        zone: The recipient's; the firm's where his is not known.
        valid_until: Afterwards the message is of no use.
        stopped: Whether its batch was stopped.
        not_due: Why the sender says that it is due no longer.
        erased: Whether the person was erased.
        has_it: Whether another record of the person got this message.
        ways: His addresses, the best first, one for each way that the batch may take.
        holds: What holds something back from him.
        went: When messages of this class went to him, in any order.
        ahead: How many more important ones of this class are due for him right now.
        credits: How many things of worth were done for him within the policy's days.
        asked_until: Until when no survey asks him.
    """

    purpose: Purpose
    zone: ZoneInfo
    valid_until: datetime | None = None
    stopped: bool = False
    not_due: str | None = None
    erased: bool = False
    has_it: bool = False
    ways: tuple[Way, ...] = ()
    holds: tuple[Held, ...] = ()
    went: Sequence[datetime] = field(default_factory=tuple)
    ahead: int = 0
    credits: int = 0
    asked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """It may go, that way."""

    way: Way


@dataclass(frozen=True, slots=True)
class Defer:
    """Not now."""

    until: datetime
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """Not at all."""

    reason: Reason
    detail: str = ""


type Decision = Send | Defer | Skip


def decide(facts: Facts, policy: Policy, now: datetime) -> Decision:
    """Whether a message may go now.

    What would have to wait until it is of no use any more is skipped for the reason of waiting.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> someone = Way(Channel.EMAIL, "a@example.com", "")
    >>> told = Facts(purpose=Purpose.OFFERS, zone=ZoneInfo("UTC"), ways=(someone,))
    >>> decide(told, Policy(), noon)
    Skip(reason=<Reason.NO_CONSENT: 'no_consent'>, detail='')
    """
    if refused := _never(facts, now):
        return refused
    way = _open_way(facts, policy)
    if isinstance(way, Skip):
        return way
    waits = next(_waits(facts, policy, now), None)
    last = facts.valid_until
    if isinstance(waits, Defer) and last is not None and waits.until >= last:
        return Skip(waits.reason, waits.detail)
    return waits or Send(way)


def _never(facts: Facts, now: datetime) -> Skip | None:
    """Why it may never go, whatever else holds."""
    if facts.not_due is not None:
        return Skip(Reason.NOT_DUE, facts.not_due)
    reasons = (
        (facts.valid_until is not None and facts.valid_until <= now, Reason.LATE),
        (facts.stopped, Reason.CANCELLED),
        (facts.erased, Reason.ERASED),
        (facts.has_it, Reason.HAS_IT),
    )
    return next((Skip(reason) for holds, reason in reasons if holds), None)


def _open_way(facts: Facts, policy: Policy) -> Way | Skip:
    """The first way that is open, or why the first of all is not."""
    first: Skip | None = None
    for way in facts.ways:
        closed = _closed(way, facts.purpose, policy)
        if closed is None:
            return way
        first = first or closed
    return first or Skip(Reason.NO_ADDRESS)


def _closed(way: Way, purpose: Purpose, policy: Policy) -> Skip | None:
    for scope, why in way.withheld:
        if scope.covers(purpose.kind):
            return Skip(Reason.SUPPRESSED, why.value)
    if not may_go(purpose, way.said, policy.asked_for):
        return Skip(Reason.NO_CONSENT, way.said.value if way.said else "")
    if way.has_it and not purpose.kind.at_least_once:
        return Skip(Reason.HAS_IT, "address")
    return None


def _waits(facts: Facts, policy: Policy, now: datetime) -> Iterator[Defer | Skip]:
    """Why it has to wait, in the order in which the reasons are looked at."""
    kind = facts.purpose.kind
    yield from _held(facts, now)
    if kind is Kind.SURVEY and facts.asked_until is not None and facts.asked_until > now:
        yield Defer(facts.asked_until, Reason.ASKED)
    for cap in policy.caps:
        if cap.kind is kind and (until := _capped(facts, cap, now)):
            yield Defer(until, Reason.FREQUENCY, _told(cap))
    if kind is Kind.PROMOTION and (outweighed := _outweighed(facts, policy, now)):
        yield outweighed
    quiet = quiet_until(now, facts.zone, policy.quiet_from, policy.quiet_until)
    if kind is not Kind.SERVICE and quiet is not None:
        yield Defer(quiet, Reason.QUIET)


def _held(facts: Facts, now: datetime) -> Iterator[Defer | Skip]:
    for hold in facts.holds:
        if hold.kind is not facts.purpose.kind:
            continue
        if hold.until is None:
            yield Skip(Reason.HOLD, hold.reason)
        elif hold.until > now:
            yield Defer(hold.until, Reason.HOLD, hold.reason)


def _capped(facts: Facts, cap: Cap, now: datetime) -> datetime | None:
    """Until when there were enough already."""
    recent = sorted(at for at in facts.went if at > now - cap.window)
    if len(recent) >= cap.most:
        return recent[-cap.most] + cap.window if cap.most else now + cap.window
    return now + AHEAD if len(recent) + facts.ahead >= cap.most else None


def _told(cap: Cap) -> str:
    return f"{cap.most} in {int(cap.window.total_seconds() // 3600)} h"


def _outweighed(facts: Facts, policy: Policy, now: datetime) -> Defer | Skip | None:
    """Whether promotions outweigh what was done for the person."""
    window = timedelta(days=policy.balance_days)
    recent = sorted(at for at in facts.went if at > now - window)
    most = policy.balance_free + policy.balance_factor * facts.credits
    if len(recent) < most:
        return None
    detail = f"{len(recent)} of {most}"
    if not most:
        return Skip(Reason.BALANCE, detail)
    return Defer(recent[-most] + window, Reason.BALANCE, detail)
