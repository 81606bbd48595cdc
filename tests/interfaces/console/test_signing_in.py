"""Signing in and out as a browser does it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from letters import posted, send_letters, states, the_letter
from regulars.apps.accounts.models import Session
from regulars.apps.accounts.operations import (
    add_staff,
    change_access,
    deactivate_staff,
    make_link,
    require_second_step,
    set_language,
)
from regulars.apps.accounts.rules import LINK_LIVES, Access, Role
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND
from regulars.kernel.wording import say
from regulars.reports.speech import speaker_of

ADDRESS = "ona@shop.example"
PASSWORD = "a long and winding road"  # noqa: S105 - a test's
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - a test's
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock, which allauth reads itself, goes on from noon; no earlier test's tries count."""
    with time_machine.travel(NOW):
        cache.clear()
        yield
        cache.clear()


@pytest.fixture
def ona() -> int:
    """An owner; another keeps her from being the last."""
    add_staff("second@shop.example", "Second", Role.OWNER, actor=COMMAND, now=NOW)
    return add_staff(ADDRESS, "Ona", Role.OWNER, actor=COMMAND, now=NOW)


def read_code() -> str:
    """The code in the last letter."""
    sent = send_letters(datetime.now(UTC))  # noqa: TID251 - what was posted just now is due just now
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", sent[-1].text, re.MULTILINE)
    assert found, sent[-1].text
    return found.group()


def ask(client: Client, email: str = ADDRESS, **more: str) -> str:
    answer = client.post("/sign-in/code", {"email": email, **more})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def sign_in(client: Client) -> str:
    ask(client)
    return client.post("/sign-in/code/show", {"code": read_code()})["Location"]


def give_password(staff_id: int) -> None:
    user = get_user_model().objects.get(pk=staff_id)
    user.set_password(PASSWORD)
    user.save()


def enter(client: Client, password: str = PASSWORD, email: str = ADDRESS) -> HttpResponseBase:
    return client.post("/sign-in", {"login": email, "password": password})


def counted(secret: str) -> str:
    """The code that an app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def verbs() -> list[str]:
    return [entry.verb for entry in list_entries()]


def test_a_code_that_is_sent_lets_in(ona: int) -> None:
    client = Client()
    assert sign_in(client) == "/"
    assert "Ona" in client.get("/").content.decode()
    entry = list_entries()[0]
    assert (entry.verb, entry.actor, entry.data) == ("signed in", f"staff:{ona}", {"by": ["code"]})


def test_the_letter_speaks_the_language_of_who_reads_it(ona: int) -> None:
    set_language(ona, "lt")
    ask(Client())
    text = the_letter().text
    assert text.startswith(speaker_of("lt").say(say("Your code to sign in is:")))


@pytest.mark.usefixtures("ona")
def test_an_unknown_address_is_answered_like_a_known_one() -> None:
    known, unknown = Client(), Client()
    assert ask(known) == ask(unknown, "nobody@shop.example")
    pages = [client.get("/sign-in/code/show").content.decode() for client in (known, unknown)]
    for number, name in enumerate((ADDRESS, "nobody@shop.example")):
        assert name in pages[number]
    bare = [re.sub(r'value="[^"]+"|\S+@shop.example', "", page) for page in pages]
    assert bare[0] == bare[1]
    assert states() == ["nobody", "planned"]


@pytest.mark.usefixtures("ona")
def test_a_known_and_an_unknown_address_take_the_same_writes() -> None:
    def statements(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as run:
            ask(Client(), email)
        return [
            it["sql"].split(" (")[0]
            for it in run.captured_queries
            if it["sql"].startswith(("INSERT", "UPDATE")) and "remembered" not in it["sql"]
        ]

    assert statements(ADDRESS) == statements("nobody@shop.example")


@pytest.mark.usefixtures("ona")
def test_a_code_is_of_use_once_in_the_browser_that_asked() -> None:
    asked, other = Client(), Client()
    ask(asked)
    code = read_code()
    ask(other)
    wrong = other.post("/sign-in/code/show", {"code": code})
    assert wrong.status_code == 200
    assert asked.post("/sign-in/code/show", {"code": code})["Location"] == "/"
    again = asked.post("/sign-out")
    assert again["Location"] == "/sign-in"
    assert asked.post("/sign-in/code/show", {"code": code})["Location"] == "/sign-in/code"


@pytest.mark.usefixtures("ona")
def test_three_wrong_codes_end_the_attempt_and_are_told() -> None:
    client = Client()
    ask(client)
    code = read_code()
    for _ in range(3):
        client.post("/sign-in/code/show", {"code": "XXXX-XXXX"})
    assert client.post("/sign-in/code/show", {"code": code})["Location"] == "/sign-in/code"
    assert verbs()[:3] == ["failed to sign in"] * 3


@pytest.mark.usefixtures("ona")
def test_a_code_is_too_late_after_a_quarter_of_an_hour() -> None:
    client = Client()
    ask(client)
    code = read_code()
    with time_machine.travel(NOW + timedelta(minutes=16)):
        answer = client.post("/sign-in/code/show", {"code": code})
    assert answer["Location"] == "/sign-in/code"


def test_a_password_lets_in_and_a_wrong_one_is_told(ona: int) -> None:
    give_password(ona)
    client = Client()
    assert enter(client, "wrong").status_code == 200
    assert enter(client)["Location"] == "/"
    assert verbs()[:2] == ["signed in", "failed to sign in"]


def test_passwords_cannot_be_tried_without_end(ona: int) -> None:
    give_password(ona)
    for _ in range(5):
        enter(Client(), "wrong")
    assert enter(Client()).status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=6)):
        assert enter(Client())["Location"] == "/"


def test_passwords_of_many_cannot_be_tried_from_one_address() -> None:
    for number in range(10):
        enter(Client(), "wrong", f"{number}@shop.example")
    answer = enter(Client(), "wrong", "another@shop.example")
    assert isinstance(answer, HttpResponse)
    assert "Too many failed login attempts" in answer.content.decode()


@pytest.mark.usefixtures("ona")
def test_codes_cannot_be_asked_for_without_end() -> None:
    for _ in range(3):
        ask(Client())
    assert Client().post("/sign-in/code", {"email": ADDRESS}).status_code == 200
    assert len(posted()) == 3


def test_the_page_of_the_sign_in_tells_nobody_that_an_account_is_closed(ona: int) -> None:
    deactivate_staff(ona, actor=COMMAND, now=NOW)
    client = Client()
    ask(client)
    assert the_letter().reason == "nobody"
    assert client.get("/sign-in/code/show").status_code == 200


def test_a_forgotten_password_is_replaced_and_ends_every_session(ona: int) -> None:
    give_password(ona)
    before = Client()
    enter(before)
    client = Client()
    client.post("/sign-in/password", {"email": ADDRESS})
    client.post("/sign-in/password/code", {"code": read_code()})
    new = {"password1": "another long password", "password2": "another long password"}
    assert client.post("/sign-in/password/new", new)["Location"] == "/sign-in/password/done"
    assert client.get("/sign-in/password/done").status_code == 200
    assert before.get("/").status_code == 302
    assert enter(Client(), new["password1"])["Location"] == "/"
    assert "reset password" in verbs()


@pytest.mark.usefixtures("ona")
def test_a_new_password_for_an_unknown_address_is_answered_like_one_for_a_known() -> None:
    answers = [
        Client().post("/sign-in/password", {"email": email})
        for email in (ADDRESS, "nobody@shop.example")
    ]
    assert [(it.status_code, it["Location"]) for it in answers] == [
        (302, "/sign-in/password/code")
    ] * 2
    assert states() == ["nobody", "planned"]


@pytest.mark.usefixtures("ona")
def test_many_other_tries_do_not_make_it_forget_the_tries_at_one_address() -> None:
    for _ in range(3):
        ask(Client())
    for number in range(350):
        cache.set(f"another-{number}", 1, 60)
    assert Client().post("/sign-in/code", {"email": ADDRESS}).status_code == 200


def test_a_short_password_is_refused(ona: int) -> None:
    client = Client()
    sign_in(client)
    new = {"password1": "short", "password2": "short"}
    assert client.post("/me/password/first", new).status_code == 200
    assert not get_user_model().objects.get(pk=ona).has_usable_password()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ona")
def test_an_app_is_added_and_then_asked_for() -> None:
    client = Client()
    sign_in(client)
    page = client.get("/me/app").content.decode()
    found = re.search(r'<code id="secret">([A-Z2-7]+)</code>', page)
    assert found
    secret = found.group(1)
    added = client.post("/me/app", {"code": counted(secret)})
    assert added["Location"] == "/me/recovery-codes"
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/me/recovery-codes").content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get("/me/recovery-codes").content.decode()
    assert secret not in str(Authenticator.objects.values_list("data"))
    assert "added factor" in verbs()

    other = Client()
    assert sign_in(other) == "/sign-in/second-step"
    assert other.get("/").status_code == 302
    wrong = other.post("/sign-in/second-step", {"code": "000000"})
    assert wrong.status_code == 200
    assert other.post("/sign-in/second-step", {"code": codes[0]})["Location"] == "/"
    assert list_entries()[0].data == {"by": ["code", "recovery_codes"]}
    assert verbs()[:2] == ["signed in", "failed to sign in"]


def test_a_second_step_is_not_taken_twice(ona: int) -> None:
    secret = TOTP_SECRET
    TOTP.activate(get_user_model().objects.get(pk=ona), secret)
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    code = counted(secret)
    assert first.post("/sign-in/second-step", {"code": code})["Location"] == "/"
    assert second.post("/sign-in/second-step", {"code": code}).status_code == 200


def test_who_owes_a_second_step_comes_nowhere_else_before_it(ona: int) -> None:
    require_second_step([Role.OWNER], actor=COMMAND, now=NOW)
    client = Client()
    sign_in(client)
    for path in ("/", "/settings", "/settings/staff"):
        assert client.get(path)["Location"] == "/me"
    assert client.get("/me").status_code == 200
    TOTP.activate(get_user_model().objects.get(pk=ona), TOTP_SECRET)
    assert client.get("/").status_code == 200


def test_a_link_lets_in_once_and_looking_uses_nothing_up(ona: int) -> None:
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    path = f"/sign-in/link/{secret}"
    for _ in range(2):
        assert "Good to see you, Ona" in Client().get(path).content.decode()
    client = Client()
    assert client.post(path)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().post(path).status_code == 410
    assert verbs()[:2] == ["signed in", "used sign-in link"]


def test_a_link_does_not_step_over_the_second_step(ona: int) -> None:
    TOTP.activate(get_user_model().objects.get(pk=ona), TOTP_SECRET)
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    assert Client().post(f"/sign-in/link/{secret}")["Location"] == "/sign-in/second-step"


@pytest.mark.usefixtures("ona")
def test_the_session_has_another_key_after_the_sign_in() -> None:
    client = Client()
    ask(client)
    before = client.cookies["sessionid"].value
    client.post("/sign-in/code/show", {"code": read_code()})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.usefixtures("ona")
def test_signing_out_ends_the_session_and_is_told() -> None:
    client = Client()
    sign_in(client)
    key = client.cookies["sessionid"].value
    assert client.get("/sign-out").status_code == 200
    client.post("/sign-out")
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/").status_code == 302
    assert verbs()[0] == "signed out"


@pytest.mark.usefixtures("ona")
def test_a_session_ends_after_twelve_hours_without_a_visit() -> None:
    client = Client()
    sign_in(client)
    for hours in (11, 22):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert client.get("/").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=35), tick=False):
        assert client.get("/").status_code == 302


@pytest.mark.usefixtures("ona")
def test_a_session_ends_after_thirty_days_however_it_is_used() -> None:
    client = Client()
    sign_in(client)
    for half_days in range(1, 60):
        with time_machine.travel(NOW + timedelta(hours=11.9) * half_days, tick=False):
            assert client.get("/").status_code == 200
    with time_machine.travel(NOW + timedelta(days=30, minutes=1), tick=False):
        assert client.get("/").status_code == 302


def test_another_role_holds_from_the_next_request_on(ona: int) -> None:
    client = Client()
    sign_in(client)
    assert client.get("/settings/staff").status_code == 200
    change_access(ona, Access(Role.AGENT), actor=COMMAND, now=NOW)
    assert client.get("/settings/staff").status_code == 403
    deactivate_staff(ona, actor=COMMAND, now=NOW)
    assert client.get("/settings/staff").status_code == 302


@pytest.mark.usefixtures("ona")
def test_somebody_signs_himself_out_everywhere_else() -> None:
    here, there = Client(headers={"User-Agent": "Here"}), Client(headers={"User-Agent": "There"})
    sign_in(here)
    sign_in(there)
    assert "There" in here.get("/me").content.decode()
    here.post("/me/sessions/end")
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
)
@pytest.mark.usefixtures("ona")
def test_the_sign_in_leads_nowhere_else(elsewhere: str) -> None:
    client = Client()
    ask(client, next=elsewhere)
    answer = client.post("/sign-in/code/show", {"code": read_code(), "next": elsewhere})
    assert answer["Location"] == "/"
    assert client.post("/sign-out", {"next": elsewhere})["Location"] == "/sign-in"


@pytest.mark.usefixtures("ona")
def test_the_sign_in_leads_back_to_where_somebody_wanted() -> None:
    client = Client()
    assert client.get("/settings")["Location"] == "/sign-in?next=/settings"
    assert (
        'name="next" value="/settings"' in client.get("/sign-in?next=/settings").content.decode()
    )
    assert ask(client, next="/settings") == "/sign-in/code/show?next=%2Fsettings"
    answer = client.post("/sign-in/code/show", {"code": read_code(), "next": "/settings"})
    assert answer["Location"] == "/settings"


def test_nobody_signs_himself_up() -> None:
    assert Client().get("/sign-in/up").status_code == 404
    for path in ("/accounts/signup/", "/signup/", "/account/email/"):
        assert Client().post(path, {"email": "new@shop.example"}).status_code == 404
    assert not get_user_model().objects.exists()


def test_a_password_is_changed_only_by_who_knows_it(ona: int) -> None:
    give_password(ona)
    client = Client()
    sign_in(client)
    new = {"password1": "another long password", "password2": "another long password"}
    client.post("/me/password", new | {"oldpassword": "wrong"})
    assert get_user_model().objects.get(pk=ona).check_password(PASSWORD)
    client.post("/me/password", new | {"oldpassword": PASSWORD})
    assert get_user_model().objects.get(pk=ona).check_password(new["password1"])
    assert client.get("/").status_code == 200
    assert "changed password" in verbs()
