"""The SMS provider of the documentation, against a server as it describes one."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from pytest_django import Settings

from architecture.house import ROOT
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

TEXT = Outgoing(
    number=12, message_id="<12.abc@shop.example>", to="+37060012345", subject="", text="Ačiū! 🎉"
)

type Send = Callable[[Sequence[Outgoing]], list[Outcome]]


@pytest.fixture
def api() -> Iterator[Api]:
    with api_server() as server:
        yield server


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location("sms_over_http", ROOT / "docs/examples/sms_over_http.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setitem(sys.modules, "sms_over_http", module)
    return module


@pytest.fixture
def send(
    api: Api, example: ModuleType, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Send:
    """Sends as the worker does, with the class that the environment names."""
    assert example.SmsOverHttp.at_once > 0
    settings.TRANSPORTS = {"phone": "sms_over_http:SmsOverHttp"}
    monkeypatch.setenv("SMS_URL", api.address)
    monkeypatch.setenv("SMS_TOKEN", "a key")
    return lambda messages: list(transport_of(Channel.PHONE).send(messages))


def test_the_provider_gets_the_text_the_number_and_a_key_for_repeats(api: Api, send: Send) -> None:
    api.says(201, X_Message_Id="sms-1")
    assert send([TEXT, TEXT]) == [Accepted("sms-1"), Accepted("sms-1")]
    first, second = api.asked
    assert json.loads(first.body) == {
        "to": "+37060012345",
        "text": "Ačiū! 🎉",
        "reference": "12",
    }
    assert first.headers["authorization"] == "Bearer a key"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("status", "body", "retry", "meant"),
    [
        (401, "{}", "", Down("401 {}")),
        (429, "{}", "30", Later("429 {}", 30)),
        (503, "{}", "soon", Later("503 {}", 0)),
        (400, "invalid_recipient", "", Refused("400 invalid_recipient", dead=True)),
        (400, "too long", "", Refused("400 too long")),
    ],
)
def test_each_answer_becomes_an_outcome(
    api: Api, send: Send, status: int, body: str, retry: str, meant: Outcome
) -> None:
    api.says(status, body, Retry_After=retry)
    assert send([TEXT]) == [meant]


def test_after_a_closed_door_the_rest_is_not_tried(api: Api, send: Send) -> None:
    api.says(403)
    assert len(send([TEXT, TEXT, TEXT])) == 1
    assert len(api.asked) == 1


def test_a_silent_provider_leaves_it_unsure_and_one_that_is_not_there_is_down(
    api: Api, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.says(SILENT)
    api.says(201, X_Message_Id="sms-2")
    first, second = send([TEXT, TEXT])
    assert isinstance(first, Unsure)
    assert second == Accepted("sms-2")
    monkeypatch.setenv("SMS_URL", f"http://127.0.0.1:{free_port()}/")
    (outcome,) = send([TEXT, TEXT])
    assert isinstance(outcome, Down)


def test_without_its_address_the_class_says_what_is_missing(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMS_URL")
    with pytest.raises(Exception, match="SMS_URL"):
        send([TEXT])
