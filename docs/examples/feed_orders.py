"""Feeds orders from a CSV file to Regulars, as a shop would: each once, whatever breaks meanwhile.

    python feed_orders.py orders.csv --url http://127.0.0.1:8000 --key-file webshop.key

The file has a row for each line of an order, the rows of an order one below the other. Orders go
out in batches. After a refusal that passes (429, 5xx) or a lost connection a batch is sent again
under the same Idempotency-Key. How far it came stands in ``orders.csv.progress`` in the current
folder, so that it goes on there when it is started again; rows that were refused stand in
``orders.csv.refused.csv`` with the reason.
"""

import argparse
import csv
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from itertools import batched, count, groupby, islice
from pathlib import Path
from typing import Any, TextIO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TOO_MANY, SERVER = 429, 500
LONGEST_WAIT = 30.0

type Order = Mapping[str, Any]
type Result = Mapping[str, Any]


def main() -> None:
    """Read the command line and feed the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", required=True, help="where Regulars answers")
    parser.add_argument("--key-file", type=Path, required=True, help="a file with the key")
    parser.add_argument("--batch", type=int, default=500, help="orders in one request")
    options = parser.parse_args()
    key = options.key_file.read_text(encoding="ascii").strip()
    progress = Progress(options.file.name)
    orders = islice(orders_of(options.file), progress.orders, None)
    for batch in batched(orders, options.batch):
        progress.add(send(f"{options.url}/api/v1/orders", key, batch))
        tell(f"{progress.orders} orders sent")
    tell(f"{progress.orders} orders: {progress.summary}", sys.stdout)


def orders_of(file: Path) -> Iterator[Order]:
    """The orders of a file, in its order."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for id_, group in groupby(csv.DictReader(opened), key=lambda row: row["order_id"]):
            rows = list(group)
            yield {
                "id": id_,
                "customer_id": rows[0]["customer_id"] or None,
                "ordered_at": rows[0]["ordered_at"],
                "currency": rows[0]["currency"],
                "channel": "web",
                "lines": [
                    {name: row[name] for name in ("product_id", "category", "quantity", "amount")}
                    for row in rows
                ],
            }


def send(url: str, key: str, batch: Sequence[Order]) -> Sequence[Result]:
    """Send a batch until it is answered; a refusal that does not pass ends the program."""
    body = json.dumps(batch).encode()
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": hashlib.sha256(body).hexdigest(),
    }
    for attempt in count():
        wait = min(0.5 * 2**attempt, LONGEST_WAIT)
        try:
            with urlopen(Request(url, body, headers), timeout=60) as answer:  # noqa: S310 - as told
                results: Sequence[Result] = json.load(answer)["results"]
                return results
        except HTTPError as refusal:
            if refusal.code != TOO_MANY and refusal.code < SERVER:
                sys.exit(f"Refused: {refusal.read().decode()}")
            wait = float(refusal.headers.get("Retry-After") or wait)
            tell(f"{refusal.code}; once more in {wait:g} s")
        except (OSError, HTTPException, ValueError) as error:
            tell(f"{error}; once more in {wait:g} s")
        time.sleep(wait)
    raise AssertionError


class Progress:
    """How far a file has come, kept on disk after each batch."""

    def __init__(self, name: str) -> None:
        self._file = Path(f"{name}.progress")
        self._refused = Path(f"{name}.refused.csv")
        self.orders, self.counts, self._size = 0, Counter[str](), 0
        if self._file.exists():
            told = json.loads(self._file.read_text(encoding="utf-8"))
            self.orders, self._size = told["orders"], told["size"]
            self.counts = Counter(told["counts"])
        else:
            self._refused.write_text("order_id,field,message\n", encoding="utf-8")
            self._size = self._refused.stat().st_size

    @property
    def summary(self) -> str:
        """How many orders were answered what."""
        return ", ".join(f"{n} {status}" for status, n in sorted(self.counts.items())) or "none"

    def add(self, results: Sequence[Result]) -> None:
        """Count what a batch was answered, and keep what was refused."""
        with self._refused.open("r+", encoding="utf-8", newline="") as opened:
            opened.truncate(self._size)  # what a program that was stopped had begun to write
            opened.seek(self._size)
            csv.writer(opened, lineterminator="\n").writerows(
                (result["id"], error["field"], error["message"])
                for result in results
                if result["status"] == "rejected"
                for error in result["error"]["errors"]
            )
        self._size = self._refused.stat().st_size
        self.orders += len(results)
        self.counts.update(result["status"] for result in results)
        self._keep()

    def _keep(self) -> None:
        told = {"orders": self.orders, "size": self._size, "counts": self.counts}
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(told), encoding="utf-8")
        beside.replace(self._file)


def tell(line: str, to: TextIO | None = None) -> None:
    """Say something to whoever watches."""
    print(line, file=to or sys.stderr)


if __name__ == "__main__":
    main()
