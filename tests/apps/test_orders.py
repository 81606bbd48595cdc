"""Orders and refunds: taken again and again with one result."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import Outcome, put_products, take_orders, take_refunds
from regulars.apps.orders.queries import find_order, list_orders
from regulars.apps.orders.rules import LineData, OrderData, ProductData, RefundData, problems_of
from regulars.apps.people.operations import merge_customers
from regulars.apps.people.queries import find_customer
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINE = LineData(line="1", product_id="milk", quantity=Decimal(2), amount=Decimal("3.10"))
ORDER = OrderData(
    id="o1",
    customer_id="c1",
    ordered_at=datetime(2026, 1, 2, 10, tzinfo=timezone(timedelta(hours=2))),
    currency="EUR",
    amount=Decimal("3.10"),
    lines=(LINE,),
)
REFUND = RefundData(id="r1", order_id="o1", refunded_at=NOW, amount=Decimal("1.10"))

pytestmark = pytest.mark.django_db


def take(*told: OrderData) -> list[Outcome]:
    return take_orders(told, actor=COMMAND, now=NOW)


def test_an_order_makes_its_customer_and_its_products() -> None:
    assert take(ORDER) == [Outcome.CREATED]
    customer, row = find_customer("c1"), find_order("o1")
    assert customer is not None
    assert customer.is_stub
    assert row is not None
    assert (row.customer_id, row.lines[0].product_id) == ("c1", "milk")


def test_the_same_order_again_changes_nothing() -> None:
    take(ORDER)
    before, entries = find_order("o1"), list_entries()
    assert take(ORDER) == [Outcome.UNCHANGED]
    assert (find_order("o1"), list_entries()) == (before, entries)


def test_a_correction_replaces_the_order_and_its_lines() -> None:
    take(ORDER)
    line = replace(LINE, product_id="bread", amount=Decimal(9))
    assert take(replace(ORDER, lines=(line,), amount=Decimal(9))) == [Outcome.UPDATED]
    row = find_order("o1")
    assert row is not None
    assert [(line.product_id, line.amount) for line in row.lines] == [("bread", Decimal(9))]
    assert row.amount == 9


@pytest.mark.parametrize("count", [2, 150])
def test_lines_of_known_and_unknown_products_are_kept_alike(count: int) -> None:
    take(ORDER)
    names = ["milk", *(f"new {number}" for number in range(1, count))]
    lines = tuple(
        replace(LINE, line=str(place), product_id=name, category="food", unit_cost=Decimal("1.5"))
        for place, name in enumerate(names)
    )
    told = replace(ORDER, id="o2", lines=lines, amount=count * LINE.amount)
    assert take(told) == [Outcome.CREATED]
    row = find_order("o2")
    assert row is not None
    assert {(line.line, line.product_id) for line in row.lines} == set(
        zip(map(str, range(count)), names, strict=True)
    )
    assert {(line.category, line.unit_cost) for line in row.lines} == {("food", Decimal("1.5"))}


@pytest.mark.parametrize("way", ["enable_nestloop", "enable_hashjoin", "enable_mergejoin"])
def test_lines_keep_their_order_however_the_database_finds_their_products(way: str) -> None:
    products = [f"p{number:03}" for number in range(300)]
    put_products([ProductData(id=id_) for id_ in products], actor=COMMAND, now=NOW)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE orders_product")
            cursor.execute(f"SET LOCAL {way} = off")
    names = [products[number] for number in (250, 3, 99, 3, 250, 180)]
    lines = tuple(
        replace(LINE, line=str(9 - place), product_id=name) for place, name in enumerate(names)
    )
    take(replace(ORDER, lines=lines, amount=len(lines) * LINE.amount))
    row = find_order("o1")
    assert row is not None
    assert [line.product_id for line in row.lines] == names


def test_the_time_keeps_the_offset_that_it_was_told_with() -> None:
    for minutes in (-14 * 60, -210, 0, 14 * 60):
        moment = datetime(2026, 3, 29, 3, tzinfo=timezone(timedelta(minutes=minutes)))
        take(replace(ORDER, ordered_at=moment))
        row = find_order("o1")
        assert row is not None
        assert row.ordered_at.isoformat() == moment.isoformat()


def test_an_order_of_nobody_is_an_order() -> None:
    take(replace(ORDER, customer_id=None))
    row = find_order("o1")
    assert row is not None
    assert row.customer_id is None


def test_a_refund_may_come_first_and_never_takes_back_more_than_was_paid() -> None:
    assert take_refunds([REFUND], actor=COMMAND, now=NOW) == [Outcome.CREATED]
    take(ORDER)
    row = find_order("o1")
    assert row is not None
    assert row.refunded == Decimal("1.10")
    take_refunds([replace(REFUND, amount=Decimal(50))], actor=COMMAND, now=NOW)
    row = find_order("o1")
    assert row is not None
    assert (row.refunded, row.refunds[0].amount) == (Decimal("3.10"), Decimal(50))


def test_the_same_refund_again_changes_nothing() -> None:
    take_refunds([REFUND], actor=COMMAND, now=NOW)
    assert take_refunds([REFUND, REFUND], actor=COMMAND, now=NOW) == [Outcome.UNCHANGED] * 2


def test_the_orders_of_a_person_are_those_of_every_record_of_his() -> None:
    take(
        ORDER, replace(ORDER, id="o2", customer_id="c2"), replace(ORDER, id="o3", customer_id="c3")
    )
    merge_customers("c2", "c1", actor=COMMAND, now=NOW)
    assert [row.id for row in list_orders(customer_id="c1")] == ["o1", "o2"]
    assert [row.customer_id for row in list_orders(customer_id="c2")] == ["c1", "c2"]


def test_a_list_costs_the_same_number_of_queries_at_any_length() -> None:
    take(*(replace(ORDER, id=f"o{number}") for number in range(20)))
    with CaptureQueriesContext(
        connection,
    ) as one:
        list_orders(limit=1)
    with CaptureQueriesContext(connection) as many:
        list_orders(limit=20)
    assert len(one) == len(many) == 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": " "}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"customer_id": "a\nb"}, "customer_id"),
        ({"ordered_at": datetime(2026, 1, 2)}, "ordered_at"),  # noqa: DTZ001 - the point
        ({"currency": "euro"}, "currency"),
        ({"amount": Decimal("3.11")}, "amount"),
        ({"amount": Decimal(-1), "lines": ()}, "amount"),
        ({"amount": Decimal("1e20"), "lines": ()}, "amount"),
        ({"amount": Decimal("0.00001"), "lines": ()}, "amount"),
        ({"lines": (LINE, replace(LINE, amount=Decimal(0)))}, "lines.1.line"),
        ({"lines": (replace(LINE, quantity=Decimal(0)),)}, "lines.0.quantity"),
        ({"lines": (replace(LINE, quantity=Decimal("0.0001")),)}, "lines.0.quantity"),
        ({"lines": (replace(LINE, unit_cost=Decimal("Infinity")),)}, "lines.0.unit_cost"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    told = OrderData(**({name: getattr(ORDER, name) for name in ORDER.__slots__} | change))
    assert [problem.field for problem in problems_of(told)] == [field]
