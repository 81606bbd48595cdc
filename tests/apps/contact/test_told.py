"""Every state, reason and event of a delivery has its sentence."""

from datetime import UTC, datetime
from itertools import product

import pytest

from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.contact.rules.told import TELLING, told, told_event

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
EXPLAINED = (State.PLANNED, State.SKIPPED, State.FAILED, State.UNCERTAIN)
"""States in which a reason stands."""


@pytest.mark.parametrize(("state", "reason"), list(product(State, (None, *Reason))))
def test_every_state_with_every_reason_has_a_sentence(state: State, reason: Reason | None) -> None:
    for due_at in (None, MORNING):
        said = str(told(state, reason, due_at=due_at))
        assert said.endswith(".")
        assert "{" not in said


@pytest.mark.parametrize("state", EXPLAINED)
def test_each_reason_says_something_of_its_own(state: State) -> None:
    said = {str(told(state, reason)) for reason in (None, *Reason)}
    assert len(said) == len(Reason) + 1


def test_states_are_told_apart_without_a_reason() -> None:
    assert len({str(told(state)) for state in State}) == len(State)


def test_what_waits_says_until_when() -> None:
    assert "2026-11-23T08:00" in str(told(State.PLANNED, Reason.QUIET, due_at=MORNING))
    assert "2026-11-23T08:00" in str(told(State.PLANNED, due_at=MORNING))


def test_what_is_over_does_not_promise_to_be_tried_again() -> None:
    for state in (State.SKIPPED, State.FAILED, State.UNCERTAIN):
        assert not [it for it in Reason if "again" in str(told(state, it))]


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_a_sentence_and_a_place_among_the_telling_ones(kind: EventKind) -> None:
    assert str(told_event(kind)).endswith(".")
    assert str(told(State.SENT, became=kind)).endswith(".")
    assert kind in TELLING
