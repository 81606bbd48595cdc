"""Workers that die, or whose clocks are off: every piece of news is heard once."""

from pathlib import Path

import pytest

from installations import Installation, kill, wait_until

DOORS = 60
LISTENING = Path(__file__).with_name("listening.py")

pytestmark = pytest.mark.slow


@pytest.fixture
def rung(installation: Installation) -> Installation:
    """An installation in which work waits for a follower."""
    with installation.running("script", LISTENING, "ring", DOORS) as process:
        assert process.wait(60) == 0
    return installation


def heard(installation: Installation) -> list[tuple[object, ...]]:
    return installation.rows("SELECT subject FROM journal_entry WHERE verb = 'heard'")


def done(installation: Installation) -> bool:
    return not installation.rows("SELECT 1 FROM journal_handling WHERE state <> 'done' LIMIT 1")


def each_once(installation: Installation) -> bool:
    return sorted(heard(installation)) == sorted((f"door:{door}",) for door in range(DOORS))


def test_a_worker_killed_in_the_midst_loses_nothing_and_does_nothing_twice(
    rung: Installation,
) -> None:
    with rung.running("script", LISTENING, 0, 0.05) as worker:
        wait_until(lambda: len(heard(rung)) > 5)
        kill(worker)
    assert not done(rung)
    later = 6 * 60  # what the dead one had taken up is free after five minutes
    with rung.running("script", LISTENING, later, 0):
        wait_until(lambda: done(rung))
    assert each_once(rung)


def test_two_workers_of_which_one_is_ten_minutes_ahead_hear_everything_once(
    rung: Installation,
) -> None:
    with (
        rung.running("script", LISTENING, 0, 0.03),
        rung.running("script", LISTENING, 600, 0.03),
    ):
        wait_until(lambda: done(rung))
    assert each_once(rung)
