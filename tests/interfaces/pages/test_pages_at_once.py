"""Several programs press the same button at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connections
from django.test import Client

from recipients import somebody
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.queries.consents import list_consent_events
from regulars.apps.journal.queries import list_entries

HANDS = 6

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def all_at_once(act: Callable[[int], int]) -> list[int]:
    """What each of several threads was answered."""

    def alone(hand: int) -> int:
        try:
            return act(hand)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(alone, range(HANDS)))


def test_one_click_by_many_at_once_is_written_down_once() -> None:
    ona = somebody()
    path, before = ona.unsubscribe(), len(list_consent_events(ona.number))
    told = {"List-Unsubscribe": "One-Click"}
    assert all_at_once(lambda _: Client().post(path, told).status_code) == [200] * HANDS
    assert len(list_consent_events(ona.number)) == before + 1


def test_yes_and_no_at_once_leave_what_one_of_them_said() -> None:
    ona = somebody()
    stop, path = ona.unsubscribe(), ona.preferences()
    yes = {"shown": "newsletter-email", "yes": "newsletter-email"}

    def press(hand: int) -> int:
        return Client().post(*((stop,) if hand % 2 else (path, yes))).status_code

    assert all_at_once(press) == [200] * HANDS
    events = [it for it in list_consent_events(ona.number) if it.purpose == "newsletter"]
    last = max(events, key=lambda it: (it.at, it.id))
    assert ("newsletter-email" in ona.coming()) is (last.state == "granted")
    states = [it.state for it in sorted(events, key=lambda it: (it.at, it.id))]
    assert all(one != two for one, two in pairwise(states))


def test_one_link_to_her_data_is_sent_however_many_ask_at_once() -> None:
    ask = f"{somebody().preferences()}/data"
    by = {"by": "email"}
    assert all_at_once(lambda _: Client().post(ask, by).status_code) == [200] * HANDS
    assert Delivery.objects.count() == 1


def test_erased_by_many_at_once_is_erased_once() -> None:
    ona = somebody()
    erase = f"{ona.my_data()}/erase"
    assert all_at_once(lambda _: Client().post(erase).status_code) == [200] * HANDS
    verbs = [it.verb for it in list_entries(subject=f"customer:{ona.number}")]
    assert verbs.count("erased") == 1
