from dataclasses import replace
from decimal import Decimal

from factories import on, orders_of
from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.studies.check import check
from regulars.warehouse.quality import Quality, Reject

ORDERS = orders_of(
    [("a", on(0), 30), (None, on(0), 10), ("b", on(40), 0)], store=["north", "north", "south"]
)


def test_shares_are_given_as_a_whole_by_store_and_by_period() -> None:
    found = check(ORDERS, period=Period.MONTH)
    assert (found.overall.share_of_orders, found.overall.share_of_revenue) == (2 / 3, 0.75)
    assert [(row.store, row.orders) for row in found.stores] == [("north", 2), ("south", 1)]
    assert [row.period for row in found.periods] == [on(0), on(31)]
    assert found.periods[1].share_of_revenue is None


def test_orders_without_stores_have_none() -> None:
    assert check(orders_of([("a", on(0), 1)])).stores == ()


def test_a_rejected_row_keeps_its_line_column_value_and_reason() -> None:
    reject = Reject(3, "Betrag", "x", say("Not a number."), "orders.csv")
    quality = replace(ORDERS.quality, rejected=(reject,), columns={"amount": "Betrag"})
    found = check(replace(ORDERS, quality=quality)).json()
    assert found["rejected"] == [
        {
            "line": 3,
            "column": "Betrag",
            "value": "x",
            "reason": "Not a number.",
            "source": "orders.csv",
        }
    ]
    assert found["columns"] == {"amount": "Betrag"}


def test_refunds_without_an_order_and_notes_are_told() -> None:
    quality = Quality(
        unmatched_refunds=1, unmatched_refund_amount=Decimal("-5.5"), notes=(say("Mind this."),)
    )
    found = check(replace(ORDERS, quality=quality)).json()
    assert found["unmatched_refund_amount"] == -5.5
    assert found["notes"] == ["Mind this."]


def test_orders_without_any_customer_are_checked_all_the_same() -> None:
    found = check(orders_of([(None, on(0), 5)]))
    assert found.overall.share_of_orders == 0
    assert found.json()["unidentified"] == 1


def test_the_contract_holds() -> None:
    found = check(ORDERS).json()
    assert {"rows", "accepted", "unidentified", "rejected", "columns"} <= set(found)
    assert found["has_lines"] is False
