"""Mail through the API of a provider."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from django.test import override_settings

from mail_servers import settings_of
from platforms import free_port
from provider_servers import SILENT, Api, api_server
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.transports.choosing import transport_of
from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)

MAIL = Outgoing(
    number=12,
    message_id="<12.abc@shop.example>",
    to="ona@example.com",
    subject="Ačiū! 🎉",
    text="Sveiki, Ona.",
    html="<p>Sveiki, Ona.</p>",
    sender="Šarūno krautuvė <shop@shop.example>",
    reply_to="help@shop.example",
    headers={"List-Unsubscribe": "<https://shop.example/u/" + "a" * 200 + ">"},
    promotional=True,
)
TAKEN = json.dumps(
    {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "ona@example.com"}
)


def settings(provider: str, **told: str) -> dict[str, object]:
    named = {f"REGULARS_ANYMAIL_{name}": value for name, value in told.items()}
    return settings_of(
        {"REGULARS_MAIL_PROVIDER": provider, "REGULARS_MAIL_FROM": "shop@shop.example"} | named
    )


def postmark(address: str) -> dict[str, object]:
    return settings(
        "postmark",
        POSTMARK_SERVER_TOKEN="secret",  # noqa: S106 - a test's
        POSTMARK_API_URL=address,
        REQUESTS_TIMEOUT="0.5",
    )


@pytest.fixture
def api() -> Iterator[Api]:
    with api_server() as server:
        yield server


def send(messages: Sequence[Outgoing], told: dict[str, object]) -> list[Outcome]:
    with override_settings(**told):
        return list(transport_of(Channel.EMAIL).send(messages))


def test_postmark_gets_the_mail_its_number_and_its_class(api: Api) -> None:
    api.says(200, TAKEN)
    assert send([MAIL], postmark(api.address)) == [Accepted("b7bc2f4a")]
    (asked,) = api.asked
    assert (asked.path, asked.headers["x-postmark-server-token"]) == ("/email", "secret")
    told = json.loads(asked.body)
    assert (told["To"], told["Subject"]) == ("ona@example.com", MAIL.subject)
    assert (told["TextBody"], told["HtmlBody"]) == (MAIL.text, MAIL.html)
    assert (told["Metadata"], told["Tag"]) == ({"delivery": "12"}, "promotion")
    headers = {it["Name"]: it["Value"] for it in told["Headers"]}
    assert headers == {
        "Message-ID": MAIL.message_id,
        "Auto-Submitted": "auto-generated",
        **MAIL.headers,
    }


def test_mailgun_and_brevo_take_it_too(api: Api) -> None:
    api.says(200, json.dumps({"id": "<20261122.abc@mg.shop.example>", "message": "Queued."}))
    told = settings(
        "mailgun",
        MAILGUN_API_KEY="k",
        MAILGUN_SENDER_DOMAIN="shop.example",
        MAILGUN_API_URL=api.address,
    )
    assert send([MAIL], told) == [Accepted("<20261122.abc@mg.shop.example>")]
    assert b"v%3Adelivery=12" in api.asked[0].body
    api.says(201, json.dumps({"messageId": "<1.2@smtp-relay.example>"}))
    told = settings("brevo", BREVO_API_KEY="k", BREVO_API_URL=api.address)
    assert send([MAIL], told) == [Accepted("<1.2@smtp-relay.example>")]
    assert json.loads(json.loads(api.asked[1].body)["headers"]["X-Mailin-custom"]) == {
        "delivery": "12"
    }


def test_a_provider_that_keeps_no_numbers_gets_the_mail_without(api: Api) -> None:
    api.says(
        200,
        json.dumps(
            {
                "status": "success",
                "data": {
                    "message_id": "m1",
                    "messages": {"ona@example.com": {"id": 1, "token": "t1"}},
                },
            }
        ),
    )
    told = settings("postal", POSTAL_API_KEY="k", POSTAL_API_URL=api.address)
    first, second = send([MAIL, MAIL], told)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert len(api.asked) == 2


EARLIER, THEN = "Mon, 23 Nov 2026 06:00:00 GMT", "Mon, 23 Nov 2026 06:02:00 GMT"


def no(code: int, message: str) -> str:
    """What Postmark answers."""
    return json.dumps({"ErrorCode": code, "Message": message})


@pytest.mark.parametrize(
    ("status", "body", "headers", "meant"),
    [
        (429, "{}", {"Retry_After": "30"}, Later("", 30)),
        (503, "{}", {"Retry_After": THEN, "Date": EARLIER}, Later("", 120)),
        (500, "oops", {"Retry_After": "soon"}, Later("", 0)),
        (504, "{}", {}, Unsure("")),
        (200, "no JSON", {}, Unsure("")),
        (401, no(10, "No token"), {}, Down("")),
        (403, "{}", {}, Down("")),
        (422, no(401, "Sender not confirmed"), {}, Down("")),
        (422, no(405, "Out of credits"), {}, Down("")),
        (413, "{}", {}, Refused("")),
        (422, no(300, "Invalid metadata content."), {}, Refused("")),
        (422, no(300, "Invalid 'To' address: 'ona@example.com'."), {}, Refused("")),
        (
            422,
            no(406, "Found inactive addresses: ona@example.com. Inactive recipients"),
            {},
            Refused(""),
        ),
        (422, no(406, "Inactive."), {}, Unsure("")),
    ],
)
def test_an_answer_means_what_its_status_says(
    api: Api, status: int, body: str, headers: dict[str, str], meant: Outcome
) -> None:
    api.says(status, body, **headers)
    (outcome,) = send([MAIL], postmark(api.address))
    assert not isinstance(outcome, Accepted)
    assert outcome.reason
    assert bare(outcome) == meant


def bare(outcome: Refused | Later | Unsure | Down) -> Outcome:
    """The same for no reason."""
    match outcome:
        case Later():
            return Later("", outcome.seconds)
        case Refused():
            return Refused("", dead=outcome.dead)
        case Unsure() | Down():
            return type(outcome)("")


def test_after_a_closed_door_the_rest_is_not_tried(api: Api) -> None:
    api.says(401)
    assert len(send([MAIL, MAIL, MAIL], postmark(api.address))) == 1
    assert len(api.asked) == 1


def test_a_provider_that_cannot_be_reached_is_down_and_one_that_is_silent_leaves_it_unsure(
    api: Api,
) -> None:
    (outcome,) = send([MAIL, MAIL], postmark(f"http://127.0.0.1:{free_port()}/"))
    assert isinstance(outcome, Down)
    api.says(SILENT)
    api.says(200, TAKEN)
    first, second = send([MAIL, MAIL], postmark(api.address))
    assert isinstance(first, Unsure)
    assert isinstance(second, Accepted)


def test_a_message_that_cannot_be_written_is_refused_and_the_run_goes_on(api: Api) -> None:
    api.says(200, TAKEN)
    bad = replace(MAIL, subject="Hello\nBcc: all@example.com")
    first, second, third = send([bad, replace(MAIL, to="a@b@c"), MAIL], postmark(api.address))
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert third == Accepted("b7bc2f4a")
    assert len(api.asked) == 1


def test_a_provider_without_its_key_is_down_and_says_what_is_missing() -> None:
    (outcome,) = send([MAIL], settings("postmark"))
    assert isinstance(outcome, Down)
    assert "server_token" in outcome.reason
