"""Imports as tests ask for them."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from callers import Body
from regulars.apps.intake.operations import take_source
from regulars.apps.intake.queries import RejectRow, RunRow, find_rejects, get_run
from regulars.apps.intake.rules import Aim, How, Kind
from regulars.apps.intake.tasks import new_worker, run_due_imports
from regulars.apps.intake.uploads import keep_upload
from regulars.interfaces.api.import_rows import BODIES
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LARGEST = 10_000_000
EUROS = How(currency="EUR")


def ndjson(*rows: object) -> bytes:
    """Rows as lines of JSON."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def asked(
    content: bytes | str | Path,
    kind: Kind = Kind.ORDERS,
    how: How = EUROS,
    aim: Aim = Aim.IMPORT,
    name: str = "orders.csv",
) -> int:
    """Ask for the import of an upload; return its number."""
    if isinstance(content, Path):
        name, content = content.name, content.read_bytes()
    told = content.encode() if isinstance(content, str) else content
    upload = keep_upload([told], name, largest=LARGEST)
    return take_source(upload.named, kind, how, aim=aim, actor=COMMAND, now=NOW)


def worked(now: datetime = NOW, worker: str | None = None) -> int:
    """Let a worker do every step that is due; return how many there were."""
    worker = worker or new_worker()
    steps = 0
    while run_due_imports(worker, now, BODIES):
        steps += 1
    return steps


def imported(
    content: bytes | str | Path,
    kind: Kind = Kind.ORDERS,
    how: How = EUROS,
    aim: Aim = Aim.IMPORT,
    name: str = "orders.csv",
) -> RunRow:
    """The run of an upload once the worker is through with it."""
    number = asked(content, kind, how, aim, name)
    worked()
    return get_run(number)


def refused(run: RunRow) -> list[RejectRow]:
    """The rows that a run rejected."""
    return list(find_rejects(run.id))


def counts(run: RunRow) -> tuple[int, int, int, int, int]:
    """Read, rejected, created, updated, unchanged."""
    return run.read, run.rejected, run.created, run.updated, run.unchanged


def order(number: int, **more: Body) -> Mapping[str, Body]:
    """An order in the words of the API."""
    lines: Body = [{"product_id": f"p{number % 2}", "amount": f"{number}.10", "quantity": 2}]
    told: dict[str, Body] = {
        "id": f"o{number}",
        "customer_id": f"c{number % 3}",
        "ordered_at": f"2026-01-{number % 28 + 1:02}T10:00:00+02:00",
        "currency": "EUR",
        "lines": lines,
    }
    return told | more


def orders(count: int) -> Iterable[Mapping[str, Body]]:
    """Orders in the words of the API."""
    return (order(number) for number in range(count))
