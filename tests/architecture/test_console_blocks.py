"""Every console block of the documentation is run as its reader would run it.

A page is one shell session in a folder that looks like the clone: ``docs`` and ``.venv`` are
there, and what the page writes is thrown away. What stands under a command is what it must print,
with ``...`` for what may differ.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

import pytest

from architecture.house import ROOT, blocks, name_of, pages

PAGES = [page for page in pages() if blocks(page, "console")]
_OUTPUT_ENDS, _CODE_ENDS = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a page with what should come of it."""

    line: str
    expected: str


def commands_of(page: Path) -> list[Command]:
    """The commands of all console blocks of a page, in their order."""
    found = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            whole = re.match(r"(?:.*\\\n)*.*\n?", part)
            assert whole is not None
            found.append(Command(whole[0].rstrip("\n"), part[whole.end() :]))
    return found


def session(commands: list[Command], folder: Path) -> list[tuple[int, str]]:
    """Run the commands one after the other in one shell; exit code and output of each."""
    script = "\n".join(
        f"(exit ${{code:-0}})\n{command.line}\n"
        f"code=$?; printf '{_OUTPUT_ENDS}%s{_CODE_ENDS}' \"$code\""
        for command in commands
    )
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }
    run = subprocess.run(  # noqa: S603 - the pages are ours
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    parts = [part.split(_OUTPUT_ENDS) for part in run.stdout.split(_CODE_ENDS)[:-1]]
    return [(int(code), output) for output, code in parts]


@pytest.mark.journey
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_prints_what_it_says(page: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    commands = commands_of(page)
    results = session(commands, tmp_path)
    assert len(results) == len(commands)
    checker, flags = OutputChecker(), ELLIPSIS | NORMALIZE_WHITESPACE
    for command, (code, output) in zip(commands, results, strict=True):
        if command.expected.strip():
            assert checker.check_output(command.expected, output, flags), (
                f"$ {command.line}\n{output}"
            )
        else:
            assert code == 0, f"$ {command.line}\n{output}"


def test_a_command_may_go_over_several_lines(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ one \\\n    two\nanswer\n$ three\n```\n")
    assert commands_of(page) == [Command("one \\\n    two", "answer\n"), Command("three", "")]


def test_a_command_sees_the_exit_code_of_the_one_before(tmp_path: Path) -> None:
    commands = [Command("false", ""), Command("echo $?", ""), Command("true 5", "")]
    assert session(commands, tmp_path) == [(1, ""), (0, "1\n"), (0, "")]


def test_output_that_ends_in_a_digit_is_kept_apart_from_the_exit_code(tmp_path: Path) -> None:
    assert session([Command("printf 42", "")], tmp_path) == [(0, "42")]
