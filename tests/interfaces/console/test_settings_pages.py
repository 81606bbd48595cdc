"""The settings, as an owner uses them."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from letters import the_letter
from regulars.apps.accounts.operations import add_staff, set_language
from regulars.apps.accounts.queries import (
    find_colleague,
    find_key,
    find_staff_by_email,
    list_keys,
    list_roles_of_second_step,
)
from regulars.apps.accounts.rules import Permission, Role
from regulars.apps.firm.queries import get_company, list_retention
from regulars.apps.journal.operations import record
from regulars.interfaces.console.verbs import VERBS
from regulars.kernel.actors import COMMAND
from regulars.kernel.wording import say
from regulars.reports.speech import speaker_of
from visitors import visitor

NOW = datetime.now(UTC)  # noqa: TID251 - the pages read the clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return visitor(Role.OWNER)


@pytest.fixture
def agent() -> int:
    return add_staff("jonas@shop.example", "Jonas", Role.AGENT, actor=COMMAND, now=NOW)


def shown(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def send(client: Client, path: str, **told: object) -> str:
    """The page that comes after a form."""
    answer = client.post(path, told, follow=True)
    assert answer.status_code in {200, 409}, path
    return str(answer.content.decode())


def test_somebody_is_invited_to_his_stores_and_written_to(owner: Client) -> None:
    page = send(
        owner,
        "/settings/staff/invite",
        email="Rasa@shop.example",
        name="Rasa",
        language="lt",
        role="analyst",
        stores="north\n south \n",
        sees_contacts="on",
    )
    assert "Rasa is invited" in page
    row = find_staff_by_email("rasa@shop.example")
    assert row is not None
    assert (row.role, row.stores) == (Role.ANALYST, frozenset({"north", "south"}))
    assert row.may(Permission.READ_CONTACTS)
    assert "/sign-in/link/" in the_letter().text


def test_an_address_that_is_known_is_refused_beside_its_field(owner: Client, agent: int) -> None:
    told = {"email": "jonas@shop.example", "name": "J", "language": "en", "role": "agent"}
    page = send(owner, "/settings/staff/invite", every_store="on", **told)
    assert "jonas@shop.example works here already" in page
    assert find_colleague(agent + 1) is None


def test_somebody_without_a_store_is_refused(owner: Client, agent: int) -> None:
    page = send(owner, f"/settings/staff/{agent}", role="agent", stores=" ")
    assert "Name a store, or tick every store." in page


def test_a_role_is_changed_and_the_last_owner_is_kept(owner: Client, agent: int) -> None:
    send(owner, f"/settings/staff/{agent}", role="owner", every_store="on")
    row = find_colleague(agent)
    assert row is not None
    assert row.role is Role.OWNER
    second = Client()
    second.cookies = visitor(Role.MANAGER).cookies
    assert second.post(f"/settings/staff/{agent}", {"role": "agent"}).status_code == 403


def test_an_owner_cannot_change_what_he_himself_may_do(owner: Client) -> None:
    me = find_staff_by_email("owner@shop.example")
    assert me is not None
    assert "Nobody changes what he himself may do" in shown(owner, f"/settings/staff/{me.id}")
    page = send(owner, f"/settings/staff/{me.id}", role="agent", every_store="on")
    assert "Nobody changes what he himself may do" in page
    assert "Nobody changes" in send(owner, f"/settings/staff/{me.id}/close")
    assert "Nobody changes" in send(owner, f"/settings/staff/{me.id}/lost")
    assert find_colleague(me.id) == me


def test_an_account_is_closed_after_a_question_and_opened_again(owner: Client, agent: int) -> None:
    assert "Let Jonas in no more?" in shown(owner, f"/settings/staff/{agent}/close")
    row = find_colleague(agent)
    assert row is not None
    assert row.active
    assert "Jonas cannot sign in any more" in send(owner, f"/settings/staff/{agent}/close")
    row = find_colleague(agent)
    assert row is not None
    assert not row.active
    assert "may not sign in" in send(owner, f"/settings/staff/{agent}/link")
    assert "Jonas may sign in again" in send(owner, f"/settings/staff/{agent}/open")


def test_a_link_is_sent_and_lost_factors_are_forgotten(owner: Client, agent: int) -> None:
    assert "The link is on its way" in send(owner, f"/settings/staff/{agent}/link")
    assert the_letter().address == "jonas@shop.example"
    assert "The second step is forgotten" in send(owner, f"/settings/staff/{agent}/lost")


def test_a_colleague_is_renamed(owner: Client, agent: int) -> None:
    send(owner, f"/settings/staff/{agent}/name", name=" Jonas  K ")
    row = find_colleague(agent)
    assert row is not None
    assert row.name == "Jonas K"


def test_the_rule_of_the_second_step_is_set(owner: Client) -> None:
    page = send(owner, "/settings/staff/second-step", roles=["manager", "auditor"])
    assert "Auditor, Manager" in re.sub(r"\s+", " ", page)
    assert list_roles_of_second_step() == {Role.MANAGER, Role.AUDITOR}


def test_a_key_is_made_shown_once_and_ended(owner: Client) -> None:
    page = send(
        owner,
        "/settings/keys/new",
        name="till",
        role="manager",
        scopes=["orders:write"],
        days="30",
    )
    found = re.search(r'id="secret">(rg_\S+)</code>', page)
    assert found
    key = find_key(found.group(1), NOW)
    assert key is not None
    assert key.scopes == frozenset({Permission.WRITE_ORDERS})
    assert found.group(1) not in shown(owner, "/settings/keys")
    assert "End the key till?" in shown(owner, f"/settings/keys/{key.id}/end")
    send(owner, f"/settings/keys/{key.id}/end")
    assert find_key(found.group(1), NOW) is None


def test_a_key_with_more_rights_than_its_role_is_refused(owner: Client) -> None:
    page = send(owner, "/settings/keys/new", name="t", role="agent", scopes=["settings:write"])
    assert "The role has no right settings:write." in page
    assert list_keys() == []


def test_the_company_is_told_and_what_is_wrong_stands_beside_it(owner: Client) -> None:
    told = {"name": "Kaimas", "time_zone": "Europe/Vilnius", "language": "lt"}
    page = send(owner, "/settings/company", currency="euro", week_start="monday", **told)
    assert get_company().name == ""
    page = send(owner, "/settings/company", currency="xxq", week_start="monday", **told)
    assert "XXQ is no currency" in page
    send(owner, "/settings/company", currency="eur", week_start="monday", **told)
    assert (get_company().name, get_company().currency) == ("Kaimas", "EUR")


def test_a_period_is_set_once_what_would_go_was_said(owner: Client) -> None:
    def days() -> int | None:
        return next(row.days for row in list_retention() if row.kind == "trail")

    assert days() is None
    page = send(owner, "/settings/retention/trail", days="400")
    assert "are older today and would go" in page
    assert days() is None
    send(owner, "/settings/retention/trail", days="400", sure="400")
    assert days() == 400
    assert "cannot be kept for 5 days" in send(owner, "/settings/retention/trail", days="5")
    send(owner, "/settings/retention/trail", days="")
    assert days() is None


def test_the_trail_is_narrowed_paged_and_saved(owner: Client, agent: int) -> None:
    for number in range(30):
        record(COMMAND, "took orders", f"thing:{number}", NOW)
    page = shown(owner, "/settings/trail?verb=took+orders")
    assert page.count("Orders were taken") > 25
    assert "thing:29" in page
    assert "thing:4" not in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    second = shown(owner, following.group(1).replace("&amp;", "&"))
    assert "thing:4" in second
    assert "thing:29" not in second
    assert "thing:" not in shown(owner, f"/settings/trail?actor=staff:{agent}")
    saved = owner.get("/settings/trail?verb=took+orders&as=csv")
    lines = b"".join(saved).decode().splitlines()
    assert lines[0].lstrip("\ufeff") == "at,actor,verb,subject,data"
    assert len(lines) == 31
    assert "took orders" in lines[1]


def test_the_trail_speaks_the_readers_language(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    translated = say("A key needs a name.")
    sentence = speaker_of("lt").say(translated)
    assert sentence != str(translated)
    monkeypatch.setitem(VERBS, "took orders", translated)
    record(COMMAND, "took orders", "source:api", NOW)
    set_language(int(owner.session["_auth_user_id"]), "lt")
    assert shown(owner, "/settings/trail").count(sentence) == 2  # the row, the filter's choice


def test_a_place_of_the_trail_that_is_none_is_not_found(owner: Client) -> None:
    assert owner.get("/settings/trail?after=x").status_code == 404


def test_only_who_may_read_the_trail_is_offered_it() -> None:
    assert "Audit trail" in shown(visitor(Role.AUDITOR), "/settings")
    assert "Audit trail" not in shown(visitor(Role.MANAGER), "/settings")


def test_an_auditor_is_offered_nothing_to_change(agent: int) -> None:
    auditor = visitor(Role.AUDITOR)
    for path in ("/settings/staff", f"/settings/staff/{agent}", "/settings/keys"):
        page = shown(auditor, path)
        main = page[page.index("<main") : page.index("</main>")]
        assert "<form" not in main, path
        assert 'class="button"' not in main, path


def test_somebody_changes_his_name_and_language(owner: Client) -> None:
    send(owner, "/me", name="Ona", language="lv")
    row = find_staff_by_email("owner@shop.example")
    assert row is not None
    assert (row.name, row.language) == ("Ona", "lv")
    assert owner.get("/me")["Content-Language"] == "lv"
