"""Staff: taken on, given rights, let in no more."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator

from regulars.apps.accounts.models import Session
from regulars.apps.accounts.operations import (
    Door,
    Newcomer,
    add_staff,
    change_access,
    deactivate_staff,
    forget_factors,
    invite_staff,
    reactivate_staff,
    rename_staff,
    require_second_step,
    send_link,
)
from regulars.apps.accounts.queries import (
    count_owners,
    find_colleague,
    find_staff,
    list_roles_of_second_step,
    list_staff,
)
from regulars.apps.accounts.rules import Access, Permission, Role
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND, Actor, ActorKind
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOOR = Door("https://shop.example/sign-in/link/")

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> int:
    return add_staff("owner@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)


@pytest.fixture
def agent() -> int:
    return add_staff("agent@shop.example", "Jonas", Role.AGENT, actor=COMMAND, now=NOW)


def oneself(staff_id: int) -> Actor:
    return Actor(ActorKind.STAFF, str(staff_id))


def verbs() -> list[str]:
    return [entry.verb for entry in list_entries()]


def test_an_invitation_takes_somebody_on_as_he_was_described(owner: int) -> None:
    access = Access(Role.ANALYST, frozenset({"north", "south"}), sees_contacts=True)
    newcomer = Newcomer(email=" Rasa@Shop.Example ", name="Rasa  K", access=access, language="lt")
    row = find_staff(invite_staff(newcomer, DOOR, actor=oneself(owner), now=NOW))
    assert row is not None
    assert (row.email, row.name, row.language) == ("rasa@shop.example", "Rasa K", "lt")
    assert row.access == access
    assert row.may(Permission.READ_CONTACTS)
    assert verbs()[:2] == ["made sign-in link", "added staff"]


@pytest.mark.usefixtures("owner")
def test_an_address_is_invited_once() -> None:
    with pytest.raises(InputError, match=r"owner@shop\.example works here already"):
        invite_staff(
            Newcomer(email="OWNER@shop.example", name="Two"), DOOR, actor=COMMAND, now=NOW
        )
    assert len(list_staff()) == 1


@pytest.mark.parametrize(("email", "name"), [("ona", "Ona"), ("", "Ona"), ("o@shop.lt", "  ")])
def test_somebody_without_an_address_or_a_name_is_refused(email: str, name: str) -> None:
    with pytest.raises(InputError):
        add_staff(email, name, Role.AGENT, actor=COMMAND, now=NOW)
    assert list_staff() == []


def test_the_last_owner_can_be_neither_lowered_nor_shut_out(owner: int) -> None:
    with pytest.raises(InputError, match="last owner"):
        change_access(owner, Access(Role.AGENT), actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="last owner"):
        deactivate_staff(owner, actor=COMMAND, now=NOW)
    assert count_owners() == 1


def test_an_owner_who_was_shut_out_does_not_count(owner: int) -> None:
    second = add_staff("two@shop.example", "Two", Role.OWNER, actor=COMMAND, now=NOW)
    deactivate_staff(second, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="last owner"):
        deactivate_staff(owner, actor=COMMAND, now=NOW)


@pytest.mark.parametrize("wanted", [Access(Role.OWNER), Access(Role.AGENT, sees_contacts=True)])
def test_nobody_raises_himself(agent: int, wanted: Access) -> None:
    before = find_staff(agent)
    with pytest.raises(InputError, match="Nobody changes what he himself may do"):
        change_access(agent, wanted, actor=oneself(agent), now=NOW)
    assert find_staff(agent) == before


def test_nobody_shuts_himself_out(owner: int, agent: int) -> None:
    change_access(agent, Access(Role.OWNER), actor=oneself(owner), now=NOW)
    with pytest.raises(InputError, match="Nobody changes"):
        deactivate_staff(owner, actor=oneself(owner), now=NOW)


def test_access_is_changed_as_a_whole_and_told_with_what_it_was(agent: int) -> None:
    change_access(agent, Access(Role.MANAGER, frozenset({"a", "b"})), actor=COMMAND, now=NOW)
    change_access(agent, Access(Role.MANAGER, frozenset({"b", "c"})), actor=COMMAND, now=NOW)
    row = find_staff(agent)
    assert row is not None
    assert row.stores == frozenset({"b", "c"})
    last = list_entries(subject=f"staff:{agent}")[0]
    assert last.data == {
        "from": {"role": "manager", "stores": ["a", "b"], "sees_contacts": False},
        "to": {"role": "manager", "stores": ["b", "c"], "sees_contacts": False},
    }


@pytest.mark.usefixtures("owner")
def test_a_change_that_changes_nothing_is_not_told(agent: int) -> None:
    told = verbs()
    change_access(agent, Access(Role.AGENT), actor=COMMAND, now=NOW)
    rename_staff(agent, "Jonas", actor=COMMAND, now=NOW)
    reactivate_staff(agent, actor=COMMAND, now=NOW)
    require_second_step([], actor=COMMAND, now=NOW)
    assert verbs() == told


def test_who_was_shut_out_cannot_sign_in_until_he_is_let_in_again(owner: int, agent: int) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=NOW, staff_id=agent)
    deactivate_staff(agent, actor=oneself(owner), now=NOW)
    assert find_staff(agent) is None
    assert not Session.objects.filter(staff_id=agent).exists()
    with pytest.raises(InputError, match="may not sign in"):
        send_link(agent, DOOR, actor=oneself(owner), now=NOW)
    reactivate_staff(agent, actor=oneself(owner), now=NOW)
    assert find_staff(agent) == find_colleague(agent)
    assert verbs()[:2] == ["reactivated staff", "deactivated staff"]


def test_a_lost_telephone_is_forgotten_and_its_sessions_with_it(owner: int, agent: int) -> None:
    Authenticator.objects.create(user_id=agent, type="totp", data={})
    Session.objects.create(session_key="k", session_data="", expire_date=NOW, staff_id=agent)
    assert forget_factors(agent, actor=oneself(owner), now=NOW) == 1
    assert forget_factors(agent, actor=oneself(owner), now=NOW) == 0
    assert not Session.objects.exists()
    assert verbs()[0] == "removed factors"


def test_a_role_may_owe_a_second_step(owner: int, agent: int) -> None:
    require_second_step([Role.AGENT, Role.OWNER], actor=COMMAND, now=NOW)
    require_second_step([Role.AGENT], actor=COMMAND, now=NOW)
    assert list_roles_of_second_step() == {Role.AGENT}
    owing = {row.id: row.owes_second_step for row in list_staff()}
    assert owing == {owner: False, agent: True}
    Authenticator.objects.create(user_id=agent, type="recovery_codes", data={})
    assert [row.owes_second_step for row in list_staff() if row.id == agent] == [True]
    Authenticator.objects.create(user_id=agent, type="webauthn", data={})
    assert [row.owes_second_step for row in list_staff() if row.id == agent] == [False]


@pytest.mark.usefixtures("owner")
def test_the_list_of_the_staff_takes_as_many_queries_for_ten_as_for_two(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for number in range(9):
        add_staff(f"{number}@shop.example", "N", Role.AGENT, actor=COMMAND, now=NOW)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(list_staff()) == 10


def test_somebody_who_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(InputError, match="Nobody here has the number 99"):
        rename_staff(99, "N", actor=COMMAND, now=NOW)
