"""Files of imports are kept for a while, then only what became of them."""

import shutil
from datetime import datetime

from regulars.apps.intake.models import Run
from regulars.apps.intake.places import run_folder, uploads_folder
from regulars.apps.intake.rules import UPLOADED, State

_OPEN = [State.WAITING.value, State.RUNNING.value]


def forget_files(before: datetime) -> int:
    """Remove uploads and rows of imports that ended earlier; return how many there were.

    One that was only looked at ended with the look.

    Both hold what the source said of people: an erasure forgets those of every import.
    """
    over = Run.objects.filter(ended_at__lt=before).exclude(state__in=_OPEN)
    done = 0
    for number in over.values_list("pk", flat=True):
        if run_folder(number).exists():
            shutil.rmtree(run_folder(number), ignore_errors=True)
            done += 1
    return done + _forget_uploads(before)


def _forget_uploads(before: datetime) -> int:
    wanted = set(
        Run.objects.exclude(ended_at__lt=before)
        .filter(source__startswith=UPLOADED)
        .values_list("digest", flat=True)
    )
    old = [
        file
        for file in uploads_folder().iterdir()
        if not file.suffix
        and file.name not in wanted
        and file.stat().st_mtime < before.timestamp()
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
