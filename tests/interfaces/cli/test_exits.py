"""What an ended command says: one calm line and a code."""

import io
import sys

import pytest
import typer

from regulars.interfaces.cli.exits import Exit, hide_tracebacks, refusals, show_tracebacks, told
from regulars.interfaces.cli.languages import Language
from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.wording import say

EMPTY = say("The file is empty.")


@pytest.mark.parametrize(("kind", "code"), [(OptionError, 2), (InputError, 4)])
def test_a_refusal_is_a_line_and_a_code(
    kind: type[OptionError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left, refusals(Language.ENGLISH):
        raise kind(EMPTY, accepted=say("Give one with rows."))
    assert left.value.exit_code == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", "regulars: The file is empty. Give one with rows.\n")


def test_a_refusal_without_advice_is_one_sentence() -> None:
    assert told(InputError(EMPTY), Language.ENGLISH) == "regulars: The file is empty."


def test_no_refusal_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with refusals(Language.ENGLISH):
        sys.stdout.write("answer")
    assert capsys.readouterr().out == "answer"


def test_a_bug_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError), refusals(Language.ENGLISH):
        raise ZeroDivisionError


def test_a_reader_who_left_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Broken())
    monkeypatch.setattr(sys, "__stdout__", None)
    with pytest.raises(typer.Exit) as left, refusals(Language.ENGLISH):
        sys.stdout.write("answer")
    assert left.value.exit_code == Exit.READER_LEFT


def test_a_bug_is_told_shortly_unless_all_of_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    hide_tracebacks()
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("by none"), None)
    assert capsys.readouterr().err.startswith(
        "regulars: Something went wrong that should not have: ZeroDivisionError: by none "
    )
    show_tracebacks()
    assert sys.excepthook is sys.__excepthook__
