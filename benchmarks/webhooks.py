"""Deliveries to webhooks a second, against bare posts by as many threads; run as a script.

The receiver is a process of its own on this machine, which reads each delivery and answers 200.
``webhooks.py --announce`` measures instead what news costs that no webhook wants.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

DELIVERIES = int(os.environ.get("REGULARS_BENCH_DELIVERIES", "6000"))
NEWS = 2000
_RECEIVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

ThreadingHTTPServer.request_queue_size = 64
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def receiving() -> Iterator[str]:
    """A receiver in a process of its own; its address."""
    with subprocess.Popen([sys.executable, "-c", _RECEIVER], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is piped
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/told"
        process.kill()


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)  # noqa: TID251 - a benchmark reads the clock


def ours(address: str) -> float:
    """Seconds that a worker's loop takes to claim, sign, post and settle them."""
    import random

    from django.db import transaction

    from regulars.apps.journal.operations import announce
    from regulars.apps.journal.webhooks.dispatching import Dispatcher
    from regulars.apps.journal.webhooks.operations import WebhookData, add_webhook
    from regulars.apps.people.events import CustomersChanged
    from regulars.apps.people.operations import ensure_customers
    from regulars.kernel.actors import COMMAND

    ensure_customers([f"c{number}" for number in range(DELIVERIES)], now=now())
    add_webhook(WebhookData(address=address), private=True, actor=COMMAND, now=now())
    for first in range(1, DELIVERIES + 1, 100):
        with transaction.atomic():
            announce(CustomersChanged(tuple(range(first, first + 100))), now())
    sender = Dispatcher(now, time.monotonic, random.random, private=True)
    start = time.perf_counter()
    while sender.step() or sender.under_way:
        if sender.under_way:
            sender.wait(1)
    took = time.perf_counter() - start
    sender.close()
    return took


def peer(address: str) -> float:
    """Seconds that as many threads take to post as many bodies, and nothing else."""
    from concurrent.futures import ThreadPoolExecutor

    import requests

    from regulars.apps.journal.webhooks.rules import AT_ONCE

    body = b'{"type": "customer.changed", "data": {"customer": {"number": 1}}}'.ljust(230)

    def post(count: int) -> None:
        with requests.Session() as session:
            for _ in range(count):
                session.post(
                    address, body, headers={"Content-Type": "application/json"}, timeout=9
                )

    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(post, [DELIVERIES // AT_ONCE] * AT_ONCE))
    return time.perf_counter() - start


def announcing() -> None:
    """Print what a piece of news costs without a webhook, and with one that waits for it."""
    from django.db import transaction

    from regulars.apps.journal.operations import announce
    from regulars.apps.journal.webhooks.operations import WebhookData, add_webhook
    from regulars.apps.people.events import CustomersChanged
    from regulars.kernel.actors import COMMAND

    for what in ("no webhook", "a webhook", "no webhook's worth again"):
        start = time.perf_counter()
        for number in range(NEWS):
            with transaction.atomic():
                announce(CustomersChanged((number,)), now())
        print(f"{what}: {(time.perf_counter() - start) / NEWS * 1e6:.0f} µs a piece of news")
        told = WebhookData(address="https://erp.example/")
        add_webhook(told, private=True, actor=COMMAND, now=now())


def one(way: str, folder: Path, url: str) -> None:
    """Measure one way in this process."""
    os.environ |= {"REGULARS_DATA": str(folder), "REGULARS_SECRET_KEY": "x" * 50}
    if url:
        os.environ |= {"REGULARS_DATABASE_URL": url, "REGULARS_INSECURE": "1"}
    from regulars.project.opening import make_ready, open_installation

    open_installation(None)
    make_ready()
    if way == "announce":
        announcing()
        return
    with receiving() as address:
        seconds = {"ours": ours, "peer": peer}[way](address)
    print(seconds)


def measured(way: str, folder: Path, url: str = "") -> float:
    """Seconds that a way takes in a process of its own."""
    command = [sys.executable, __file__, "--one", way, str(folder), url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure ours on both databases and the bare posts, in turns."""
    from installations import Postgres

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = Postgres(folder / "postgresql")
        for kind, url in (("SQLite", ""), ("PostgreSQL", postgres.new_database())):
            us = measured("ours", folder / kind, url)
            them = measured("peer", folder / f"{kind}-peer")
            rates = f"{DELIVERIES / us:6.0f} deliveries /s   bare {DELIVERIES / them:6.0f} /s"
            load = f"load {os.getloadavg()[0]:.1f}"
            print(f"{kind:10}  {rates}   ratio {them / us:.2f}   {load}", flush=True)
        postgres.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    elif sys.argv[1:2] == ["--announce"]:
        with tempfile.TemporaryDirectory() as place:
            one("announce", Path(place), "")
    else:
        main()
