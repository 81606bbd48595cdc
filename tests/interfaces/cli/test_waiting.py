"""Progress is for people who wait at a terminal."""

import io
import sys
from threading import Event

import pytest

from regulars.interfaces.cli.languages import Language
from regulars.interfaces.cli.waiting import waiting
from regulars.kernel.progress import silent
from regulars.kernel.wording import say


class Terminal(io.StringIO):
    """Somebody looks at it, and notices the name of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.noticed = Event()

    def write(self, text: str, /) -> int:
        """Show a text."""
        if "orders.csv" in text:
            self.noticed.set()
        return super().write(text)

    def isatty(self) -> bool:
        """It says so."""
        return True


def somebody_looks(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    # Not a fixture: pytest puts its own stderr back between a fixture and its test.
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_nothing_is_shown_where_nobody_looks() -> None:
    with waiting(Language.ENGLISH) as tell:
        assert tell is silent


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    with waiting(Language.ENGLISH, patience=3600) as tell:
        tell(say("Reading"))
    assert terminal.getvalue() == ""


def test_long_work_says_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    with waiting(Language.ENGLISH, patience=0) as tell:
        tell(say("Reading {file}", file="orders.csv"), 0.5)
        assert terminal.noticed.wait(timeout=60)


def test_the_line_is_gone_when_the_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = somebody_looks(monkeypatch)
    with waiting(Language.ENGLISH, patience=0) as tell:
        tell(say("Reading {file}", file="orders.csv"))
        assert terminal.noticed.wait(timeout=60)
    last = terminal.getvalue().rpartition("orders.csv")[2]
    assert "\x1b[2K" in last
    assert "\x1b[?25h" in last
