"""The outbox in the console: who sees what, what is asked before, what is written down."""

import csv
import io
import re
from decimal import Decimal
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client

from outbox import (
    a_batch,
    a_delivery,
    a_hold,
    a_no,
    deliveries_of,
    make_outbox,
    somebody,
)
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.queries.batches import find_batch
from regulars.apps.contact.queries.deliveries import list_deliveries
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.queries.suppressions import OnlySuppressions, list_suppressions
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Purpose, Scope
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import merge_records
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def saved(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    text = cast("Any", answer).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def numbers(text: str) -> list[int]:
    """The deliveries that a list shows, in its order."""
    return [int(it) for it in re.findall(r'<a href="/outbox/(\d+)">', text)]


def test_the_outbox_says_of_each_message_why_it_went_or_did_not() -> None:
    make_outbox()
    text = shown(visitor(Role.AGENT), "/outbox")
    assert "Not sent: the customer has not agreed to it, or said no." in text
    assert "Waits: it is quiet hours where the customer is." in text
    assert "Sent, and the customer reported it as unwanted." in text
    assert "It could not be sent: the provider refused it." in text


def test_what_waits_says_until_when_by_the_readers_clock() -> None:
    number = a_delivery(a_batch(), somebody(), State.PLANNED, Reason.QUIET, made_at=LATER)
    client = visitor(Role.AGENT)
    for address in ("/outbox", f"/outbox/{number}"):
        assert "Waits until Nov 22, 2099, 12:00\u202fPM: it is quiet hours" in shown(
            client, address
        )


LATER = NOW.replace(year=2099)


def test_the_outbox_is_narrowed_by_what_the_counts_lead_to() -> None:
    make_outbox()
    client = visitor(Role.AGENT)
    text = shown(client, "/outbox")
    for state in ("planned", "sent", "skipped", "failed", "uncertain"):
        assert f'href="/outbox?state={state}"' in text
        found = numbers(shown(client, f"/outbox?state={state}"))
        assert {row.state for row in list_deliveries() if row.number in found} == {state}
    assert "state=held_out" not in text


def test_a_part_of_the_list_comes_without_counting_everything_again() -> None:
    make_outbox()
    client = visitor(Role.AGENT)
    part = client.get("/outbox", headers={"HX-Request": "true", "HX-Target": "outbox"})
    assert 'class="counts"' not in part.content.decode()
    assert numbers(part.content.decode()) == [row.number for row in list_deliveries()]


def test_the_outbox_is_downloaded_with_codes_and_that_is_written_down() -> None:
    make_outbox()
    rows = saved(visitor(Role.MANAGER), "/outbox?as=csv&state=skipped")
    assert [(row["state"], row["reason"], row["destination"]) for row in rows] == [
        ("skipped", "no_consent", "zygimantas@shop.example")
    ]
    [entry] = list_entries(verb="downloaded")
    assert entry.subject == "outbox"
    assert entry.data == {"by": ["state"]}


def test_a_place_that_is_none_is_not_found() -> None:
    client = visitor(Role.MANAGER)
    for address in ("/outbox", "/outbox/batches", "/outbox/suppression"):
        assert client.get(f"{address}?after=x").status_code == 404


def test_whoever_is_limited_to_a_shop_finds_only_its_customers_messages() -> None:
    here, there = somebody("c1", "Here"), somebody("c2", "There")
    for customer, store in (("c1", "Old Town"), ("c2", "New Town")):
        order = OrderData(
            id=customer,
            customer_id=customer,
            ordered_at=NOW,
            currency="EUR",
            amount=Decimal(1),
            store=store,
        )
        take_orders([order], actor=COMMAND, now=NOW)
    batch = a_batch()
    to_here, to_there = a_delivery(batch, here), a_delivery(batch, there)
    client = visitor(Role.MANAGER, frozenset({"Old Town"}))

    text = shown(client, "/outbox")
    assert numbers(text) == [to_here]
    assert "There" not in text.replace("Nothing", "")
    assert [row["number"] for row in saved(client, "/outbox?as=csv")] == [str(to_here)]
    shown(client, f"/outbox/{to_here}")
    shown(client, f"/customers/{here}/messages")
    for address in (
        f"/outbox/{to_there}",
        f"/outbox/{to_there}/preview",
        f"/customers/{there}/messages",
        "/outbox/batches",
        f"/outbox/batches/{batch}",
    ):
        assert client.get(address).status_code == 404, address
    for address in (
        f"/outbox/{to_there}/cancel",
        f"/outbox/batches/{batch}/pause",
        f"/outbox/batches/{batch}/stop",
    ):
        assert client.post(address).status_code == 404, address
    assert {row.state for row in list_deliveries()} == {State.PLANNED}


def test_one_message_shows_what_the_decision_came_of() -> None:
    ona, batch, client = somebody(), a_batch(), visitor(Role.AGENT)
    a_no(ona)
    a_hold(ona)
    suppress_address(
        Channel.EMAIL, "ona@shop.example", Scope.ALL, "Asked.", actor=COMMAND, now=NOW
    )
    for reason, said in (
        (Reason.NO_CONSENT, "Newsletter by E-mail: the customer said no (Nov 19, 2026"),
        (Reason.HOLD, "Held back since Nov 21, 2026, 12:00\u202fPM: complaint (care:7)."),
        (Reason.SUPPRESSED, "this address gets none of: everything. Why: Asked."),
    ):
        number = a_delivery(batch, ona, State.SKIPPED, reason)
        assert said in shown(client, f"/outbox/{number}")
        batch = a_batch(reason)


def test_a_text_is_shown_in_a_frame_in_which_nothing_runs() -> None:
    number = a_delivery(a_batch(), somebody(), State.SENT)
    client = visitor(Role.AGENT)
    assert 'sandbox=""' in shown(client, f"/outbox/{number}")
    answer = client.get(f"/outbox/{number}/preview")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Ona" in answer.content.decode()
    assert "/my/" not in answer.content.decode()


def test_a_secret_is_shown_to_nobody() -> None:
    batch = a_batch(secret=True, purpose=Purpose.SERVICE)
    number = a_delivery(batch, somebody(), State.PLANNED)
    client = visitor(Role.OWNER)
    text = shown(client, f"/outbox/{number}")
    assert "It is secret" in text
    assert "Fresh bread" not in text
    assert client.get(f"/outbox/{number}/preview").status_code == 404


def test_a_name_with_marks_stays_text() -> None:
    ona = somebody("c1", "<b>Ona</b>")
    number = a_delivery(a_batch(label="<i>x</i>"), ona, State.FAILED, detail="<u>550</u>")
    client = visitor(Role.AGENT)
    for address in ("/outbox", f"/outbox/{number}", f"/customers/{ona}", "/outbox/batches"):
        text = shown(client, address)
        assert not re.search(r"<(b|i|u)>", text), address


def test_a_message_that_waits_is_cancelled_once_it_was_asked() -> None:
    number = a_delivery(a_batch(), somebody())
    client = visitor(Role.MANAGER)
    assert "Cancel this message?" in shown(client, f"/outbox/{number}/cancel")
    assert list_deliveries()[0].state is State.PLANNED

    said = client.post(f"/outbox/{number}/cancel", follow=True).content.decode()
    assert "The message is cancelled." in said
    assert list_deliveries()[0].reason is Reason.CANCELLED
    again = client.post(f"/outbox/{number}/cancel", follow=True).content.decode()
    assert "It no longer waited." in again


def test_a_batch_shows_how_far_it_is_and_leads_to_those_messages() -> None:
    batch = a_batch()
    waits = a_delivery(batch, somebody("c1"))
    a_delivery(batch, somebody("c2"), State.SKIPPED, Reason.NO_CONSENT)
    client = visitor(Role.AGENT)
    text = shown(client, f"/outbox/batches/{batch}")
    links = re.findall(r'href="(/outbox\?batch=[^"]+)"', text)
    assert len(links) == 3
    assert numbers(shown(client, f"/outbox?batch={batch}&state=planned")) == [waits]
    assert "Pause" not in text


def test_a_batch_is_paused_goes_on_and_is_stopped() -> None:
    batch = a_batch()
    deliveries_of(batch, [somebody()])
    client = visitor(Role.MANAGER)

    def press(what: str) -> str:
        answer: HttpResponse = client.post(f"/outbox/batches/{batch}/{what}", follow=True)  # type: ignore[assignment]
        return answer.content.decode()

    assert "The batch is paused." in press("pause")
    row = find_batch(batch)
    assert row is not None
    assert row.paused_at is not None
    assert "The batch goes on." in press("resume")
    assert "for good?" in shown(client, f"/outbox/batches/{batch}/stop")
    assert "The batch is stopped." in press("stop")
    assert list_deliveries()[0].reason is Reason.CANCELLED
    assert "was stopped for good" in press("pause")


def test_an_address_is_found_by_typing_it_and_stands_in_no_address_of_a_page() -> None:
    suppress_address(
        Channel.EMAIL, "ona@shop.example", Scope.PROMOTION, "Asked.", actor=COMMAND, now=NOW
    )
    suppress_address(Channel.EMAIL, "other@shop.example", Scope.ALL, actor=COMMAND, now=NOW)
    client = visitor(Role.AGENT)

    answer = client.post("/outbox/suppression", {"address": " ONA@shop.example"})
    assert answer.status_code == 302
    assert "shop.example" not in answer["Location"]
    text = shown(client, answer["Location"])
    assert "1 row" in text
    assert "by hand: Asked." in text

    nobody = client.post("/outbox/suppression", {"address": "new@shop.example"}, follow=True)
    assert "Nothing is held back from this address." in nobody.content.decode()
    wrong = client.post("/outbox/suppression", {"address": "ona@shop"})
    assert "give one such as" in wrong.content.decode()


def test_an_address_is_suppressed_and_lifted_with_a_reason() -> None:
    client = visitor(Role.MANAGER)
    told = {"address": "ona@shop.example", "scope": "promotion", "note": "Asked."}
    text = client.post("/outbox/suppression/add", told, follow=True).content.decode()
    assert "Nothing of the kind goes to this address any more." in text
    [row] = list_suppressions(OnlySuppressions())
    assert (row.scope, row.note) == (Scope.PROMOTION, "Asked.")

    lift = f"/outbox/suppression/{row.number}/lift"
    assert "required" in client.post(lift, {}).content.decode()
    client.post(lift, {"reason": "She asked."})
    assert list_suppressions(OnlySuppressions(in_force=True)) == []


def test_a_customer_has_a_page_of_all_that_was_to_go_to_him() -> None:
    ona, other, stranger = somebody("c7"), somebody("web-55"), somebody("c8")
    sent = deliveries_of(a_batch(), [ona, other, stranger], State.SENT)
    merge_records(other, ona, actor=COMMAND, now=NOW)
    client = visitor(Role.AGENT)

    assert numbers(shown(client, f"/customers/{ona}/messages")) == [sent[1], sent[0]]
    assert client.get(f"/customers/{other}/messages")["Location"] == f"/customers/{ona}/messages"
    assert numbers(shown(client, f"/customers/{ona}")) == [sent[1], sent[0]]
    assert [entry.subject for entry in list_entries(verb="saw")] == [f"customer:{ona}"]
    rows = saved(client, f"/customers/{ona}/messages?as=csv")
    assert [row["number"] for row in rows] == [str(sent[1]), str(sent[0])]


def test_an_analyst_sees_no_messages_on_a_card() -> None:
    ona = somebody()
    a_delivery(a_batch(), ona)
    assert "The newsletter of November" not in shown(visitor(Role.ANALYST), f"/customers/{ona}")


def form_of(client: Client) -> dict[str, str | list[str]]:
    """The form of how we write, as a browser would send it back."""
    text = shown(client, "/settings/messages")
    told: dict[str, str | list[str]] = {}
    for name, value in re.findall(
        r'<input type="(?:text|number|time|color)" name="(\w+)"([^>]*)', text
    ):
        found = re.search(r'value="([^"]*)"', value)
        told[name] = found[1] if found else ""
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        found = re.search(r'value="([^"]*)" selected', options)
        told[name] = found[1] if found else ""
    for name, value in re.findall(r'name="(asked_for|double_opt_in)"([^>]*checked)', text):
        found = re.search(r'value="([^"]*)"', value)
        told.setdefault(name, []).append(found[1] if found else "on")  # type: ignore[union-attr]
    return told


def test_how_we_write_is_saved_as_it_stands_and_as_it_is_changed() -> None:
    client = visitor(Role.OWNER)
    told = form_of(client)
    client.post("/settings/messages", told)
    assert get_policy() == Policy()
    assert list_entries(verb="changed how we write") == []

    changes = {
        "quiet_from": "20:30",
        "throttles": "gmail.com 100\n\n Outlook.com 50",
        "cap_kind_2": "survey",
        "cap_most_2": "1",
        "cap_window_2": "36",
        "cap_unit_2": "hours",
        "country": "lt",
    }
    client.post("/settings/messages", told | changes)
    policy = get_policy()
    assert f"{policy.quiet_from:%H:%M}" == "20:30"
    assert policy.throttles == {"gmail.com": 100, "outlook.com": 50}
    assert policy.caps[2].window.total_seconds() == 36 * 3600
    assert policy.country == "LT"
    again = form_of(client)
    assert (again["cap_window_2"], again["cap_unit_2"]) == ("36", "hours")


def test_what_cannot_hold_is_refused_beside_its_field() -> None:
    client = visitor(Role.OWNER)
    told = form_of(client)
    for wrong, said in (
        ({"throttles": "gmail.com"}, "gmail.com is no domain with a number"),
        ({"throttles": "gmail 0"}, "takes at least one mail a minute"),
        ({"reply_to": "x"}, "x is no address of e-mail"),
        ({"cap_kind_2": "survey"}, "Say how many, and within how long."),
        ({"colour": "red"}, "is no colour"),
        ({"ask_days": "9999"}, "Give a number from 0 to"),
    ):
        answer = client.post("/settings/messages", told | wrong)
        assert answer.status_code == 200
        assert said in answer.content.decode(), wrong
    assert get_policy() == Policy()


def test_whoever_may_not_change_settings_reads_how_we_write() -> None:
    client = visitor(Role.MANAGER)
    text = shown(client, "/settings/messages")
    assert "21:00" in text
    assert '<form class="form"' not in text
    assert client.post("/settings/messages", {}).status_code == 403
