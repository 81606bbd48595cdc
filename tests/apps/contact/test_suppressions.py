"""An address is written to no more, known by its hash alone, until somebody lifts it."""

import pytest

from outbox import NOW
from regulars.apps.contact.models import Suppression
from regulars.apps.contact.operations.suppressions import lift_suppression, suppress_address
from regulars.apps.contact.queries.suppressions import (
    OnlySuppressions,
    SuppressionRow,
    count_suppressions,
    find_suppression,
    key_of,
    list_suppressions,
)
from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

pytestmark = pytest.mark.django_db


def suppress(value: str = "ona@shop.example", scope: Scope = Scope.ALL, note: str = "") -> bool:
    return suppress_address(Channel.EMAIL, value, scope, note, actor=COMMAND, now=NOW)


def only(value: str) -> list[SuppressionRow]:
    return list_suppressions(OnlySuppressions(key=key_of(Channel.EMAIL, value)))


def test_an_address_is_suppressed_once_for_each_scope() -> None:
    assert suppress(note="She asked by telephone.")
    assert not suppress(note="Again.")
    assert suppress(scope=Scope.PROMOTION)

    found = only("ona@shop.example")
    assert [it.scope for it in found] == [Scope.PROMOTION, Scope.ALL]
    assert found[1].note == "She asked by telephone."
    assert {it.reason for it in found} == {Withheld.MANUAL}


def test_it_is_found_however_the_address_is_typed() -> None:
    suppress("  Ona@Shop.Example ")

    assert len(only("ona@shop.example")) == 1
    assert only("jonas@shop.example") == []


def test_the_address_itself_stands_nowhere() -> None:
    suppress()

    [row] = Suppression.objects.values_list()
    told = [entry.data for entry in list_entries()]
    assert "shop.example" not in f"{row} {told}"


def test_a_suppression_is_lifted_once_with_its_reason_in_the_trail() -> None:
    suppress()
    [row] = only("ona@shop.example")

    assert lift_suppression(row.number, "She asked for it.", actor=COMMAND, now=NOW)
    assert not lift_suppression(row.number, "Again.", actor=COMMAND, now=NOW)

    lifted = find_suppression(row.number)
    assert lifted is not None
    assert (lifted.lifted_at, lifted.lifted_by) == (NOW, "command")
    [entry] = list_entries(verb="lifted a suppression")
    assert entry.data["because"] == "She asked for it."


def test_a_lifted_address_may_be_suppressed_again() -> None:
    suppress()
    lift_suppression(only("ona@shop.example")[0].number, "Asked.", actor=COMMAND, now=NOW)

    assert suppress()

    assert [it.lifted_at for it in only("ona@shop.example")] == [None, NOW]


def test_nobody_lifts_without_a_reason_or_what_is_not_there() -> None:
    suppress()
    [row] = only("ona@shop.example")

    with pytest.raises(InputError, match="Say why"):
        lift_suppression(row.number, "  ", actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="no suppression 999"):
        lift_suppression(999, "Asked.", actor=COMMAND, now=NOW)


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="at most 300 characters"):
        suppress(note="x" * 301)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InputError):
        suppress("nobody")


def test_suppressions_are_listed_by_the_page_and_narrowed() -> None:
    for it in range(3):
        suppress(f"c{it}@shop.example", Scope.SURVEYS if it == 1 else Scope.ALL)
    everything = list_suppressions(OnlySuppressions())
    lift_suppression(everything[0].number, "Asked.", actor=COMMAND, now=NOW)

    page = list_suppressions(OnlySuppressions(), limit=2)
    rest = list_suppressions(OnlySuppressions(), after=page[-1].number)

    assert [it.number for it in (*page, *rest)] == [it.number for it in everything]
    for wanted, count in (
        (OnlySuppressions(scope=Scope.SURVEYS), 1),
        (OnlySuppressions(channel=Channel.PHONE), 0),
        (OnlySuppressions(reason=Withheld.MANUAL), 3),
        (OnlySuppressions(in_force=True), 2),
        (OnlySuppressions(in_force=False), 1),
    ):
        assert len(list_suppressions(wanted)) == count_suppressions(wanted) == count
