"""Sources that are read again and again."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from django.db import connection, transaction

from regulars.apps.intake.models import Connection, Run
from regulars.apps.intake.options import reading_of
from regulars.apps.intake.rules import Aim, State, Watched
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

VARIABLE = re.compile(r"\$\{(REGULARS_SOURCE_[A-Z0-9_]+)\}")
"""How a URL names the variable that holds its password."""
_SCHEMES = ("postgresql", "postgres", "sqlite", "duckdb")


def watch_source(told: Watched, *, actor: Actor, now: datetime) -> int:
    """Have a table of a database read every so many minutes; the name told again changes it.

    Args:
        told: The source.
        actor: Who asks.
        now: The time: it is read for the first time at once.

    Returns:
        The number of the source.

    Raises:
        OptionError: The URL or a figure cannot be used.
    """
    _check(told)
    reading_of(told.how)
    with transaction.atomic():
        row, _ = Connection.objects.update_or_create(
            name=told.name.strip(),
            defaults={
                "kind": told.kind.value,
                "url": told.url,
                "how": told.how.kept(),
                "minutes": told.minutes,
                "is_active": True,
                "made_at": now,
                "made_by": str(actor),
                "due_at": now,
            },
        )
        record(actor, "watched a source", f"connection:{row.pk}", now, {"kind": told.kind.value})
    return row.pk


def pause_source(number: int, *, paused: bool, actor: Actor, now: datetime) -> bool:
    """Read a watched source no more for a while, or from now on again; say whether there is one.

    Args:
        number: Of the source.
        paused: Whether it rests; otherwise it is read at once.
        actor: Who asks.
        now: The time.
    """
    with transaction.atomic():
        rows = Connection.objects.filter(pk=number)
        found = rows.update(is_active=not paused, **({} if paused else {"due_at": now}))
        if found:
            record(
                actor,
                "paused a source" if paused else "went on with a source",
                f"connection:{number}",
                now,
            )
    return bool(found)


def remove_connection(number: int, *, actor: Actor, now: datetime) -> bool:
    """Watch a source no longer; its imports stay. Say whether there was one."""
    with transaction.atomic():
        gone = Connection.objects.filter(pk=number).delete()[0]
        if gone:
            record(actor, "watched a source no more", f"connection:{number}", now)
    return bool(gone)


def start_due_reads(now: datetime) -> int:
    """Ask for the import of each watched source that is due; return how many there were."""
    due = Connection.objects.filter(is_active=True, due_at__lte=now).order_by("pk")
    if not due.exists():
        return 0
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        started = [one for one in due if _start(one, now)]
    return len(started)


def _start(one: Connection, now: datetime) -> bool:
    """Ask for one import, unless the last one is still at it."""
    one.due_at = now + timedelta(minutes=one.minutes)
    one.save(update_fields=["due_at"])
    open_ = [State.WAITING.value, State.RUNNING.value]
    if Run.objects.filter(connection=one, state__in=open_).exists():
        return False
    Run.objects.create(
        kind=one.kind,
        aim=Aim.IMPORT.value,
        name=one.name,
        source=one.url,
        how=one.how,
        connection=one,
        actor=one.made_by,
        asked_at=now,
    )
    return True


def with_secrets(url: str, environment: Mapping[str, str]) -> str:
    """A URL with the values of the variables that it names.

    Raises:
        OptionError: A variable is not set.

    >>> with_secrets("sqlite:///${REGULARS_SOURCE_A}", {"REGULARS_SOURCE_A": "shop.db"})
    'sqlite:///shop.db'
    """
    for name in VARIABLE.findall(url):
        if name not in environment:
            raise OptionError(
                say("The variable {name} is not set.", name=name),
                accepted=say("Set it where the worker runs."),
            )
    return VARIABLE.sub(lambda found: environment[found[1]], url)


def _check(told: Watched) -> None:
    if not told.name.strip():
        raise OptionError(say("A source needs a name."), accepted=say("Say what people call it."))
    if told.minutes < 1:
        raise OptionError(
            say("{n} is no number of minutes.", n=told.minutes), accepted=say("Give 1 or more.")
        )
    scheme = urlsplit(told.url).scheme
    if scheme not in _SCHEMES:
        raise OptionError(
            say("Databases of the kind {kind} cannot be read.", kind=scheme),
            accepted=say("Give a URL that begins with {kinds}.", kinds=", ".join(_SCHEMES)),
        )
    if has_password(VARIABLE.sub("", told.url)):
        raise OptionError(
            say("The URL holds a password, which would be kept in the database."),
            accepted=say(
                "Put it into a variable such as {name} and write it as {written}.",
                name="REGULARS_SOURCE_PASSWORD",
                written="${REGULARS_SOURCE_PASSWORD}",
            ),
        )


def has_password(url: str) -> bool:
    """Whether a URL bears a password.

    >>> has_password("postgresql://ann:x@h/shop"), has_password("postgresql://ann@h/shop")
    (True, False)
    """
    parts = urlsplit(url)
    return bool(parts.password) or any("password" in key for key in parse_qs(parts.query))
