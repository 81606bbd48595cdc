"""What becomes of a delivery by how it fared at the provider."""

from dataclasses import dataclass
from datetime import datetime

from regulars.apps.contact.rules.arriving import ATTEMPTS, DOWN, wait_after
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Refused,
    Unsure,
)


@dataclass(frozen=True, slots=True)
class Unwritable:
    """A message could not be composed for its recipient."""

    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A message was not handed over after all: it goes another time."""


type Fate = Outcome | Unwritable | Kept


@dataclass(frozen=True, slots=True)
class After:
    """How far a delivery is once it was tried.

    Attributes:
        state: How far.
        reason: Why it waits or failed; None where it went.
        detail: What the provider said.
        due_at: When it is tried again; None where it is not.
        provider_id: What the provider calls it.
    """

    state: State
    reason: Reason | None = None
    detail: str = ""
    due_at: datetime | None = None
    provider_id: str = ""


def is_try(fate: Fate) -> bool:
    """Whether it counts as an attempt: what was not handed over does not.

    >>> is_try(Later("greylisted")), is_try(Down("nobody there"))
    (True, False)
    """
    return not isinstance(fate, Down | Kept)


def fared(fate: Fate, *, attempts: int, again: bool, now: datetime) -> After:
    """What becomes of a delivery.

    Args:
        fate: How it fared.
        attempts: How often it was tried, this time included where it was.
        again: Whether it is sent again, rather than never twice, where nobody knows.
        now: The time.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> fared(Unsure("cut off"), attempts=1, again=False, now=noon).state
    <State.UNCERTAIN: 'uncertain'>
    >>> fared(Later("greylisted", 300), attempts=1, again=False, now=noon).due_at.minute
    5
    """
    match fate:
        case Accepted(provider_id):
            return After(State.SENT, provider_id=provider_id)
        case Refused(reason):
            return After(State.FAILED, Reason.REFUSED, reason)
        case Unwritable(reason):
            return After(State.FAILED, Reason.NO_TEXT, reason)
        case Later() | Unsure():
            return _tried(fate, attempts, now, again=again)
        case Down() | Kept():
            return _untried(fate, now)


def _tried(fate: Later | Unsure, attempts: int, now: datetime, *, again: bool) -> After:
    if isinstance(fate, Unsure) and not again:
        return After(State.UNCERTAIN, Reason.CUT_OFF, fate.reason)
    if attempts >= ATTEMPTS:
        return After(State.FAILED, Reason.RETRY, fate.reason)
    seconds = fate.seconds if isinstance(fate, Later) else 0
    due = now + wait_after(attempts, seconds)
    return After(State.PLANNED, Reason.RETRY, fate.reason, due)


def _untried(fate: Down | Kept, now: datetime) -> After:
    if isinstance(fate, Kept):
        return After(State.PLANNED, due_at=now)
    return After(State.PLANNED, Reason.PROVIDER_DOWN, fate.reason, now + DOWN)
