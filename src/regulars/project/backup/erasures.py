"""Who was erased after a backup was taken is erased again when it has been restored."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

import regulars.kernel.erased as kept
from regulars.apps.people.operations import replay_erasures
from regulars.apps.people.queries import Erased
from regulars.kernel.actors import COMMAND


def note(subject: str, at: datetime) -> None:
    """Write an erasure down in the data folder, just before it is committed."""
    kept.note_erased(Path(settings.DATA_FOLDER), kept.Erased(subject, at))


def erase_again(erased: Sequence[kept.Erased]) -> None:
    """Erase people once more, in every app: the one place that a restore calls.

    The trail says that it was done when it was: at the time of the erasure itself.
    """
    for one in erased:
        replay_erasures([Erased.read(one.subject, one.at)], actor=COMMAND, now=one.at)
