import ibis
import ibis.expr.types as ir
import pyarrow as pa

from factories import DAY_ONE, on, orders_of
from regulars.analytics.calendar import purchase_days
from regulars.analytics.joining import joined_since, last_unsure


def joined(**days: int) -> ir.Table:
    cards = pa.table({"customer_id": list(days), "joined_at": [on(day) for day in days.values()]})
    found = joined_since(ibis.memtable(cards), DAY_ONE)
    assert found is not None
    return found


def test_a_table_of_customers_without_dates_of_joining_says_nothing() -> None:
    assert joined_since(None, DAY_ONE) is None
    assert joined_since(ibis.memtable(pa.table({"customer_id": ["a"]})), DAY_ONE) is None


def test_the_last_unsure_day_is_that_of_a_first_purchase_of_someone_who_may_be_old() -> None:
    rows = [("old", on(2), 1), ("old", on(9), 1), ("new", on(5), 1), ("other", on(30), 1)]
    days = purchase_days(orders_of(rows).purchases)
    assert last_unsure(days, joined(new=5), on(20)) == on(2)
    assert last_unsure(days, joined(new=5), on(40)) == on(30)
    assert last_unsure(days, joined(old=-9, new=5), on(20)) == on(2)
    assert last_unsure(days, joined(old=0, new=5), on(20)) is None
