"""Rows in the words of the API: taken, refused and counted as the API would."""

import json
from collections.abc import Mapping
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callers import Body, Caller
from imports import counts, imported, ndjson, order, orders, refused
from regulars.apps.accounts.rules import Role
from regulars.apps.intake.handing_back import rejects_as_json
from regulars.apps.intake.rules import How, Kind
from regulars.apps.orders.queries import OrderRow, find_order, list_orders, list_products
from regulars.apps.people.queries import find_customer, list_customers
from soaking import SOAK

BAD: list[Body] = [
    order(1, currency="EURO"),
    order(2, amount="7"),
    order(3, ordered_at="2026-01-02T10:00:00"),
    order(4, colour="red"),
    order(5, id=""),
    {"id": "6"},
    ["no object"],
    order(7, lines=[], amount=-1),
]

pytestmark = pytest.mark.django_db


def test_a_row_is_refused_with_the_words_of_the_api() -> None:
    owner = Caller(Role.OWNER)
    answer = json.loads(owner.post("orders", [*BAD, order(9)]).content)["results"]
    told = [row["error"]["errors"] for row in answer if row["status"] == "rejected"]
    run = imported(ndjson(*BAD, order(9)), how=How(), name="o.ndjson")
    assert counts(run) == (9, 8, 0, 0, 1)
    assert [
        [{"field": fault.field, "message": str(fault.message)} for fault in row.faults]
        for row in refused(run)
    ] == told


@pytest.mark.parametrize("line", [b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_line_that_is_no_json_is_refused_and_the_others_are_taken(line: bytes) -> None:
    run = imported(ndjson(order(1)) + line + b"\n\n" + ndjson(order(2)), how=How())
    assert counts(run) == (3, 1, 2, 0, 0)
    (row,) = refused(run)
    assert (row.line, row.row) == (2, None)
    assert "no JSON that can be read" in row.reason


@pytest.mark.parametrize(
    "line", [b'{"id": NaN}', b'{"id": "a\\u0000b"}', b'{"id": "1", "id": "2"}']
)
def test_a_line_with_what_cannot_be_kept_is_refused_and_the_others_are_taken(line: bytes) -> None:
    run = imported(ndjson(order(1)) + line + b"\n" + ndjson(order(2)), how=How())
    assert counts(run) == (3, 1, 2, 0, 0)
    assert [row.line for row in refused(run)] == [2]


def test_a_row_of_endless_length_is_refused_without_being_read() -> None:
    run = imported(
        ndjson(order(1), order(2, store="x" * 6_000_000), order(3)), how=How(), name="o.ndjson"
    )
    assert counts(run) == (3, 1, 2, 0, 0)
    assert "longer than" in refused(run)[0].reason


def test_mended_rows_are_sent_again_as_they_were_handed_back() -> None:
    run = imported(ndjson(*orders(3), order(7, currency="EURO")), how=How())
    mended = "".join(rejects_as_json(run.id)).replace("EURO", "EUR")
    assert counts(imported(mended, how=How())) == (1, 0, 1, 0, 0)
    assert find_order("o7") is not None


def test_of_two_rows_with_one_id_the_last_holds() -> None:
    run = imported(ndjson(order(1), order(1, store="Mill"), order(2)), how=How())
    assert (run.read, run.created) == (3, 2)
    row = find_order("o1")
    assert row is not None
    assert row.store == "Mill"


def test_rows_of_every_kind_are_those_of_the_single_calls() -> None:
    refund = {
        "id": "r1",
        "order_id": "o1",
        "refunded_at": "2026-02-01T10:00:00Z",
        "amount": 1.5,
        "lines": ["1"],
    }
    customer = {"id": "ann", "name": "Ann", "birthday": {"month": 2, "day": 29}}
    imported(ndjson(order(1)), how=How())
    assert counts(imported(ndjson(refund), Kind.REFUNDS, How())) == (1, 0, 1, 0, 0)
    assert counts(imported(ndjson(customer, {"id": ""}), Kind.CUSTOMERS, How()))[:3] == (2, 1, 1)
    product = {"id": "p9", "name": "Nine", "category": "all"}
    assert counts(imported(ndjson(product), Kind.PRODUCTS, How())) == (1, 0, 1, 0, 0)
    row, person = find_order("o1"), find_customer("ann")
    assert row is not None
    assert person is not None
    assert (row.refunds[0].lines, person.name) == (("1",), "Ann")
    assert "p9" in [one.id for one in list_products()]


IDS = st.sampled_from(["a", "b", "Ä b", "0", "王"])
MONEY = st.decimals(0, 10**6, places=2).map(str) | st.integers(0, 10**6)
ROWS = st.fixed_dictionaries(
    {
        "id": IDS,
        "ordered_at": st.builds(
            "{}T{:02}:30:00{}".format,
            st.dates(date(1970, 1, 1), date(2100, 1, 1)),
            st.integers(0, 23),
            st.sampled_from(["Z", "+14:00", "-09:30"]),
        ),
        "currency": st.sampled_from(["EUR", "USD", "euro"]),
        "lines": st.lists(
            st.fixed_dictionaries(
                {"product_id": IDS, "amount": MONEY},
                optional={"quantity": st.integers(0, 9), "category": IDS, "line": IDS},
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={"customer_id": IDS, "store": IDS, "channel": IDS, "amount": MONEY},
)


def known() -> tuple[list[OrderRow], list[str]]:
    """Everything that an import of orders changes."""
    return list_orders(limit=100), [row.id for row in list_customers(limit=100)]


@pytest.mark.slow
@given(st.lists(ROWS, min_size=1, max_size=8))
@settings(max_examples=15 * SOAK, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_import_of_any_orders_is_that_list_told_to_the_api(
    rows: list[Mapping[str, object]],
) -> None:
    with transaction.atomic():
        owner = Caller(Role.OWNER)
        owner.send("POST", "orders", json.dumps(rows))
        told = known()
        transaction.set_rollback(True)
    with transaction.atomic():
        run = imported(ndjson(*rows), how=How())
        assert run.reason is None
        assert known() == told
        transaction.set_rollback(True)
