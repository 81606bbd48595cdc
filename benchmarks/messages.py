"""Messages to 100,000 people: planned, decided and sent through a provider that takes everything.

Each figure stands beside what the bare database does with the same rows. Run it in the environment
of the tests: ``.venv/bin/python benchmarks/messages.py``.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

PEOPLE = int(os.environ.get("REGULARS_BENCH_PEOPLE", "100000"))
WORKERS = {"SQLite": 1, "PostgreSQL": 2}
TEXT = {
    "en": {
        "subject": "News for {{ customer.name }}",
        "body": "# Hello {{ customer.greeting }}!\n\nNew this week: [see it](https://shop.example).",
    }
}


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge


def fill() -> None:
    """People with an address who agreed to the newsletter, as an import would write them."""
    from regulars.apps.contact.models import Address, ConsentEvent
    from regulars.apps.contact.operations.policy import put_policy
    from regulars.apps.contact.rules.addresses import address_key
    from regulars.apps.contact.rules.policy import Policy
    from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
    from regulars.apps.people.models import Customer
    from regulars.kernel.actors import COMMAND

    now = _now()
    people = Customer.objects.bulk_create(
        (
            Customer(name=f"Person {number}", language="en", made_at=now, changed_at=now)
            for number in range(PEOPLE)
        ),
        batch_size=2000,
    )
    addresses = (
        Address(
            customer_id=person.pk,
            channel=Channel.EMAIL,
            value=f"p{person.pk}@example.com",
            key=address_key(Channel.EMAIL, f"p{person.pk}@example.com"),
            made_at=now,
            changed_at=now,
        )
        for person in people
    )
    Address.objects.bulk_create(addresses, batch_size=2000)
    yes = (
        ConsentEvent(
            customer_id=person.pk,
            purpose=Purpose.NEWSLETTER,
            channel=Channel.EMAIL,
            state=Consent.GRANTED,
            basis=Basis.CONSENT,
            at=now,
            recorded_at=now,
            actor=str(COMMAND),
        )
        for person in people
    )
    ConsentEvent.objects.bulk_create(yes, batch_size=2000)
    put_policy(Policy(quiet_from=clock(0), quiet_until=clock(0)), actor=COMMAND, now=now)


def plan(key: str) -> float:
    """Seconds to plan a newsletter for everybody."""
    from regulars.apps.contact.operations.planning import Message, Recipient, plan_deliveries
    from regulars.apps.contact.rules.purposes import Purpose
    from regulars.apps.people.models import Customer

    numbers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    told = Message(sender="benchmark", dedupe_key=key, purpose=Purpose.NEWSLETTER, content=TEXT)
    start = time.perf_counter()
    plan_deliveries(told, map(Recipient, numbers), now=_now())
    return time.perf_counter() - start


def bare_plan() -> float:
    """Seconds that Django takes to insert the same rows, those that are there left alone."""
    from regulars.apps.contact.models import Batch, Delivery
    from regulars.apps.people.models import Customer

    now = _now()
    numbers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    batch = Batch.objects.create(
        sender="bare", dedupe_key="1", purpose="newsletter", content=TEXT, made_at=now
    )
    start = time.perf_counter()
    Delivery.objects.bulk_create(
        (
            Delivery(
                batch=batch,
                customer_id=number,
                purpose="newsletter",
                priority=20,
                made_at=now,
                due_at=now,
                valid_until=now + timedelta(days=3),
            )
            for number in numbers
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    took = time.perf_counter() - start
    batch.delete()
    return took


def work(gate_only: str) -> None:
    """Decide, or decide and send, until nothing is due."""
    from regulars.apps.contact.operations.claiming import claim
    from regulars.apps.contact.operations.gating import pass_gate
    from regulars.apps.contact.operations.sending import Ways, send_due
    from regulars.apps.contact.queries.policy import get_policy
    from regulars.apps.contact.rules.purposes import Channel
    from regulars.apps.contact.transports.null import Null
    from regulars.apps.firm.queries import get_company

    if gate_only == "gate":
        lease, policy, firm = f"lease {os.getpid()}", get_policy(), get_company()
        while claim(lease, now=_now(), most=200):
            pass_gate(lease, policy, firm, now=_now(), most=200)
        return
    null = Null()
    ways = Ways(
        transports=dict.fromkeys(Channel, null), sender="shop@shop.example", secret="x" * 50
    )
    while send_due(ways, _now):
        pass


def bare_work() -> None:
    """Take up and settle the same rows two hundred at a time, and decide nothing."""
    from django.db import connection, transaction

    from regulars.apps.contact.models import Delivery

    while True:
        with transaction.atomic():
            due = Delivery.objects.filter(state="planned").order_by("-priority", "id")
            if connection.features.has_select_for_update_skip_locked:
                due = due.select_for_update(skip_locked=True)
            ids = list(due.values_list("pk", flat=True)[:200])
            if not ids:
                return
            Delivery.objects.filter(pk__in=ids).update(state="claimed")
        now = _now()
        Delivery.objects.filter(pk__in=ids).update(state="sending", gone_at=now)
        Delivery.objects.filter(pk__in=ids).update(state="sent", ended_at=now)


def again(state: str = "planned") -> None:
    """Make everything due once more."""
    from regulars.apps.contact.models import Delivery

    Delivery.objects.update(
        state=state,
        gone_at=None,
        ended_at=None,
        channel="",
        destination="",
        key="",
        lease="",
        leased_until=None,
        attempts=0,
    )


def _run(environment: dict[str, str], *words: str) -> float:
    """Seconds of one part in processes of its own; those that print their own say so."""
    command = [sys.executable, __file__, *words]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout.strip() or 0)


@contextmanager
def _prepared() -> Iterator[dict[str, dict[str, str]]]:
    """Both databases, with everybody in them."""
    from installations import Installation, Postgres

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        server = Postgres(place / "postgresql")
        try:
            ready = {
                "SQLite": Installation(place / "lite").made(),
                "PostgreSQL": Installation(place / "post", server.new_database()).made(),
            }
            people = {"REGULARS_BENCH_PEOPLE": str(PEOPLE)}
            yield {database: it.environment | people for database, it in ready.items()}
        finally:
            server.stop()


def _together(environment: dict[str, str], workers: int, *words: str) -> float:
    """Seconds until as many workers as there are have nothing left to do."""
    _run(environment, "again")
    ready = [
        subprocess.Popen(
            [sys.executable, __file__, *words],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    for process in ready:
        assert process.stdout is not None  # noqa: S101 - it is piped
        process.stdout.readline()
    start = time.perf_counter()
    for process in ready:
        process.communicate("go\n")
    return time.perf_counter() - start


def told(what: str, database: str, ours: float, peer: float) -> None:
    """Say how fast it was."""
    rates = f"ours {PEOPLE / ours:8,.0f} a second | bare {PEOPLE / peer:8,.0f} a second"
    print(f"{what:28} {database:10} | {rates} | ratio {peer / ours:.2f}", flush=True)


def main() -> None:
    """Measure on both databases."""
    with _prepared() as environments:
        for database, environment in environments.items():
            _run(environment, "fill")
            first = _run(environment, "plan", "1")
            second = _run(environment, "plan", "1")
            bare = _run(environment, "bare_plan")
            told("planned", database, first, bare)
            told("planned again (none added)", database, second, bare)
            workers = WORKERS[database]
            bare = _together(environment, workers, "bare_work")
            told(
                f"decided, {workers} worker(s)",
                database,
                _together(environment, workers, "work", "gate"),
                bare,
            )
            told(
                f"sent, {workers} worker(s)",
                database,
                _together(environment, workers, "work", "send"),
                bare,
            )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        from regulars.project.opening import open_installation

        open_installation(None)
        part: Callable[..., float | None] = globals()[sys.argv[1]]
        if "work" in sys.argv[1]:
            print("ready", flush=True)
            sys.stdin.readline()
        answer = part(*sys.argv[2:])
        if answer is not None:
            print(answer)
