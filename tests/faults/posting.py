"""A worker that sends through a real mail server, and may die on the way.

``posting.py plan FIRST LAST`` plans a newsletter and receipts for so many customers;
``posting.py send PORT OFFSET DEATH`` sends what is due through the server at a port, by a clock
that is so many seconds off, and kills itself at a point, or ends when nothing is left to do.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

if __name__ == "__main__" and sys.argv[1] == "send":
    os.environ["REGULARS_SMTP_URL"] = f"smtp://127.0.0.1:{sys.argv[2]}?from=shop@shop.example"

from regulars.project.opening import open_installation

open_installation(None)

from messages import plan, somebody  # noqa: E402 - Django is set up above
from regulars.apps.contact.operations import sending  # noqa: E402 - same
from regulars.apps.contact.operations.policy import put_policy  # noqa: E402 - same
from regulars.apps.contact.rules.policy import Policy  # noqa: E402 - same
from regulars.apps.contact.rules.purposes import Channel, Purpose  # noqa: E402 - same
from regulars.apps.contact.tasks import ways_out  # noqa: E402 - same
from regulars.apps.contact.transports.outgoing import Outcome, Outgoing  # noqa: E402 - same
from regulars.apps.contact.transports.smtp import Smtp  # noqa: E402 - same
from regulars.apps.people.queries import numbers_of  # noqa: E402 - same
from regulars.kernel.actors import COMMAND  # noqa: E402 - same

NEVER = 10_000


def die(*_: object, **__: object) -> None:
    """Die as by a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies_at(death: str) -> None:
    """Have the worker die at a point of its way, the third time that it gets there."""
    points: dict[str, tuple[object, str]] = {
        "before claim": (sending, "claim"),
        "after claim": (sending, "pass_gate"),
        "after sending": (Dying, "before"),
        "after accepted": (Dying, "after"),
        "before sent": (sending, "announce"),
    }
    if death in points:
        where, name = points[death]
        setattr(where, name, _third(getattr(where, name)))


def _third(real: Callable[..., object]) -> Callable[..., object]:
    times = iter(range(NEVER))

    def act(*given: object, **named: object) -> object:
        if next(times) == 2:
            die()
        return real(*given, **named)

    return act


class Dying(Smtp):
    """The way by SMTP, which can be cut before and after each message."""

    at_once = 5

    @staticmethod
    def before() -> None:
        """A message is committed as being sent, and not handed over."""

    @staticmethod
    def after() -> None:
        """The server has a message, and nobody wrote it down."""

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over messages."""
        outcomes = super().send(messages)
        for _ in messages:
            Dying.before()
            yield next(outcomes)
            Dying.after()


def send(offset: float, death: str) -> None:
    """Send until nothing is due."""
    dies_at(death)
    ways = replace(ways_out(), transports=dict.fromkeys(Channel, Dying()))
    moment = timedelta(seconds=offset)
    while sending.send_due(ways, lambda: datetime.now(UTC) + moment, most=20):  # noqa: TID251 - the edge
        pass


def plan_for(first: int, last: int) -> None:
    """Plan a newsletter and a receipt for customers of some numbers."""
    now = datetime.now(UTC)  # noqa: TID251 - the edge
    put_policy(Policy(caps=(), quiet_until=time(21)), actor=COMMAND, now=now)
    ids = [f"c{number}" for number in range(first, last)]
    known = numbers_of(ids)
    numbers = [known.get(id_) or somebody(id_, now=now) for id_ in ids]
    plan("issue:1", *numbers, now=now)
    plan("receipt:1", *numbers, purpose=Purpose.SERVICE, now=now)


if __name__ == "__main__":
    if sys.argv[1] == "plan":
        plan_for(int(sys.argv[2]), int(sys.argv[3]))
    else:
        send(float(sys.argv[3]), sys.argv[4])
