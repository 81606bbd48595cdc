"""Templates, as a manager writes them and an agent reads them."""

from decimal import Decimal

import pytest
from django.test import Client

from regulars.apps.accounts.rules import Role
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.templates import make_template, write_text
from regulars.apps.contact.queries.templates import find_template, list_templates
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.texts import Text
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import CustomerData, ensure_customers, put_customers
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return visitor(Role.MANAGER)


@pytest.fixture
def welcome() -> int:
    number = make_template("Welcome", Purpose.NEWSLETTER, actor=COMMAND, now=NOW)
    for language, word in (("en", "Hello"), ("lt", "Labas")):
        text = Text(word, body=f"{word}, {{{{ customer.greeting }}}} {{{{ nick }}}}", short=word)
        write_text(number, language, text, actor=COMMAND, now=NOW)
    return number


@pytest.fixture
def jonas() -> int:
    put_customers([CustomerData(id="c-1", name="Jonas Jonaitis")], actor=COMMAND, now=NOW)
    return ensure_customers(["c-1"], now=NOW)["c-1"]


def shown(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def send(client: Client, path: str, **told: object) -> str:
    """The page that comes after a form."""
    answer = client.post(path, told, follow=True)
    return str(answer.content.decode())


def test_a_template_is_made_and_written(manager: Client) -> None:
    page = send(manager, "/templates/new", name="Welcome", purpose="offers")
    assert "now write it" in page
    [row] = list_templates()
    page = send(
        manager, f"/templates/{row.id}?language=lt", subject="Labas", body="Labas\r\nrytas"
    )
    assert "Lithuanian" in page
    row = list_templates()[0]
    text = row.text("lt")
    assert text is not None
    assert (row.purpose, text.text.body, text.made_by[:6]) == (
        Purpose.OFFERS,
        "Labas\nrytas",
        "staff:",
    )


def test_a_broken_text_stays_in_its_field_with_the_reason(manager: Client, welcome: int) -> None:
    page = send(manager, f"/templates/{welcome}?language=en", subject="s", body="a\n{{ b | c }}")
    assert "body in en, line 2" in page
    assert "{{ b | c }}" in page
    row = find_template(welcome)
    assert row is not None
    text = row.text("en")
    assert text is not None
    assert text.version == 1


def test_a_name_that_another_has_is_refused(manager: Client, welcome: int) -> None:
    assert "Welcome already" in send(manager, "/templates/new", name="Welcome", purpose="care")
    send(manager, f"/templates/{welcome}/rename", name="Hi")
    row = find_template(welcome)
    assert row is not None
    assert row.name == "Hi"


def test_a_template_is_removed_after_a_question(manager: Client, welcome: int) -> None:
    assert "Remove Welcome?" in shown(manager, f"/templates/{welcome}/remove")
    assert "is removed" in send(manager, f"/templates/{welcome}/remove")
    assert manager.get(f"/templates/{welcome}").status_code == 404


@pytest.mark.usefixtures("welcome")
def test_the_list_says_which_languages_are_missing(manager: Client) -> None:
    make_template("Empty", Purpose.CARE, actor=COMMAND, now=NOW)
    page = " ".join(shown(manager, "/templates").split())
    assert "English, Lithuanian" in page


def test_an_agent_reads_and_does_not_write(welcome: int) -> None:
    agent = visitor(Role.AGENT)
    page = shown(agent, f"/templates/{welcome}")
    assert "disabled" in page
    assert "Save" not in page
    assert agent.post(f"/templates/{welcome}", {"subject": "x", "body": "x"}).status_code == 403


@pytest.mark.parametrize("asked", ["jonas", "c-1", "number"])
def test_a_preview_is_read_as_a_customer(
    manager: Client, welcome: int, jonas: int, asked: str
) -> None:
    who = str(jonas) if asked == "number" else asked
    page = shown(manager, f"/templates/{welcome}/preview?language=lt&customer={who}")
    assert "As Jonas Jonaitis would read it" in page
    assert "Labas, Jonai" in page
    assert "{{ nick }}" in page
    assert f"/templates/{welcome}/mail?language=lt&amp;customer={jonas}" in page


def test_a_preview_says_that_another_language_stands_in(manager: Client, welcome: int) -> None:
    page = shown(manager, f"/templates/{welcome}/preview?language=ru")
    assert "not written in this language: Russian. This one stands in: English" in page


def test_whom_nobody_knows_is_said(manager: Client, welcome: int) -> None:
    assert "Nobody fits" in shown(manager, f"/templates/{welcome}/preview?customer=zz")


def test_what_a_sender_says_besides_is_filled_in(manager: Client, welcome: int) -> None:
    page = shown(manager, f'/templates/{welcome}/preview?values={{"nick":"Jo"}}')
    assert "customer Jo" in page
    assert "Empty here" not in page
    assert "is not understood" in shown(manager, f"/templates/{welcome}/preview?values=nick")


def test_a_customer_of_another_shop_is_nobody_here(welcome: int, jonas: int) -> None:
    sale = OrderData(
        id="1", customer_id="c-1", ordered_at=NOW, currency="EUR", amount=Decimal(1), store="south"
    )
    take_orders([sale], actor=COMMAND, now=NOW)
    agent = visitor(Role.AGENT, frozenset({"north"}))
    page = shown(agent, f"/templates/{welcome}/preview?customer={jonas}")
    assert "Jonas" not in page


def test_the_mail_in_its_frame_may_do_nothing(manager: Client, welcome: int, jonas: int) -> None:
    answer = manager.get(f"/templates/{welcome}/mail?language=lt&customer={jonas}")
    assert "Labas, Jonai" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_test_is_sent_to_the_address_that_is_typed(
    manager: Client, welcome: int, jonas: int
) -> None:
    assert "manager@shop.example" in shown(manager, f"/templates/{welcome}/preview")
    told = {"address": "me@shop.example", "language": "lt", "customer": jonas}
    assert "on its way to me@shop.example" in send(manager, f"/templates/{welcome}/test", **told)
    assert Delivery.objects.get().destination == "me@shop.example"
    page = send(manager, f"/templates/{welcome}/test", address="no", language="lt")
    assert "Send a test to" in page
    assert Delivery.objects.count() == 1
