"""Nothing leaves the house but by the door: what sends mail is imported there alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.house import name_of, python_files

SENDS = ("django.core.mail", "smtplib", "anymail", "aiosmtplib")
DOOR = "src/regulars/apps/contact/transports/"
HEARS = "src/regulars/interfaces/providers/"
HEARD = ("anymail.signals", "anymail.exceptions", "anymail.webhooks")
"""What providers tell of afterwards: none of it sends."""


def imported(source: str) -> Iterator[str]:
    """The full names of what is imported anywhere in a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def sends(file: str, source: str) -> list[str]:
    """What a file imports that sends mail, and may not."""
    if file.startswith(DOOR):
        return []
    allowed = HEARD if file.startswith(HEARS) else ()
    return [it for it in imported(source) if within(it, SENDS) and not within(it, allowed)]


def test_mail_is_sent_by_transports_alone() -> None:
    files: list[Path] = python_files("src")
    told = {name_of(file): sends(name_of(file), file.read_text("utf-8")) for file in files}
    assert {file: names for file, names in told.items() if names} == {}


def test_the_door_itself_does_send() -> None:
    found = {it for file in python_files(DOOR) for it in imported(file.read_text("utf-8"))}
    assert all(any(within(it, (way,)) for it in found) for way in SENDS[:3])


@pytest.mark.parametrize(
    "source",
    [
        "from django.core.mail import EmailMessage",
        "from django.core import mail",
        "import smtplib",
        "import django.core.mail as post",
        "def late():\n    from anymail.message import AnymailMessage",
        "from anymail import backends",
    ],
)
def test_whoever_else_would_send_is_found(source: str) -> None:
    assert len(sends("src/regulars/apps/people/operations/writing.py", source)) == 1
    assert sends(f"{DOOR}smtp.py", source) == []


def test_who_hears_of_mail_does_not_send_it() -> None:
    hears = f"{HEARS}reading.py"
    assert sends(hears, "from anymail.signals import AnymailTrackingEvent") == []
    assert len(sends(hears, "from anymail.message import AnymailMessage")) == 1
