"""A shop's orders arrive whole and once, whatever is killed on their way."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from architecture.house import ROOT

REGULARS = str(Path(sys.executable).with_name("regulars"))
FEEDER = str(ROOT / "docs/examples/feed_orders.py")
HEADINGS = "order_id,customer_id,ordered_at,currency,product_id,category,quantity,amount"
ORDERS, BATCH = 1200, 100
BAD = {f"W{number:05}" for number in (7, 555, 1199)}

pytestmark = pytest.mark.slow


class Shop:
    """A shop with its file, its key and an installation of the platform."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._surroundings = {n: t for n, t in os.environ.items() if "REGULARS" not in n} | {
            "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
            "REGULARS_DATA": str(folder / "data"),
        }
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            self._port = str(bound.getsockname()[1])
        self._run("up", "--port", self._port, "--exit-when-ready")
        key = self._run("key", "create", "--name", "webshop", "--role", "manager")
        (folder / "shop.key").write_text(key)
        self._write_orders()

    def _run(self, *words: str) -> str:
        return subprocess.run(  # noqa: S603 - our own command
            [REGULARS, *words],
            env=self._surroundings,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=120,
        ).stdout

    def _write_orders(self) -> None:
        with (self.folder / "orders.csv").open("w", encoding="utf-8") as file:
            file.write(f"{HEADINGS}\n")
            for number in range(1, ORDERS + 1):
                id_ = f"W{number:05}"
                currency = "EURO" if id_ in BAD else "EUR"
                start = (
                    f"{id_},c{number % 90},2026-03-{1 + number % 28:02}T10:00:00+02:00,{currency}"
                )
                file.write(f"{start},tea,drinks,1,{number}.50\n{start},honey,pantry,2,3\n")

    @contextmanager
    def open(self) -> Iterator[subprocess.Popen[str]]:
        """Run the web server; at the end it is killed, with all that it started."""
        server = subprocess.Popen(  # noqa: S603 - our own command
            [REGULARS, "web", "--port", self._port],
            env=self._surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            self._wait()
            yield server
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                with urlopen(f"http://127.0.0.1:{self._port}/readyz", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    @contextmanager
    def feeding(self) -> Iterator[subprocess.Popen[str]]:
        """Run the feeder; at the end it is killed if it still runs."""
        command = [sys.executable, FEEDER, "orders.csv", "--batch", str(BATCH)]
        feeder = subprocess.Popen(  # noqa: S603 - our own script
            [*command, "--url", f"http://127.0.0.1:{self._port}", "--key-file", "shop.key"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield feeder
        finally:
            feeder.kill()
            feeder.communicate()

    def orders(self) -> dict[str, str]:
        """The amount of each order that the platform has."""
        key = (self.folder / "shop.key").read_text().strip()
        found: dict[str, str] = {}
        after: str | None = ""
        while after is not None:
            address = f"http://127.0.0.1:{self._port}/api/v1/orders?limit=500&after={after}"
            request = Request(address, headers={"Authorization": f"Bearer {key}"})
            with urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
                page = json.load(answer)
            found |= {row["id"]: row["amount"] for row in page["items"]}
            after = page["next"]
        return found


def wait_for(feeder: subprocess.Popen[str], line: str) -> None:
    """Read what a feeder tells until it tells that."""
    assert feeder.stderr is not None
    for told in feeder.stderr:
        if line in told:
            return
    raise AssertionError(f"{line} was never told")


def test_orders_arrive_whole_and_once_though_both_sides_are_killed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with ExitStack() as until_the_end:
        with shop.open():
            with shop.feeding() as first:
                wait_for(first, "300 orders sent")
            second = until_the_end.enter_context(shop.feeding())
            wait_for(second, "600 orders sent")
        wait_for(second, "once more in")
        with shop.open():
            told, _ = second.communicate(timeout=120)
            found = shop.orders()
    assert told.startswith(f"{ORDERS} orders: ")
    good = {f"W{number:05}": f"{number + 3}.50" for number in range(1, ORDERS + 1)}
    assert found == {id_: amount for id_, amount in good.items() if id_ not in BAD}
    with (tmp_path / "orders.csv.refused.csv").open(encoding="utf-8") as refused:
        rows = list(csv.DictReader(refused))
    assert sorted(row["order_id"] for row in rows) == sorted(BAD)
    assert {row["field"] for row in rows} == {"currency"}
