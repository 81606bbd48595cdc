"""Staff write templates: in languages, in versions, checked before they are kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations.composing import Composer
from regulars.apps.contact.operations.gating import Ready
from regulars.apps.contact.operations.templates import (
    Trial,
    make_template,
    put_template,
    remove_template,
    rename_template,
    send_test,
    write_text,
)
from regulars.apps.contact.queries.templates import (
    TemplateRow,
    content_of,
    find_template,
    list_templates,
    list_versions,
    preview_template,
    text_of,
)
from regulars.apps.contact.rules.gate import Way
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.texts import Text, TextError
from regulars.apps.firm.operations import put_company
from regulars.apps.firm.queries import get_company
from regulars.apps.firm.rules import Company
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import CustomerData, ensure_customers, put_customers
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HELLO = Text("Hello", body="Hello, {{ customer.greeting }}")
LABAS = Text("Labas", body="Labas, {{ customer.greeting }}")

pytestmark = pytest.mark.django_db


def made(name: str = "Welcome", purpose: Purpose = Purpose.NEWSLETTER) -> int:
    return make_template(name, purpose, actor=COMMAND, now=NOW)


def write(number: int, language: str, text: Text, now: datetime = NOW) -> int:
    return write_text(number, language, text, actor=COMMAND, now=now)


def put(purpose: Purpose, texts: Mapping[str, Text]) -> bool:
    return put_template("Welcome", purpose, texts, actor=COMMAND, now=NOW)


def got(number: int) -> TemplateRow:
    row = find_template(number)
    assert row is not None
    return row


def customer(name: str = "Jonas Jonaitis", **greetings: str) -> int:
    put_customers([CustomerData(id="a", name=name, greetings=greetings)], actor=COMMAND, now=NOW)
    return ensure_customers(["a"], now=NOW)["a"]


def test_a_change_is_a_new_version_and_the_same_again_is_none() -> None:
    number = made()
    assert write(number, "en", HELLO) == 1
    assert write(number, "en", HELLO, LATER) == 1
    assert write(number, "en", Text("Hi", body="Hi"), LATER) == 2
    assert [it.version for it in list_versions(number, "en")] == [2, 1]
    text = got(number).text("en")
    assert text is not None
    assert (text.text.subject, text.made_by) == ("Hi", "command")
    verbs = [entry.verb for entry in list_entries(subject=f"template:{number}")]
    assert sorted(verbs) == ["made template", "wrote template", "wrote template"]


def test_a_broken_text_is_not_kept() -> None:
    number = made()
    for text in (Text("s", body="{{ x"), Text("s", body="{{ a | nope }}"), Text("", body="a")):
        with pytest.raises(TextError):
            write(number, "en", text)
    with pytest.raises(InputError, match="no language"):
        write(number, "?", HELLO)
    assert got(number).texts == ()


def test_of_several_texts_none_is_kept_where_one_is_broken() -> None:
    with pytest.raises(TextError, match="body in lt"):
        put(Purpose.SERVICE, {"en": HELLO, "lt": Text("a", body="{% if %}")})
    assert list_templates() == []


def test_a_template_is_put_by_its_name_and_other_languages_stay() -> None:
    assert put(Purpose.SERVICE, {"en": HELLO})
    assert not put(Purpose.CARE, {"lt": LABAS})
    [row] = list_templates()
    assert (row.purpose, [it.language for it in row.texts]) == (Purpose.CARE, ["en", "lt"])


def test_two_templates_have_two_names_and_a_removed_one_gives_its_name_up() -> None:
    number = made()
    with pytest.raises(InputError, match="already"):
        made()
    assert remove_template(number, actor=COMMAND, now=NOW)
    assert not remove_template(number, actor=COMMAND, now=NOW)
    again = made()
    assert [it.id for it in list_templates()] == [again]
    other = made("Other")
    with pytest.raises(InputError, match="already"):
        rename_template(other, "Welcome", actor=COMMAND, now=NOW)
    assert rename_template(other, " Third  one ", actor=COMMAND, now=NOW)
    assert got(other).name == "Third one"


def test_nothing_is_written_into_a_template_that_was_removed() -> None:
    number = made()
    remove_template(number, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="no template"):
        write(number, "en", HELLO)


def test_the_languages_that_others_have_are_missing() -> None:
    first, second = made("A"), made("B")
    write(first, "en", HELLO)
    write(first, "lt", LABAS)
    write(second, "en", HELLO)
    assert [(it.name, it.missing) for it in list_templates()] == [("A", ()), ("B", ("lt",))]


def test_a_batch_takes_what_a_template_says() -> None:
    number = made()
    with pytest.raises(InputError, match="Nothing is written"):
        content_of(number)
    write(number, "lt", LABAS)
    assert content_of(number)["lt"] == {
        "subject": "Labas",
        "preheader": "",
        "body": "Labas, {{ customer.greeting }}",
        "short": "",
    }
    with pytest.raises(InputError, match="not written in ru"):
        text_of(got(number), "ru")


def test_a_preview_says_which_language_stands_in() -> None:
    number = made()
    write(number, "en", HELLO)
    write(number, "lt", LABAS)
    shown = preview_template(got(number), "lt-LT", customer(), {})
    assert shown.rendered is not None
    assert shown.rendered.text.startswith("Labas, Jonai\n")
    shown = preview_template(got(number), "ru", customer(), {})
    assert (shown.language, shown.stands_in) == ("en", True)


def test_a_preview_greets_as_staff_said() -> None:
    number = made()
    write(number, "lt", LABAS)
    who = customer(lt="pone Jonai")
    shown = preview_template(got(number), "lt", who, {})
    assert shown.rendered is not None
    assert "Labas, pone Jonai" in shown.rendered.text


def test_a_preview_tells_what_is_missing_and_what_cannot_be_filled() -> None:
    number = made()
    write(number, "en", Text("s", body="{{ order.number }} {{ sum | money: 'X' }}"))
    shown = preview_template(got(number), "en", None, {})
    assert shown.rendered is not None
    assert shown.rendered.missing == ("order.number", "sum | money: 'X'")
    shown = preview_template(got(number), "en", None, {"sum": 5})
    assert shown.rendered is None
    assert "no currency" in str(shown.trouble)


def test_a_preview_bears_the_firm_and_links_that_change_nothing() -> None:
    put_company(Company(name="Corner Grocer"), actor=COMMAND, now=NOW)
    number = made()
    write(number, "en", HELLO)
    shown = preview_template(got(number), "en", customer(), {})
    assert shown.rendered is not None
    assert "Corner Grocer" in shown.rendered.html
    assert "https://example.com/unsubscribe" in shown.rendered.html


def test_a_test_is_planned_for_somebody_of_the_staff() -> None:
    number = made()
    write(number, "lt", LABAS)
    trial = Trial(language="lt", address="rasa@shop.example", customer=customer())
    send_test(number, trial, actor=COMMAND, now=NOW)
    row = Delivery.objects.get()
    assert (row.customer_id, row.destination) == (None, "rasa@shop.example")
    composer = Composer(Policy(), get_company(), sender="shop@shop.example", secret="x" * 32)
    mail = composer.compose(Ready(row, None, Way(Channel.EMAIL, row.destination, row.key)))
    assert (mail.to, mail.subject) == ("rasa@shop.example", "Labas")
    assert "Labas, Jonai" in mail.text
    assert "https://example.com/unsubscribe" in mail.html
    assert Batch.objects.get().content == content_of(number)
    send_test(number, trial, actor=COMMAND, now=NOW)
    assert Delivery.objects.count() == 2
