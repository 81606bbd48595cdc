"""Bells, a receiver and a worker."""

from collections.abc import Iterator

import pytest

from bells import Closed, Rung, Worker, tell_closed, tell_rung
from receivers import Receiver, receiving
from regulars.apps.journal.webhooks import registry
from regulars.apps.journal.webhooks.registry import Published, publish
from regulars.kernel.wording import say


@pytest.fixture(autouse=True)
def _bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_published", {})
    publish(
        Published(
            news=Rung,
            name="bell.rung",
            what=say("A bell rang"),
            customers=lambda data: data["customers"],
            tell=tell_rung,
        )
    )
    publish(
        Published(
            news=Closed,
            name="door.closed",
            what=say("A door was closed"),
            customers=lambda _: (None,),
            tell=tell_closed,
        )
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def worker() -> Iterator[Worker]:
    one = Worker()
    yield one
    one.dispatcher.close()
