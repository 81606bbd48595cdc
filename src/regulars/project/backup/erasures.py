"""Who was erased after a backup was taken is erased again when it has been restored."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from regulars.apps.people.operations import replay_erasures
from regulars.apps.people.queries import Erased as ErasedPerson
from regulars.kernel.actors import COMMAND
from regulars.kernel.erased import Erased, note_erased


def note(subject: str, at: datetime) -> None:
    """Write an erasure down in the data folder, where no restore takes it back."""
    note_erased(settings.DATA_FOLDER, Erased(subject, at))


def erase_again(erased: Sequence[Erased], now: datetime) -> None:
    """Erase people once more, through every app that holds something of them."""
    people = (ErasedPerson.read(one.subject, one.at) for one in erased)
    replay_erasures(people, actor=COMMAND, now=now)
