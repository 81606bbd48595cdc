"""Imports: batches in columns end as the same orders told one by one; runs are undone."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.apps.journal.operations import follow
from regulars.apps.journal.queries import list_entries
from regulars.apps.journal.undoing import count_written, forget_written, is_written
from regulars.apps.orders.events import OrdersTaken
from regulars.apps.orders.operations import (
    LineColumns,
    OrderColumns,
    Outcome,
    Undone,
    import_costs,
    import_orders,
    import_products,
    import_refunds,
    import_subscriptions,
    put_products,
    take_orders,
    undo_run,
)
from regulars.apps.orders.queries import (
    find_product,
    list_costs,
    list_orders,
    list_products,
)
from regulars.apps.orders.rules import (
    CostData,
    CostKind,
    Every,
    LineData,
    OrderData,
    ProductData,
    RefundData,
    SubscriptionData,
)
from regulars.apps.people.operations import CustomerData, import_customers, put_customers
from regulars.apps.people.queries import find_customer, list_customers
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from soaking import SOAK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MILK = LineData(line="1", product_id="milk", quantity=Decimal(2), amount=Decimal("3.10"))
BREAD = replace(
    MILK, line="2", product_id="bread", amount=Decimal("1.5"), unit_cost=Decimal("0.9")
)
ORDER = OrderData(
    id="o1",
    customer_id="c1",
    ordered_at=datetime(2026, 1, 2, 10, tzinfo=timezone(timedelta(hours=2))),
    currency="EUR",
    amount=Decimal("4.60"),
    lines=(MILK, BREAD),
)

pytestmark = pytest.mark.django_db


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def columns_of(told: Sequence[OrderData]) -> tuple[OrderColumns, LineColumns]:
    """Orders as an import tells them."""
    lines = [(order.id, line) for order in told for line in order.lines]
    own = [field.name for field in fields(OrderColumns) if field.name != "utc_offset"]
    return OrderColumns(
        **{name: [getattr(order, name) for order in told] for name in own},
        utc_offset=[
            (order.ordered_at.utcoffset() or timedelta()) // timedelta(minutes=1) for order in told
        ],
    ), LineColumns(
        order_id=[id_ for id_, _ in lines],
        **{
            field.name: [getattr(line, field.name) for _, line in lines]
            for field in fields(LineColumns)
            if field.name != "order_id"
        },
    )


def bring(*told: OrderData, run: str = "r1", now: datetime = NOW) -> Counter[Outcome]:
    return import_orders(*columns_of(told), run=run, actor=COMMAND, now=now)


def take(*told: OrderData, now: datetime = NOW) -> list[Outcome]:
    return take_orders(told, actor=COMMAND, now=now)


def undo(run: str = "r1", most: int = 1000) -> Counter[Undone]:
    done: Counter[Undone] = Counter()
    while step := undo_run(run, actor=COMMAND, now=at(100), most=most):
        done += step
    return done


def state() -> object:
    """Everything that a caller sees of orders, products and customers."""
    return (
        list_orders(limit=500),
        [(row.id, row.name, row.category) for row in list_products(limit=500)],
        [
            (row.id, row.name, row.is_stub, row.birthday, dict(row.attributes))
            for row in list_customers(limit=500)
        ],
        [(row.id, row.kind, row.amount) for row in list_costs()],
    )


_LINES = st.lists(
    st.builds(
        LineData,
        line=st.sampled_from(["1", "2", "three\\"]),
        product_id=st.sampled_from(["milk", "Käse\tund\\N", "王"]),
        category=st.sampled_from(["", "dairy", "a\nb", "\\N"]),
        quantity=st.decimals("0.001", "99", places=3),
        amount=st.decimals("0", "99", places=2),
        unit_cost=st.none() | st.decimals("0", "9", places=4),
    ),
    max_size=3,
    unique_by=lambda line: line.line,
).map(tuple)
_OFFSETS = st.sampled_from([-14 * 60, -210, 0, 120, 14 * 60])
_ORDERS = st.lists(
    st.builds(
        OrderData,
        id=st.sampled_from(["a", "b", "c'", 'd"\\']),
        customer_id=st.none() | st.sampled_from(["x", "ы"]),
        ordered_at=st.builds(
            lambda moment, minutes: moment.replace(tzinfo=timezone(timedelta(minutes=minutes))),
            st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - given one
            _OFFSETS,
        ),
        currency=st.sampled_from(["EUR", "USD"]),
        amount=st.decimals("0", "99", places=2),
        channel=st.sampled_from(["", "web"]),
        store=st.sampled_from(["", "S\t1"]),
        lines=_LINES,
    ),
    max_size=4,
    unique_by=lambda order: order.id,
)
_ONCE = [HealthCheck.function_scoped_fixture]
_FEW = settings(max_examples=15 * SOAK, deadline=None, suppress_health_check=_ONCE)


def forgetting(act: Callable[[], object]) -> object:
    """What something ends in, on tables that are then as they were."""
    with transaction.atomic():
        act()
        found = state()
        transaction.set_rollback(True)
    return found


@_FEW
@given(st.lists(_ORDERS, max_size=3))
def test_an_import_ends_in_the_state_that_telling_the_orders_ends_in(
    told: list[list[OrderData]],
) -> None:
    def imported() -> None:
        for hour, batch in enumerate(told):
            bring(*batch, now=at(hour))

    def taken() -> None:
        for hour, batch in enumerate(told):
            take(*batch, now=at(hour))

    assert forgetting(imported) == forgetting(taken)


@_FEW
@given(_ORDERS)
def test_what_one_way_took_is_unchanged_by_the_other(told: list[OrderData]) -> None:
    with transaction.atomic():
        take(*told)
        before = state()
        mixed = [replace(order, lines=order.lines[::-1]) for order in reversed(told)]
        assert bring(*mixed, now=at(1)) == Counter({Outcome.UNCHANGED: len(told)} if told else {})
        assert state() == before
        transaction.set_rollback(True)


@_FEW
@given(_ORDERS, st.lists(_ORDERS, min_size=1, max_size=3), st.integers(1, 5))
def test_an_undone_run_leaves_what_was_before(
    before: list[OrderData], batches: list[list[OrderData]], most: int
) -> None:
    with transaction.atomic():
        take(*before, now=at(-1))
        known = state()
        written = {order.id for batch in batches for order in batch}
        for hour, batch in enumerate(batches):
            bring(*batch, now=at(hour))
        done = undo(most=most)
        assert state() == known
        assert done[Undone.LEFT] == 0
        assert done[Undone.REMOVED] + done[Undone.RESTORED] >= len(
            written - {order.id for order in before}
        )
        assert undo() == Counter()
        transaction.set_rollback(True)


@_FEW
@given(_ORDERS, _ORDERS, _ORDERS, st.booleans())
def test_two_runs_are_undone_in_either_order(
    before: list[OrderData],
    first: list[OrderData],
    second: list[OrderData],
    newest_first: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    with transaction.atomic():
        take(*before, now=at(-1))
        known = state()
        bring(*first, run="r1", now=at(0))
        bring(*second, run="r2", now=at(1))
        for run in sorted(["r1", "r2"], reverse=newest_first):
            undo(run)
        assert state() == known
        transaction.set_rollback(True)


def test_an_import_tells_one_small_piece_of_news_a_batch() -> None:
    heard: list[object] = []
    follow(OrdersTaken, "test.hears", lambda news, _: heard.append(news))
    bring(*(replace(ORDER, id=f"o{number}") for number in range(50)))
    assert [entry.verb for entry in list_entries()] == ["imported orders"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_event")
        assert cursor.fetchone() == (1,)


def test_what_somebody_changed_since_is_left_and_counted() -> None:
    bring(ORDER, replace(ORDER, id="o2"), replace(ORDER, id="o3"))
    take(replace(ORDER, id="o2", channel="web"), now=at(1))
    assert undo()[Undone.LEFT] >= 1
    assert [(row.id, row.channel) for row in list_orders()] == [("o2", "web")]


def test_stubs_and_products_that_nobody_needs_go_and_others_stay() -> None:
    bring(ORDER, replace(ORDER, id="o2", customer_id="c2", lines=()))
    take(replace(ORDER, id="till", lines=(MILK,), amount=MILK.amount), now=at(1))
    undo()
    assert [row.id for row in list_customers()] == ["c1"]
    assert [row.id for row in list_products()] == ["milk"]


def test_a_customer_made_by_a_run_whose_orders_came_otherwise_is_left_as_a_stub() -> None:
    told = CustomerData(id="c1", name="Ona", birthday=Birthday(2, 29), attributes={"a": 1})
    other = replace(told, id="c2")
    assert import_customers([told, other], run="r1", actor=COMMAND, now=NOW) == {
        Outcome.CREATED: 2
    }
    take(ORDER, now=at(1))
    assert undo() == {Undone.LEFT: 1, Undone.REMOVED: 1}
    row = find_customer("c1")
    assert row is not None
    assert (row.name, row.birthday, row.attributes, row.is_stub) == ("", None, {}, True)
    assert find_customer("c2") is None


def test_a_customer_replaced_by_a_run_is_as_he_was() -> None:
    put_customers([CustomerData(id="c1", name="Ona", attributes={"a": 1})], actor=COMMAND, now=NOW)
    before = find_customer("c1")
    told = CustomerData(id="c1", name="Jonas", language="lt")
    assert import_customers([told], run="r1", actor=COMMAND, now=at(1)) == {Outcome.UPDATED: 1}
    assert import_customers([told], run="r1", actor=COMMAND, now=at(2)) == {Outcome.UNCHANGED: 1}
    assert undo() == {Undone.RESTORED: 1}
    assert find_customer("c1") == before


def test_refunds_products_costs_and_subscriptions_are_imported_and_undone() -> None:
    take(ORDER, now=at(-2))
    put_products([ProductData(id="milk", name="Milk")], actor=COMMAND, now=at(-1))
    before = (state(), find_product("milk"))
    assert import_products(
        [ProductData(id="milk", name="Whole milk"), ProductData(id="new")],
        run="r1",
        actor=COMMAND,
        now=NOW,
    ) == {Outcome.UPDATED: 1, Outcome.CREATED: 1}
    refund = RefundData(id="f", order_id="o1", refunded_at=NOW, amount=Decimal(1), lines=("1",))
    assert import_refunds([refund], run="r1", actor=COMMAND, now=NOW) == {Outcome.CREATED: 1}
    assert import_refunds([refund], run="r1", actor=COMMAND, now=at(1)) == {Outcome.UNCHANGED: 1}
    paid = SubscriptionData(
        id="s",
        customer_id="c9",
        started_on=date(2026, 1, 1),
        currency="EUR",
        amount=Decimal(5),
        every=Every.MONTH,
    )
    assert import_subscriptions([paid], run="r1", actor=COMMAND, now=NOW) == {Outcome.CREATED: 1}
    spent = CostData(
        id="k",
        kind=CostKind.KEEP,
        from_on=date(2026, 1, 1),
        to_on=date(2026, 1, 2),
        currency="EUR",
        amount=Decimal(5),
    )
    assert import_costs([spent], run="r1", actor=COMMAND, now=NOW) == {Outcome.CREATED: 1}
    assert undo() == {Undone.REMOVED: 5, Undone.RESTORED: 1}
    assert (state(), find_product("milk")) == before


def test_an_order_twice_in_a_batch_and_a_line_of_no_order_are_refused_by_name() -> None:
    with pytest.raises(InputError, match="o1 comes twice"):
        bring(ORDER, ORDER)
    orders, lines = columns_of([ORDER])
    stray = replace(lines, order_id=["o1", "o7"])
    with pytest.raises(InputError, match="o7"):
        import_orders(orders, stray, run="r1", actor=COMMAND, now=NOW)
    assert list_orders() == []


@pytest.mark.parametrize(
    "broken",
    [
        {"amount": Decimal(-1)},
        {"utc_offset": 9999},
    ],
)
def test_what_the_database_refuses_leaves_nothing_half_written(broken: dict[str, object]) -> None:
    take(replace(ORDER, id="o2"))
    before = state()
    orders, lines = columns_of([ORDER, replace(ORDER, id="o2", channel="web", customer_id="new")])
    name, value = next(iter(broken.items()))
    spoilt = replace(orders, **{name: [getattr(orders, name)[0], value]})
    with pytest.raises(DatabaseError), transaction.atomic():
        import_orders(spoilt, lines, run="r1", actor=COMMAND, now=at(1))
    assert state() == before
    assert undo() == Counter()


def test_a_line_that_the_database_refuses_leaves_nothing_half_written() -> None:
    orders, lines = columns_of([ORDER])
    twice = replace(lines, line=["1", "1"])
    with pytest.raises(DatabaseError), transaction.atomic():
        import_orders(orders, twice, run="r1", actor=COMMAND, now=NOW)
    assert state() == ([], [], [], [])


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do things at the same time, each on a connection of its own; return what failed."""
    failed: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - the caller looks at it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_the_same_import_twice_at_once_ends_as_once() -> None:
    told = [
        replace(ORDER, id=f"o{number:03}", customer_id=f"c{number % 7}") for number in range(300)
    ]
    outcomes: Counter[Outcome] = Counter()

    def run(name: str, mine: Sequence[OrderData]) -> None:
        for start in range(0, len(mine), 50):
            outcomes.update(bring(*mine[start : start + 50], run=name))

    assert at_once(lambda: run("r1", told), lambda: run("r2", told[::-1])) == []
    assert outcomes == {Outcome.CREATED: 300, Outcome.UNCHANGED: 300}
    assert len(list_orders(limit=500)) == 300
    assert len(list_customers()) == 7
    undo("r1")
    undo("r2")
    assert state() == ([], [], [], [])


@pytest.mark.django_db(transaction=True)
def test_imports_of_different_kinds_and_a_till_do_not_stop_each_other() -> None:
    lines = [replace(MILK, product_id=f"p{number:02}") for number in range(40)]
    told = [
        replace(ORDER, id=f"o{number:02}", customer_id=f"c{number:02}", lines=(line,))
        for number, line in enumerate(lines)
    ]
    products = [ProductData(id=line.product_id, name="named") for line in reversed(lines)]
    people = [CustomerData(id=str(order.customer_id), name="Ona") for order in reversed(told)]

    def again(act: Callable[[int], object]) -> Callable[[], object]:
        return lambda: [act(hour) for hour in range(4)]

    failed = at_once(
        again(lambda hour: bring(*told, now=at(hour))),
        again(lambda hour: [take(order, now=at(hour)) for order in told[::-3]]),
        again(lambda hour: import_products(products, run="r2", actor=COMMAND, now=at(hour))),
        again(lambda hour: import_customers(people, run="r3", actor=COMMAND, now=at(hour))),
    )
    assert failed == []
    assert len(list_orders(limit=500)) == 40
    assert {row.name for row in list_products()} == {"named"}
    assert {(row.name, row.is_stub) for row in list_customers()} == {("Ona", False)}


_IMPORT = """
import os, pickle, signal, sys
from collections import Counter
from pathlib import Path
from regulars.project.opening import open_installation
open_installation(Path(sys.argv[1]))
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from regulars.apps.orders.operations import import_orders, writing
from regulars.apps.orders.queries import list_orders
from regulars.kernel.actors import COMMAND

batches, now, kill = (pickle.loads(bytes.fromhex(word)) for word in sys.argv[2:])
load = writing.load

def loaded(model, columns):
    global kill
    load(model, columns)
    kill -= 1
    if kill == 0:
        os.kill(os.getpid(), signal.SIGKILL)

writing.load = loaded
counts = Counter()
for batch in batches:
    counts += import_orders(*batch, run="r1", actor=COMMAND, now=now)
print(counts["created"], counts["unchanged"], len(list_orders(limit=500)))
"""


@pytest.mark.slow
def test_an_import_killed_between_its_writes_goes_on_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    told = [replace(ORDER, id=f"o{number}") for number in range(30)]
    batches = [columns_of(told[start : start + 10]) for start in (0, 10, 20)]

    def run(kill: int) -> subprocess.CompletedProcess[str]:
        words = [pickle.dumps(value).hex() for value in (batches, NOW, kill)]
        return subprocess.run(  # noqa: S603 - the script stands above
            [sys.executable, "-c", _IMPORT, str(tmp_path), *words],
            env={name: text for name, text in os.environ.items() if "REGULARS" not in name},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(kill=2).returncode == -signal.SIGKILL
    again = run(kill=-1)
    assert again.returncode == 0, again.stderr
    assert again.stdout.split() == ["20", "10", "30"]


def test_what_is_forgotten_can_no_longer_be_undone() -> None:
    bring(ORDER, now=at(0))
    bring(replace(ORDER, id="o2"), now=at(2))
    assert forget_written(at(1)) == 4  # an order, its customer, two products
    assert undo() == {Undone.REMOVED: 1}
    assert [row.id for row in list_orders()] == ["o1"]


def test_what_was_written_is_forgotten_in_parts_the_oldest_first() -> None:
    for hour in range(3):
        bring(replace(ORDER, id=f"o{hour}"), now=at(hour))
    assert count_written(at(2)) == 5
    assert forget_written(at(2), most=2) == 4  # all of one time go together
    assert [forget_written(at(2), most=2) for _ in range(2)] == [1, 0]
    assert is_written("r1")
    assert forget_written(at(3), most=2) == 1
    assert not is_written("r1")
