"""Links that let in once, and sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.signing import Signer

from letters import the_letter
from regulars.apps.accounts.models import Session, SignInLink
from regulars.apps.accounts.operations import (
    Door,
    Newcomer,
    add_staff,
    end_other_sessions,
    end_session,
    forget_links,
    forget_sessions,
    invite_staff,
    make_link,
    use_link,
)
from regulars.apps.accounts.queries import find_link, list_sessions
from regulars.apps.accounts.rules import LINK_LIVES, Role
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ona() -> int:
    return add_staff("ona@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)


def test_a_link_lets_in_once(ona: int) -> None:
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    found = find_link(secret, SOON)
    assert found is not None
    assert found.name == "Ona"
    assert use_link(secret, SOON) == ona
    assert use_link(secret, SOON) is None
    assert find_link(secret, SOON) is None


def test_a_link_ends_by_itself_and_by_a_newer_one(ona: int) -> None:
    first = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    assert find_link(first, NOW + LINK_LIVES) is None
    second = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    assert use_link(first, NOW) is None
    assert use_link(second, NOW) == ona


def test_a_link_that_this_house_did_not_sign_is_none(ona: int) -> None:
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    forged = Signer(key="another", salt="sign-in link", sep=".").sign("x")
    for told in (forged, secret[:-1], "", "é"):
        assert use_link(told, NOW) is None


def test_of_a_link_only_a_hash_is_kept(ona: int) -> None:
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    kept = [str(value) for value in SignInLink.objects.values_list().get()]
    assert not [value for value in kept if secret in value or secret.split(".")[0] in value]
    assert secret not in str(list_entries())
    assert forget_links(NOW + LINK_LIVES + timedelta(seconds=1)) == 1


def test_an_invitation_is_written_in_the_language_of_who_is_invited() -> None:
    newcomer = Newcomer(email="a@shop.example", name="A", language="ru")
    invite_staff(newcomer, Door("https://shop.example/in/"), actor=COMMAND, now=NOW)
    text = the_letter().text
    assert "https://shop.example/in/" in text
    secret = text.partition("https://shop.example/in/")[2].split()[0]
    assert use_link(secret, NOW + timedelta(days=2)) is not None


def test_sessions_are_listed_without_their_keys_and_ended_one_by_one(ona: int) -> None:
    for number in range(3):
        Session.objects.create(
            session_key=f"key{number}",
            session_data="",
            expire_date=NOW + timedelta(hours=number),
            staff_id=ona,
            seen_at=NOW,
        )
    here, other = sorted(list_sessions(ona, "key1", NOW), key=lambda row: not row.this)
    assert (here.this, other.this) == (True, False)
    assert "key" not in here.id + other.id
    stranger = add_staff("s@shop.example", "S", Role.AGENT, actor=COMMAND, now=NOW)
    assert not end_session(stranger, other.id, NOW)
    assert end_session(ona, other.id, NOW)
    assert end_other_sessions(ona, "key1", NOW) == 1
    assert [row.session_key for row in Session.objects.all()] == ["key1"]
    assert forget_sessions(NOW + timedelta(hours=2)) == 1
