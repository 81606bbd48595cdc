"""Deliveries on their way: each webhook has threads of its own, the records one alone.

Threads speak HTTP and nothing else. So a receiver that is slow delays its own deliveries only,
and no thread holds a connection to the database.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

from regulars.apps.journal.webhooks.posting import Answer, Receiver
from regulars.apps.journal.webhooks.queue import (
    UNTOLD,
    Claimed,
    Lane,
    Sent,
    claim_deliveries,
    due_lanes,
    offer_events,
    release,
    settle,
)
from regulars.apps.journal.webhooks.rules import AT_ONCE, signature

type Clock = Callable[[], datetime]

_AHEAD = 8
"""So many times what is on its way is claimed at once, lest threads wait for the records."""
_LOOK = 0.05
_MOMENT = 0.02


class _Way:
    """The way to one receiver: its threads, and what is on it."""

    def __init__(self, lane: Lane, receiver: Receiver) -> None:
        self.address = lane.address
        self.receiver = receiver
        self.under_way: dict[int, Claimed] = {}
        self._threads = ThreadPoolExecutor(AT_ONCE, "webhook")

    def room(self, lane: Lane) -> int:
        """How many more deliveries it takes; none where it leads somewhere else by now."""
        if lane.address != self.address:
            return 0
        return (1 if lane.is_failing else AT_ONCE * _AHEAD) - len(self.under_way)

    def send(self, delivery: Claimed, work: Callable[[], None]) -> None:
        """Have a thread send a delivery."""
        self.under_way[delivery.id] = delivery
        self._threads.submit(work)

    def close(self) -> None:
        """Send nothing more; what has begun is waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self.receiver.is_busy:
            self.receiver.cut_overdue()
            time.sleep(_LOOK)
        self._threads.shutdown()
        self.receiver.close()


class Dispatcher:
    """Sends what is due; one thread calls it.

    Args:
        clock: Tells the time.
        seconds: Tells seconds that only ever grow.
        chance: Numbers from 0 to 1.
        private: Whether receivers within the firm's own network are allowed.
    """

    def __init__(
        self,
        clock: Clock,
        seconds: Callable[[], float],
        chance: Callable[[], float],
        *,
        private: bool,
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._chance = chance
        self._private = private
        self._ways: dict[int, _Way] = {}
        self._sent: SimpleQueue[Sent] = SimpleQueue()
        self._answered: list[Sent] = []  # kept until the records have it

    @property
    def under_way(self) -> int:
        """How many deliveries are not settled yet."""
        return sum(len(way.under_way) for way in self._ways.values())

    def step(self) -> int:
        """Settle what was answered, offer what is new, send what is due; return how much."""
        now = self._clock()
        for way in self._ways.values():
            way.receiver.cut_overdue()
        done = self._settle()
        done += offer_events(now)
        for lane in due_lanes(now):
            done += self._fill(lane, now)
        if not done:
            self._close_idle()
        return done

    def _fill(self, lane: Lane, now: datetime) -> int:
        """Claim as many deliveries as the way takes, and send them."""
        way = self._way(lane)
        room = way.room(lane)
        if room <= 0:
            return 0
        claimed = claim_deliveries(lane.webhook, secrets.token_hex(16), now, room)
        for delivery in claimed:
            self._send(way, lane, delivery)
        return len(claimed)

    def _close_idle(self) -> None:
        idle = [number for number, way in self._ways.items() if not way.under_way]
        for number in idle:
            self._ways.pop(number).close()

    def wait(self, most: float) -> None:
        """Wait until something is answered, or so many seconds.

        Where much is on its way, half of it is waited for, for a moment: the records take many
        answers at the cost of one.
        """
        with suppress(Empty):
            self._answered.append(self._sent.get(timeout=most))
            while len(self._answered) < self.under_way // 2:
                self._answered.append(self._sent.get(timeout=_MOMENT))

    def close(self) -> None:
        """Wait for what has begun and settle it; give back the rest."""
        for way in self._ways.values():
            way.close()
        self._settle()
        release(it for way in self._ways.values() for it in way.under_way.values())
        self._ways.clear()

    def _way(self, lane: Lane) -> _Way:
        way = self._ways.get(lane.webhook)
        if way is None:
            receiver = Receiver(lane.address, private=self._private, clock=self._seconds)
            way = self._ways[lane.webhook] = _Way(lane, receiver)
        return way

    def _send(self, way: _Way, lane: Lane, delivery: Claimed) -> None:
        def work() -> None:
            at = self._clock()
            self._sent.put(Sent(delivery, _post(way.receiver, lane, delivery, at), at))

        way.send(delivery, work)

    def _settle(self) -> int:
        with suppress(Empty):
            while True:
                self._answered.append(self._sent.get_nowait())
        sent = list(self._answered)
        if sent:
            settle(sent, self._clock(), self._chance)
            for it in sent:
                self._ways[it.delivery.webhook].under_way.pop(it.delivery.id, None)
            self._answered.clear()
        return len(sent)


def _post(receiver: Receiver, lane: Lane, delivery: Claimed, at: datetime) -> Answer:
    if delivery.body is None:
        return UNTOLD
    return receiver.post(delivery.body, headers_of(lane.keys, delivery.message, at, delivery.body))


def headers_of(
    keys: tuple[bytes, ...], message: str, at: datetime, body: bytes
) -> Mapping[str, str]:
    """The headers of a delivery, signed by every key that lives."""
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Regulars",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message, timestamp, body) for key in keys),
    }
