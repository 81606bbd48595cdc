"""A newsletter to many, whose planner and workers are killed again and again.

``make soak`` does it with a hundred thousand.
"""

import os
from itertools import count
from pathlib import Path

import pytest

from installations import Installation, kill, wait_until

POSTING = Path(__file__).with_name("posting_many.py")
PEOPLE = int(os.environ.get("REGULARS_SOAK_PEOPLE", "3000"))
KILLS, AT_ONCE = 6, 200
LATER = 6 * 60  # what a dead worker had taken up is free after five minutes

pytestmark = pytest.mark.slow


def run(installation: Installation, *words: object) -> None:
    with installation.running("script", POSTING, *words) as process:
        assert process.wait(3600) == 0


def planned(installation: Installation) -> int:
    [(number,)] = installation.rows("SELECT count(*) FROM contact_delivery")
    return int(str(number))


def taken(installation: Installation) -> list[str]:
    """What the provider took, in order."""
    file = installation.folder / "taken"
    return file.read_text(encoding="ascii").split() if file.is_file() else []


def test_the_set_sent_equals_the_set_planned_whoever_is_killed_when(
    installation: Installation,
) -> None:
    run(installation, "make", PEOPLE)
    with installation.running("script", POSTING, "plan") as planner:
        wait_until(lambda: planned(installation) > 0 or planner.poll() is not None)
        kill(planner)
    run(installation, "plan")
    assert planned(installation) == PEOPLE
    offsets = count(0, LATER)
    for step in range(1, KILLS + 1):
        with installation.running("script", POSTING, "send", next(offsets)) as worker:
            enough = step * PEOPLE // (KILLS + 2)
            wait_until(lambda: len(taken(installation)) > enough)  # noqa: B023 - asked at once
            kill(worker)
    run(installation, "send", next(offsets))
    went = taken(installation)
    assert len(went) == len(set(went))
    rows = installation.rows("SELECT id, state FROM contact_delivery")
    states = {str(number): str(state) for number, state in rows}
    assert set(states.values()) <= {"sent", "uncertain"}
    uncertain = {number for number, state in states.items() if state == "uncertain"}
    assert len(uncertain) <= KILLS * AT_ONCE
    assert states.keys() - set(went) <= uncertain
    assert states.keys() - uncertain <= set(went)
