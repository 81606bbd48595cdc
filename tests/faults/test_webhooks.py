"""Webhooks whose workers die, or whose clocks are off: everything is told, in its order."""

import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from installations import Installation, kill, wait_until
from receivers import Heard, Receiver, receiving, says

ROUNDS, CUSTOMERS = 12, 10
TELLING = Path(__file__).with_name("telling.py")

pytestmark = pytest.mark.slow


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:

        def takes_a_while(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
            time.sleep(0.03)
            says(200)(heard, handler)

        one.reply = takes_a_while
        yield one


@pytest.fixture
def hooked(installation: Installation, receiver: Receiver) -> Installation:
    """An installation in which a webhook has much to be told."""
    with installation.running("script", TELLING, "hook", receiver.address, ROUNDS) as process:
        assert process.wait(60) == 0
    return installation


def done(installation: Installation) -> bool:
    new = "SELECT 1 FROM journal_event WHERE NOT offered LIMIT 1"
    left = "SELECT 1 FROM journal_webhookdelivery WHERE state <> 'done' LIMIT 1"
    # in this order: what was new a moment ago is left now
    return not installation.rows(new) and not installation.rows(left)


def each_in_order(receiver: Receiver) -> bool:
    """Whether each customer was told of all events, and of none after a later one had arrived."""
    firsts: dict[int, list[str]] = {}
    for heard in receiver.heard:
        seen = firsts.setdefault(heard.customer, [])
        if heard.told["id"] not in seen:
            seen.append(heard.told["id"])
    events = [[int(id_.split("_")[1]) for id_ in seen] for seen in firsts.values()]
    return len(firsts) == CUSTOMERS and all(
        len(of_one) == ROUNDS and of_one == sorted(of_one) for of_one in events
    )


def hears_more(receiver: Receiver, count: int) -> bool:
    return len(receiver.heard) > count


def test_a_worker_killed_in_the_midst_of_deliveries_loses_none(
    hooked: Installation, receiver: Receiver
) -> None:
    for killed in range(4):
        # what the dead ones had claimed is free after two minutes, which nobody waits for here
        with hooked.running("script", TELLING, killed * 130) as worker:
            wait_until(partial(hears_more, receiver, len(receiver.heard) + 5))
            kill(worker)
        assert not done(hooked)
    with hooked.running("script", TELLING, 4 * 130):
        wait_until(lambda: done(hooked))
    assert each_in_order(receiver)


def test_two_workers_of_which_one_is_a_minute_ahead_tell_each_once(
    hooked: Installation, receiver: Receiver
) -> None:
    with hooked.running("script", TELLING, 0), hooked.running("script", TELLING, 60):
        wait_until(lambda: done(hooked))
    assert each_in_order(receiver)
    assert len(receiver.heard) == ROUNDS * CUSTOMERS
