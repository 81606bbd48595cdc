from factories import on, orders_of
from regulars.analytics.calendar import purchase_days
from regulars.analytics.concentration import best_customers, customer_revenue, revenue_counts


def test_equal_customers_stand_in_the_order_of_their_ids() -> None:
    orders = orders_of([("b", on(0), 5), ("c", on(0), 9), ("a", on(1), 5), (None, on(1), 99)])
    table = customer_revenue(purchase_days(orders.purchases))
    rows = best_customers(table, 3).to_pyarrow().to_pylist()
    assert [row["customer_id"] for row in rows] == ["c", "a", "b"]
    assert rows[1]["first_on"] == rows[1]["last_on"] == on(1)


def test_customers_with_the_same_revenue_are_counted_together() -> None:
    orders = orders_of([("a", on(0), 5), ("b", on(0), 2), ("b", on(3), 3), ("c", on(0), 0)])
    rows = revenue_counts(customer_revenue(purchase_days(orders.purchases))).to_pyarrow()
    found = {row["revenue"]: row["customers"] for row in rows.to_pylist()}
    assert found == {5.0: 2, 0.0: 1}
