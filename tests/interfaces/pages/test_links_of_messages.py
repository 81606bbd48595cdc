"""Links as they stand in the messages themselves: followed by a bot, and then by the person."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time

import pytest
from django.apps import apps
from django.test import Client

from messages import Fake, plan, send
from recipients import Somebody, somebody
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.transports.outgoing import Outgoing
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db

BODY = "Hello!\n\n[Unsubscribe]({{ links.unsubscribe }}) or [choose]({{ links.preferences }})."
CONTENT = {"en": {"subject": "News", "preheader": "", "body": BODY, "short": "News"}}
_ADDRESS = "http://localhost:8000"


def written_to(one: Somebody) -> list[Outgoing]:
    """What goes out: a newsletter, an offer, a question to confirm, and a link to her data."""
    awake = replace(get_policy(), quiet_from=time(0), quiet_until=time(0), caps=())
    put_policy(awake, actor=COMMAND, now=now())
    client, fake = Client(), Fake()
    for purpose in (Purpose.NEWSLETTER, Purpose.OFFERS):
        plan(f"issue:{purpose}", one.number, now=now(), purpose=purpose, content=CONTENT)
    client.post(one.preferences(), {"shown": "events-phone", "yes": "events-phone"})
    client.post(f"{one.preferences()}/data", {"by": "email"})
    send(fake, now())
    assert len(fake.sent) == 4
    return fake.sent


def links_of(message: Outgoing) -> set[str]:
    """Every link of a message, as it is reached here."""
    text = f"{message.text} {message.html} {' '.join(message.headers.values())}"
    return {it.removeprefix(_ADDRESS) for it in re.findall(rf"{_ADDRESS}/[\w./-]+", text)}


def link_to(messages: list[Outgoing], page: str) -> str:
    """The one link of all messages to a page."""
    [found] = {it for one in messages for it in links_of(one) if it.startswith(f"/my/{page}/")}
    return found


def everything() -> Mapping[str, list[object]]:
    """Every row of every table."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
    }


def test_a_bot_that_gets_every_link_of_every_message_changes_nothing() -> None:
    messages = written_to(somebody())
    links = set().union(*map(links_of, messages))
    assert {it.split("/")[2] for it in links} == {"unsubscribe", "preferences", "confirm", "data"}
    before, bot = everything(), Client()
    for link in links:
        for method in ("HEAD", "GET", "GET"):
            assert bot.generic(method, link).status_code == 200, link
    assert everything() == before
    assert not bot.cookies


def test_the_header_of_each_message_unsubscribes_from_what_it_is_and_no_more() -> None:
    ona = somebody()
    newsletter = next(it for it in written_to(ona) if "List-Unsubscribe" in it.headers)
    before = ona.coming()
    assert newsletter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = newsletter.headers["List-Unsubscribe"].strip("<>").removeprefix(_ADDRESS)
    name, _, value = newsletter.headers["List-Unsubscribe-Post"].partition("=")
    assert Client(enforce_csrf_checks=True).post(path, {name: value}).status_code == 200
    gone = before - ona.coming()
    assert gone in ({"newsletter-email"}, {"offers-email"})


def test_messages_of_service_bear_no_header_to_unsubscribe() -> None:
    messages = written_to(somebody())
    bare = [it for it in messages if "List-Unsubscribe" not in it.headers]
    assert sorted(it.to for it in bare) == ["+37061234567", "ona@example.com"]


def test_the_question_that_was_sent_is_answered_by_its_link() -> None:
    ona = somebody()
    link = link_to(written_to(ona), "confirm")
    assert "events-phone" not in ona.coming()
    Client().post(link)
    assert "events-phone" in ona.coming()


def test_the_link_to_her_data_that_was_sent_opens_them() -> None:
    ona = somebody()
    link = link_to(written_to(ona), "data")
    told = json.loads(Client().post(link).content)
    assert told["apps"]["people"]["people.Customer"][0]["name"] == "Ona Šimkutė"
