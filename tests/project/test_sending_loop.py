"""The worker's loop of messages, and what it refuses to begin with."""

import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from django.db import OperationalError
from pytest_django import Settings
from structlog.testing import capture_logs

from installations import REGULARS, Installation
from letters import the_letter
from messages import NOON, Fake
from regulars.apps.accounts.letters import sign_in_code
from regulars.apps.accounts.operations import post_letter
from regulars.apps.contact.transports.outgoing import Outcome, Outgoing
from regulars.kernel.errors import OptionError
from regulars.project import sending_loop, worker
from regulars.project.import_loop import Clock
from regulars.project.sending_loop import work_messages

pytestmark = pytest.mark.django_db(transaction=True)


def clock_that_stops(stop: Event, after: int) -> Clock:
    """Tells one time, and has the loop stop when it was asked so often."""
    asked: list[int] = []

    def clock() -> datetime:
        asked.append(1)
        if len(asked) >= after:
            stop.set()
        return NOON

    return clock


def post() -> None:
    until = NOON.replace(minute=15)
    post_letter(sign_in_code("ona@shop.example", "en", "BCDF-GHJK", until), NOON)


def test_the_loop_sends_what_is_due_until_it_is_stopped(
    tmp_path: Path, settings: Settings
) -> None:
    settings.OUTBOX_FOLDER = str(tmp_path)
    post()
    stop = Event()
    work_messages(stop, clock_that_stops(stop, 10))
    (file,) = tmp_path.iterdir()
    assert "BCDF-GHJK" in file.read_text()
    assert the_letter().state == "sent"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperationalError("gone"), "the database does not answer"),
        (ZeroDivisionError("their bug"), "messages could not be sent"),
    ],
)
def test_whatever_goes_wrong_is_told_of_and_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    calls: list[int] = []
    stop = Event()

    def fail(*_: object) -> int:
        calls.append(1)
        if len(calls) == 3:
            stop.set()
        raise error

    monkeypatch.setattr(sending_loop, "send_due", fail)
    monkeypatch.setattr(sending_loop, "PAUSE", 0)
    with capture_logs() as lines:
        work_messages(stop, lambda: NOON)
    assert [line["event"] for line in lines] == [told] * 3


class Broken(Fake):
    """A way out of somebody else's that fails."""

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Fail before anything is handed over."""
        raise RuntimeError(f"{len(messages)} are too many")


def test_a_transport_that_fails_leaves_no_letter_lost(settings: Settings) -> None:
    settings.TRANSPORTS = {"email": f"{__name__}:Broken", "phone": "null"}
    post()
    stop = Event()
    with capture_logs() as lines:
        work_messages(stop, clock_that_stops(stop, 10))
    assert "messages could not be sent" in {line["event"] for line in lines}
    assert the_letter().state in {"planned", "sending"}
    assert "BCDF-GHJK" in the_letter().text


def test_a_worker_does_not_begin_where_nothing_takes_messages_out(settings: Settings) -> None:
    settings.TRANSPORTS = {"email": "null", "phone": "nowhere:Nothing"}
    with pytest.raises(OptionError, match="nowhere:Nothing is no transport"):
        worker.run()


@pytest.mark.slow
def test_the_commands_say_so_before_they_do_anything(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    nothing = shop.environment | {"REGULARS_SMS_TRANSPORT": "nowhere:Nothing"}
    for command in (["worker"], ["up", "--exit-when-ready"]):
        done = subprocess.run(  # noqa: S603 - our own command
            [REGULARS, *command],
            env=nothing,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith(
            "regulars: nowhere:Nothing is no transport. It cannot be made: "
        )
        assert done.stdout == ""
