"""The web server is killed or asked to stop while it writes."""

import signal
import threading
from collections.abc import Callable

import pytest

from installations import Answer, Installation, Server, kill, orders, wait_until

COUNT = 3000

pytestmark = pytest.mark.slow


def in_the_midst(
    installation: Installation, server: Server, secret: str, act: Callable[[], None]
) -> Answer:
    """Do something while a long list is being written; what the list was answered."""
    told: list[Answer] = []

    def post() -> None:
        told.append(server.post("/api/v1/orders", orders(COUNT), secret, key="night"))

    thread = threading.Thread(target=post)
    thread.start()
    wait_until(installation.is_writing)
    act()
    thread.join()
    return told[0]


def counted(installation: Installation) -> list[tuple[object, ...]]:
    return installation.rows(
        "SELECT (SELECT count(*) FROM orders_order), (SELECT count(*) FROM orders_line),"
        " (SELECT count(*) FROM people_customer), (SELECT count(*) FROM journal_answer)"
    )


def test_a_list_cut_off_by_a_kill_is_taken_whole_when_it_is_sent_again(
    installation: Installation,
) -> None:
    secret = installation.key()
    with installation.serving() as server:
        cut = in_the_midst(installation, server, secret, lambda: kill(server.process))
    assert cut.status == 0
    assert counted(installation) == [(0, 0, 0, 0)]
    with installation.serving() as server:
        first = server.post("/api/v1/orders", orders(COUNT), secret, key="night")
        again = server.post("/api/v1/orders", orders(COUNT), secret, key="night")
    assert (first.status, again.body) == (200, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert counted(installation) == [(COUNT, 2 * COUNT, 97, 1)]


def test_a_server_that_is_asked_to_stop_answers_what_it_has_begun(
    installation: Installation,
) -> None:
    secret = installation.key()
    with installation.serving() as server:
        stop = lambda: server.process.send_signal(signal.SIGTERM)  # noqa: E731 - named for its use
        answer = in_the_midst(installation, server, secret, stop)
        assert answer.status == 200
        assert server.process.wait(60) == 0
    assert counted(installation) == [(COUNT, 2 * COUNT, 97, 1)]
