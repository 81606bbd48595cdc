"""Forecasts that tell customers apart by a column."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from factories import DAY_ONE, on, orders_of
from regulars.estimation.bg_nbd import BG_NBD
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.reports.saying import findings_of
from regulars.reports.shown import figures_of
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.forecast import Forecast, GroupComparison, Outlook, forecast
from regulars.studies.model_choice import history_of
from regulars.warehouse.orders import Orders

DAYS, CALIBRATED = 500, 380
TRUTH = {"shop": (0.8, 60.0, 0.7, 3.5), "online": (0.8, 30.0, 1.2, 3.0)}
"""r, α (in days), a and b: online they buy twice as often and are 1.7 times as likely to leave."""


def bought(channel: str, customers: int, seed: int) -> Iterator[tuple[str, int, str]]:
    """Customer, day and channel of each order of customers who came in the first 300 days."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = TRUTH[channel]
    for number in range(customers):
        day, rate = random.uniform(0, 300), random.gamma(r) / alpha
        leaves = random.beta(a, b)
        yield f"{channel}{number}", int(day), channel
        while (day := day + random.exponential(1 / rate)) < DAYS:
            yield f"{channel}{number}", int(day), channel
            if random.random() < leaves:
                break


def shop_of(rows: list[tuple[str, int, str]], **extra: object) -> Orders:
    columns: dict[str, Any] = {"channel": [channel for *_, channel in rows], **extra}
    found = [(customer, on(day), "9.50") for customer, day, _ in rows]
    return orders_of(found, as_of=on(DAYS - 1), **columns)


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, int, str]]:
    return [*bought("shop", 1500, 1), *bought("online", 1200, 2)]


@pytest.fixture(scope="module")
def shop(rows: list[tuple[str, int, str]]) -> Basis:
    other = {
        "always": ["here"] * len(rows),
        "coin": [str(int(customer[-1]) % 2) for customer, *_ in rows],
        "rare": ["few" if customer in {"shop1", "shop2"} else "many" for customer, *_ in rows],
        "name": [customer for customer, *_ in rows],
    }
    return basis_of(shop_of(rows, **other))


def told_apart(shop: Basis, by: str, **options: object) -> tuple[Forecast, GroupComparison]:
    found = forecast(shop, by=by, calibrate_to=on(CALIBRATED), **options)  # type: ignore[arg-type]  # any
    assert isinstance(found, Forecast)
    assert found.groups is not None
    return found, found.groups


@pytest.fixture(scope="module")
def answered(shop: Basis) -> tuple[Forecast, GroupComparison]:
    return told_apart(shop, "channel", unit="day")


def test_what_is_true_of_the_channels_is_found(
    answered: tuple[Forecast, GroupComparison],
) -> None:
    _, found = answered
    first, online = found.effects
    assert (first.group, online.group) == ("shop", "online")
    assert (first.customers, online.customers) == (1500, 1200)
    assert (first.rate_ratio, first.coefficients) == (None, {})
    assert online.rate_ratio
    assert online.dropout_ratio
    assert online.rate_ratio.low < 2 < online.rate_ratio.high
    leaves = {it: a / (a + b) for it, (*_, a, b) in TRUTH.items()}
    truth = leaves["online"] / leaves["shop"]
    assert online.dropout_ratio.low < truth < online.dropout_ratio.high
    assert online.coefficients["alpha"].low < np.log(2) < online.coefficients["alpha"].high
    assert found.p_value < 1e-6
    assert found.degrees_of_freedom == 3


def test_the_errors_of_the_model_stand_beside_those_of_the_same_model_without(
    shop: Basis, answered: tuple[Forecast, GroupComparison]
) -> None:
    found, _ = answered
    plain = forecast(shop, model="bg-nbd", calibrate_to=on(CALIBRATED), unit="day")
    assert isinstance(plain, Forecast)
    first, second, naive = found.holdout.candidates
    names = [first.model, second.model, naive.model]
    assert names == ["bg-nbd by channel", "bg-nbd", "own-rate"]
    assert first.chosen
    assert first.error
    assert second.error
    assert asdict(second.error) == pytest.approx(asdict(plain.holdout.error))
    # what a customer did so far says most of it already
    assert first.error.rmse == pytest.approx(plain.holdout.error.rmse, rel=0.02)
    assert first.error.actual_total == plain.holdout.error.actual_total


def test_the_days_to_come_are_forecast_group_by_group(
    answered: tuple[Forecast, GroupComparison],
) -> None:
    found, _ = answered
    assert isinstance(found.outlook, Outlook)
    assert found.outlook.model == "bg-nbd by channel"
    assert found.trajectory[-1].outlook == pytest.approx(found.outlook.total.expected)
    assert found.outlook.parameters.keys() == found.parameters.keys()


def test_a_column_that_says_nothing_is_said_to_say_nothing(shop: Basis) -> None:
    found, coin = told_apart(shop, "coin")
    first, second, _ = found.holdout.candidates
    assert coin.p_value > 0.05
    assert first.error
    assert second.error
    assert first.error.rmse == pytest.approx(second.error.rmse, rel=0.01)
    assert any("may be chance" in str(it) for it in findings_of(found))


def test_nothing_else_changes_where_nobody_asks(shop: Basis) -> None:
    plain = forecast(shop, model="bg-nbd", calibrate_to=on(CALIBRATED))
    assert isinstance(plain, Forecast)
    fit = BG_NBD.fit(history_of(shop.days, on(CALIBRATED), plain.unit))
    assert plain.groups is None
    assert plain.json()["groups"] is None
    assert plain.parameters == pytest.approx(dict(fit.parameters))
    assert [it.model for it in plain.holdout.candidates] == ["bg-nbd", "own-rate"]
    assert not any("channel" in str(it) for it in findings_of(plain))
    assert "groups" not in {it.key for it in figures_of(plain)}


def test_the_group_is_that_of_the_first_day(rows: list[tuple[str, int, str]]) -> None:
    first: dict[str, int] = {}
    for customer, day, _ in rows:
        first[customer] = min(day, first.get(customer, day))
    later = [
        (customer, day, channel if day == first[customer] else "phone")
        for customer, day, channel in rows
    ]
    _, found = told_apart(basis_of(shop_of(later)), "channel")
    assert [it.group for it in found.effects] == ["shop", "online"]


def test_a_column_of_the_customers_is_taken_before_one_of_their_orders(
    rows: list[tuple[str, int, str]],
) -> None:
    orders = shop_of(rows)
    people = sorted({customer for customer, *_ in rows})
    towns = ["a" if customer.startswith("shop") else "b" for customer in people]
    cards = pa.table({"customer_id": people, "channel": towns})
    with_cards = basis_of(replace(orders, customers=ibis.memtable(cards)))
    _, found = told_apart(with_cards, "channel")
    assert [it.group for it in found.effects] == ["a", "b"]


def test_the_effects_are_said_in_words(answered: tuple[Forecast, GroupComparison]) -> None:
    found, _ = answered
    words = [str(it) for it in findings_of(found)]
    assert any("more than chance explains (likelihood ratio" in it for it in words)
    assert any(it.startswith("online beside shop: customers buy") for it in words)
    assert any("without channel it is" in it for it in words)
    assert any("first day on which he bought" in it for it in words)
    assert [it.key for it in figures_of(found)][-2:] == ["groups", "coefficients"]


def test_the_json_has_coefficients_errors_and_intervals(
    answered: tuple[Forecast, GroupComparison],
) -> None:
    groups = json.loads(json.dumps(answered[0].json(), allow_nan=False))["groups"]
    assert (groups["column"], groups["compared_with"]) == ("channel", "shop")
    online = groups["groups"][1]
    assert online["coefficients"].keys() == {"alpha", "a", "b"}
    keys = {"coefficient", "standard_error", "low", "high"}
    assert online["coefficients"]["a"].keys() == keys
    assert {"value", "low", "high"} <= online["rate_ratio"].keys()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "channel", "model": "mbg-nbd"}, ("does not tell customers apart", "bg-nbd")),
        ({"by": "colour"}, ("no column colour", "channel")),
        ({"by": "always"}, ("1 different values", "from 2 to 20")),
        ({"by": "name"}, ("2,700 different values", "from 2 to 20")),
    ],
)
def test_a_column_that_cannot_be_is_refused(
    shop: Basis, options: dict[str, str], words: tuple[str, str]
) -> None:
    with pytest.raises(OptionError) as refusal:
        forecast(shop, calibrate_to=on(CALIBRATED), **options)  # type: ignore[arg-type]  # on purpose
    assert all(word in str(refusal.value) for word in words)


def test_a_group_of_few_customers_is_refused_and_the_others_are_named(shop: Basis) -> None:
    found = forecast(shop, by="rare", calibrate_to=on(CALIBRATED))
    assert isinstance(found, NotEnoughEvidence)
    assert "Fewer than 30 customers of few came back" in str(found.reason)
    assert "many" in str(found.needs[0])


def test_where_a_group_comes_later_the_days_to_come_are_forecast_without(
    rows: list[tuple[str, int, str]],
) -> None:
    later = [(f"new{number}", CALIBRATED + 30 + number % 40, "phone") for number in range(60)]
    found, _ = told_apart(basis_of(shop_of([*rows, *later])), "channel")
    assert isinstance(found.outlook, Outlook)
    assert found.outlook.model == "bg-nbd"
    assert found.outlook.start == DAY_ONE + timedelta(days=DAYS)
    assert any("do not determine" in str(it) for it in findings_of(found))
