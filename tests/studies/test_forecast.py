"""Forecasts of a firm's purchases: the published figures, the choice of a model, refusals."""

import json
from datetime import date, timedelta

import pytest

from datasets import cdnow_sample
from factories import on, orders_of
from regulars.estimation.candidates import CANDIDATES
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.forecast import Forecast, Outlook, forecast
from regulars.studies.simulation import simulate
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders

MODELS = [model.name for model in CANDIDATES if model.name != "own-rate"]
CALIBRATE_TO, HOLDOUT_TO = date(1997, 9, 30), date(1998, 6, 30)


@pytest.fixture(scope="module")
def discs() -> Basis:
    """The CDNOW sample."""
    places = {"customer_id": "2", "ordered_at": "3", "amount": "5"}
    return basis_of(read_orders(cdnow_sample(), Reading(columns=places)))


@pytest.fixture(scope="module")
def shop() -> Basis:
    return basis_of(simulate(250, seed=11))


def answer(orders: object, **options: object) -> Forecast:
    found = forecast(orders, **options)  # type: ignore[arg-type]  # any of the kinds it takes
    assert isinstance(found, Forecast)
    return found


def on_cdnow(discs: Basis, model: str, **options: object) -> Forecast:
    days = {"calibrate_to": CALIBRATE_TO, "holdout_to": HOLDOUT_TO}
    return answer(discs, model=model, **days, **options)


@pytest.mark.parametrize(
    ("model", "parameters", "log_likelihood", "errors"),
    [
        ("bg-nbd", (0.243, 4.414, 0.793, 2.426), -9582.4, (0.7855, 1.608, -0.121)),
        ("pareto-nbd", (0.553, 10.578, 0.606, 11.669), -9595.0, (0.7545, 1.603, -0.115)),
        ("mbg-nbd", None, None, (0.7648, 1.607, -0.16)),
        ("own-rate", (), None, (1.024, 2.212, 0.56)),
    ],
)
def test_the_published_figures_are_reproduced(
    discs: Basis,
    model: str,
    parameters: tuple[float, ...] | None,
    log_likelihood: float | None,
    errors: tuple[float, float, float],
) -> None:
    found = on_cdnow(discs, model)
    error = found.holdout.error
    mae, rmse, bias = errors
    if parameters is not None:
        assert tuple(round(value, 3) for value in found.parameters.values()) == parameters
    if log_likelihood is not None:
        assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert found.customers == error.customers == 2357
    assert error.mae == pytest.approx(mae, abs=6e-5 if mae < 1 else 6e-4)
    assert error.rmse == pytest.approx(rmse, abs=6e-4)
    assert error.bias == pytest.approx(bias, abs=6e-3)
    assert error.actual_total == 1882


def test_the_best_forecast_of_cdnow_errs_least_and_has_the_total_within_five_percent(
    discs: Basis,
) -> None:
    found = on_cdnow(discs, "best")
    assert found.model == "pareto-nbd"
    assert found.holdout.error.mae == pytest.approx(0.7545, abs=6e-5)
    assert found.holdout.error.rmse == pytest.approx(1.603, abs=6e-4)
    assert abs(found.holdout.error.bias) < 0.05
    assert found.holdout.error.total_covered
    assert found.holdout.factor == pytest.approx(1.128, abs=1e-3)
    assert "corrected" in str(found.why)
    candidates = [(row.model, row.corrected) for row in found.holdout.candidates]
    assert candidates == [
        ("pareto-nbd", False),
        ("pareto-nbd", True),
        ("bg-nbd", False),
        ("mbg-nbd", False),
        ("own-rate", False),
    ]
    assert [row.corrected for row in found.holdout.candidates if row.chosen] == [True]


def test_a_correction_that_the_days_held_out_contradict_is_shown_but_not_made(
    discs: Basis,
) -> None:
    found = answer(discs)
    assert found.holdout.factor == 1
    mended = next(row for row in found.holdout.candidates if row.corrected)
    plain = next(row for row in found.holdout.candidates if row.chosen)
    assert mended.model == plain.model
    assert mended.error is not None
    assert plain.error is not None
    assert abs(mended.error.bias) > abs(plain.error.bias)


def test_a_correction_may_be_asked_for_or_forbidden(discs: Basis) -> None:
    assert on_cdnow(discs, "bg-nbd").holdout.factor == 1
    assert on_cdnow(discs, "best", corrected=False).holdout.factor == 1
    asked = on_cdnow(discs, "bg-nbd", corrected=True)
    assert asked.holdout.factor > 1
    assert asked.holdout.error.mae == pytest.approx(0.7855, abs=6e-5)


def test_days_and_weeks_say_the_same(discs: Basis) -> None:
    weeks, days = on_cdnow(discs, "bg-nbd"), on_cdnow(discs, "bg-nbd", unit="day")
    assert days.parameters["alpha"] == pytest.approx(7 * weeks.parameters["alpha"], rel=1e-5)
    assert days.parameters["r"] == pytest.approx(weeks.parameters["r"], rel=1e-5)
    assert days.holdout.error.rmse == pytest.approx(weeks.holdout.error.rmse, rel=1e-5)


def test_the_last_third_is_held_out_where_no_day_is_named(shop: Basis) -> None:
    found = answer(shop, model="bg-nbd")
    held = (found.holdout.to - found.holdout.start).days + 1
    whole = (shop.orders.as_of - shop.orders.data_from).days + 1
    assert found.holdout.to == shop.orders.as_of
    assert held % 7 == 0
    assert whole / 3 - 7 < held <= whole / 3


def test_the_future_begins_on_the_day_after_the_data(shop: Basis) -> None:
    found = answer(shop, model="bg-nbd", horizon=4)
    assert isinstance(found.outlook, Outlook)
    assert found.outlook.start == shop.orders.as_of + timedelta(days=1)
    assert found.outlook.to == shop.orders.as_of + timedelta(days=28)
    assert found.outlook.customers == shop.evidence.customers
    assert 0 < found.outlook.total.low < found.outlook.total.expected < found.outlook.total.high


def test_the_trajectory_ends_where_the_totals_do(discs: Basis) -> None:
    found = on_cdnow(discs, "best")
    held = [point for point in found.trajectory if point.expected is not None]
    before = [point for point in found.trajectory if point.day <= CALIBRATE_TO]
    assert len(found.trajectory) <= 200
    assert [point.day for point in found.trajectory] == sorted(
        {point.day for point in found.trajectory}
    )
    assert (before[-1].day, held[-1].day) == (CALIBRATE_TO, HOLDOUT_TO)
    base = before[-1].actual
    assert base is not None
    assert held[-1].actual == base + 1882
    assert held[-1].expected == pytest.approx(base + found.holdout.error.predicted_total)
    assert isinstance(found.outlook, Outlook)
    assert found.trajectory[-1].outlook == pytest.approx(found.outlook.total.expected)


def test_the_json_has_everything_that_was_agreed(shop: Basis) -> None:
    document = json.loads(json.dumps(answer(shop).json(), allow_nan=False))
    assert {
        "model", "unit", "customers", "parameters", "standard_errors", "log_likelihood", "holdout",
    } <= document.keys()  # fmt: skip
    assert {
        "from", "to", "mae", "rmse", "predicted_total", "actual_total", "coverage",
    } <= document["holdout"].keys()  # fmt: skip


@pytest.mark.parametrize("model", [*MODELS, "best"])
@pytest.mark.parametrize(
    "rows",
    [
        [("a", on(0), 5), ("a", on(90), 5)],
        [(f"c{number}", on(number), 5) for number in range(90)],
        [(None, on(number), 5) for number in range(90)],
        [(f"c{number}", on(day), 5) for number in range(9) for day in (0, 30, 60, 89)],
    ],
    ids=["one customer", "nobody came back", "nobody known", "all alike"],
)
def test_no_model_forecasts_from_nothing(model: str, rows: list[tuple[str, date, float]]) -> None:
    found = forecast(orders_of(rows), model=model)
    assert isinstance(found, NotEnoughEvidence)
    assert str(found.reason)


def test_a_few_days_are_not_enough_to_hold_some_out() -> None:
    found = forecast(orders_of([("a", on(0), 5), ("b", on(3), 5), ("a", on(9), 5)]))
    assert isinstance(found, NotEnoughEvidence)


@pytest.mark.parametrize(
    "options",
    [
        {"model": "nbd"},
        {"unit": "month"},
        {"horizon": 0},
        {"horizon": float("nan")},
        {"calibrate_to": date(1990, 1, 1)},
        {"calibrate_to": date(2100, 1, 1)},
        {"holdout_to": date(2100, 1, 1)},
        {"calibrate_to": date(2024, 6, 1), "holdout_to": date(2024, 6, 1)},
    ],
)
def test_options_that_cannot_be_are_refused(shop: Basis, options: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        forecast(shop, **options)  # type: ignore[arg-type]  # on purpose


def test_the_order_of_rows_does_not_matter() -> None:
    rows = simulate(250, seed=11).orders()
    one, other = answer(rows), answer(rows[::-1])
    assert one.json() == other.json()
