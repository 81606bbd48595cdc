"""Workers that die while they send: a promotion goes at most once, a receipt at least once."""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from installations import Installation, wait_until
from mail_servers import Office, mail_server

POSTING = Path(__file__).with_name("posting.py")
DEATHS = ("before claim", "after claim", "after sending", "after accepted", "before sent")
PEOPLE, AT_ONCE = 30, 5
NEVER = "never"
LATER = 6 * 60  # what a dead worker had taken up is free after five minutes

pytestmark = pytest.mark.slow


@pytest.fixture
def office() -> Iterator[Office]:
    with mail_server(Office()) as running:
        yield running


@pytest.fixture
def planned(installation: Installation) -> Installation:
    """An installation in which a newsletter and receipts wait."""
    plan(installation, 0, PEOPLE)
    return installation


def plan(installation: Installation, first: int, last: int) -> None:
    with installation.running("script", POSTING, "plan", first, last) as process:
        assert process.wait(60) == 0


def send(installation: Installation, office: Office, offset: int, death: str = NEVER) -> int:
    """Let a worker send until it dies or nothing is due; its exit code."""
    with installation.running("script", POSTING, "send", office.port, offset, death) as worker:
        return worker.wait(120)


def states(installation: Installation, purpose: str) -> Counter[str]:
    found = installation.rows(
        f"SELECT state FROM contact_delivery WHERE purpose = '{purpose}'"  # noqa: S608 - a test's
    )
    return Counter(str(state) for (state,) in found)


def arrived(office: Office) -> tuple[Counter[str], Counter[str]]:
    """How often each address got the newsletter, and the receipt."""
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for letter in office.letters:
        found["List-Unsubscribe" in letter][str(letter["To"])] += 1
    return found[True], found[False]


def everybody(people: int = PEOPLE) -> set[str]:
    return {f"c{number}@example.com" for number in range(people)}


@pytest.mark.parametrize("death", DEATHS)
def test_wherever_a_worker_is_killed_promotions_go_at_most_once_and_service_at_least_once(
    planned: Installation, office: Office, death: str
) -> None:
    assert send(planned, office, 0, death) == -9
    assert send(planned, office, LATER) == 0
    newsletters, receipts = arrived(office)
    assert max(newsletters.values()) == 1
    assert set(receipts) == everybody()
    assert sum(receipts.values()) <= PEOPLE + AT_ONCE
    letters, service = states(planned, "newsletter"), states(planned, "service")
    assert service == {"sent": PEOPLE}
    assert letters.keys() <= {"sent", "uncertain"}
    assert letters["uncertain"] <= AT_ONCE
    # who is not known to have it is one of those who may not have it
    assert PEOPLE - len(newsletters) <= letters["uncertain"]


def test_killed_again_and_again_the_set_sent_is_the_set_planned(
    planned: Installation, office: Office
) -> None:
    deaths = ("before claim", "after claim", "before claim", "after claim")
    for offset, death in zip(count(0, LATER), deaths, strict=False):
        assert send(planned, office, offset, death) in {-9, 0}
    assert send(planned, office, LATER * 5) == 0
    newsletters, receipts = arrived(office)
    assert newsletters == receipts == Counter(everybody())
    assert states(planned, "newsletter") == {"sent": PEOPLE}


def test_two_workers_of_which_one_is_ten_minutes_ahead_send_everything_once(
    planned: Installation, office: Office
) -> None:
    running = planned.running
    with (
        running("script", POSTING, "send", office.port, 0, NEVER) as one,
        running("script", POSTING, "send", office.port, 600, NEVER) as other,
    ):
        assert (one.wait(120), other.wait(120)) == (0, 0)
    assert send(planned, office, 600 + LATER) == 0
    newsletters, receipts = arrived(office)
    assert max(newsletters.values()) == 1
    assert set(receipts) == everybody()
    assert states(planned, "service") == {"sent": PEOPLE}
    assert states(planned, "newsletter").keys() <= {"sent", "uncertain"}


def test_a_campaign_whose_server_restarts_in_the_middle_goes_on_where_it_was(
    planned: Installation, office: Office
) -> None:
    with planned.running("script", POSTING, "send", office.port, 0, NEVER):
        wait_until(lambda: len(office.letters) > PEOPLE)
    plan(planned, 0, PEOPLE)
    assert send(planned, office, LATER) == 0
    newsletters, receipts = arrived(office)
    assert set(receipts) == everybody()
    assert max(newsletters.values()) == 1
    uncertain = states(planned, "newsletter")["uncertain"]
    assert PEOPLE - len(newsletters) <= uncertain <= AT_ONCE
