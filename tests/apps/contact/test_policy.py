"""How the firm writes to people: as the rules say until it says otherwise."""

from datetime import UTC, datetime, time, timedelta

import pytest

from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.policy import Cap, Policy
from regulars.apps.contact.rules.purposes import Kind, Purpose
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOLD = Policy(
    sender_name="Šaltibarščiai & Co.",
    reply_to="shop@example.com",
    country="LT",
    quiet_from=time(20, 30),
    asked_for=frozenset({Purpose.SURVEY, Purpose.OFFERS}),
    double_opt_in=False,
    caps=(Cap(Kind.SURVEY, 1, timedelta(days=30)),),
    throttles={"gmail.com": 100},
)

pytestmark = pytest.mark.django_db


def test_a_firm_that_said_nothing_writes_as_the_rules_say() -> None:
    assert get_policy() == Policy()


def test_what_the_firm_says_holds() -> None:
    assert put_policy(TOLD, actor=COMMAND, now=NOW)

    assert get_policy() == TOLD


def test_saying_the_same_again_changes_nothing_and_is_not_written_down() -> None:
    put_policy(TOLD, actor=COMMAND, now=NOW)

    assert not put_policy(TOLD, actor=COMMAND, now=NOW)

    assert len(list_entries(subject="policy")) == 1


def test_the_trail_says_what_was_changed_from_what_to_what() -> None:
    put_policy(Policy(ask_days=30, quiet_from=time(22)), actor=COMMAND, now=NOW)

    [entry] = list_entries(subject="policy")
    assert entry.data == {"ask_days": [90, 30], "quiet_from": ["21:00", "22:00"]}
