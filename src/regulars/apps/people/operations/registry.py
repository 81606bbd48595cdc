"""What each app does for export and erasure; ``project.wiring`` alone registers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

type Tables = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What an app holds of people, and how it gives it out and forgets it.

    Attributes:
        app: The app's name.
        holds: For each of its tables that reaches a customer, the columns that are about him.
        keeps: Every other table or column that could hold text, with the reason why it is not
            about a customer, as ``Table`` or ``Table.column``.
        export: Rows by table, for the numbers of a person's records and the texts (names, ids)
            that he is known by; None where the app holds nothing.
        erase: Forgets all that ``holds`` names, for the same.
        busy: Which customers did something since an instant; None where the app cannot know.
        known_by: Further texts, such as addresses, by which other tables may tell of a person.
    """

    app: str
    holds: Mapping[str, frozenset[str]]
    keeps: Mapping[str, str]
    export: Callable[[Sequence[int], Sequence[str]], Tables] | None = None
    erase: Callable[[Sequence[int], Sequence[str]], None] | None = None
    busy: Callable[[datetime], Q] | None = None
    known_by: Callable[[Sequence[int]], Sequence[str]] | None = None


_registered: dict[str, Privacy] = {}


def register_privacy(part: Privacy) -> None:
    """Have an app asked whenever a person is exported or erased."""
    _registered[part.app] = part


def registered() -> tuple[Privacy, ...]:
    """Every app's part, in the order of registration: the lowest app first."""
    return tuple(_registered.values())


type Note = Callable[[str, datetime], None]

_notes: dict[str, Note] = {}


def note_erasures(name: str, note: Note) -> None:
    """Have every erasure written down outside the database too, just before it is committed.

    Args:
        name: Where; the same name again replaces what was there.
        note: Called with what :class:`~regulars.apps.people.queries.Erased` calls its subject,
            and the instant.
    """
    _notes[name] = note


def noted() -> tuple[Note, ...]:
    """Everybody who writes erasures down."""
    return tuple(_notes.values())
