"""A worker with a follower of its own: ``listening.py OFFSET PAUSE``, in seconds.

Its clock is off by the one; hearing a piece of news takes it the other.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from regulars.project.opening import open_installation

open_installation(None)

from django.db import transaction  # noqa: E402 - Django is set up above

from regulars.apps.journal.events import News  # noqa: E402 - same
from regulars.apps.journal.operations import announce, follow, record  # noqa: E402 - same
from regulars.kernel.actors import WORKER  # noqa: E402 - same
from regulars.project.worker import work  # noqa: E402 - same


@dataclass(frozen=True, slots=True)
class Rung(News):
    """Somebody rang."""

    door: int


def main(offset: float, pause: float) -> None:
    """Follow what rings."""

    def hear(news: Mapping[str, object], now: datetime) -> None:
        record(WORKER, "heard", f"door:{news['door']}", now)
        time.sleep(pause)

    follow(Rung, "listener", hear)
    work(Event(), lambda: datetime.now(UTC) + timedelta(seconds=offset))  # noqa: TID251 - the edge


def ring(doors: int) -> None:
    """Announce so many pieces of news that are due."""
    follow(Rung, "listener", lambda _news, _now: None)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        for door in range(doors):
            announce(Rung(door), long_ago)


if __name__ == "__main__":
    if sys.argv[1] == "ring":
        ring(int(sys.argv[2]))
    else:
        main(float(sys.argv[1]), float(sys.argv[2]))
