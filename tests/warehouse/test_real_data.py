"""The real data sets give the counts that are published of them."""

from datetime import date
from decimal import Decimal

import pytest

from datasets import cdnow_master, cdnow_sample, complete_journey
from regulars.kernel.errors import InputError
from regulars.warehouse import samples
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import read_orders


def customers(orders: Orders) -> int:
    return int(orders.identified.customer_id.nunique().to_pyarrow().as_py())


def test_cdnow_has_69659_purchases_of_23570_customers() -> None:
    orders = read_orders(cdnow_master())
    quality = orders.quality
    assert (quality.rows, quality.accepted, quality.duplicates, quality.orders) == (
        69_659,
        69_659,
        0,
        69_659,
    )
    assert customers(orders) == 23_570
    assert quality.revenue == Decimal("2500315.63")
    assert (orders.data_from, orders.as_of) == (date(1997, 1, 1), date(1998, 6, 30))


def test_the_cdnow_sample_has_6919_purchases_of_2357_customers() -> None:
    columns = {"customer_id": "1", "ordered_at": "3", "amount": "5"}
    orders = read_orders(cdnow_sample(), Reading(columns=columns))
    assert (orders.quality.orders, customers(orders)) == (6_919, 2_357)


def test_the_complete_journey_has_155848_baskets_of_2469_households() -> None:
    orders = read_orders(
        complete_journey(),
        Reading(products=complete_journey("products"), customers=complete_journey("demographics")),
    )
    quality = orders.quality
    assert (quality.rows, quality.accepted, quality.orders) == (1_469_307, 1_469_307, 155_848)
    assert customers(orders) == 2_469
    assert orders.lines is not None
    assert orders.lines.count().to_pyarrow().as_py() == 1_469_307
    assert orders.lines.amount.sum().to_pyarrow().as_py() == quality.revenue
    assert orders.customers is not None
    assert orders.customers.count().to_pyarrow().as_py() == 801


def test_data_that_is_not_installed_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="Install the package lifetimes"):
        samples.cdnow_master()
