from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pictures_ahead import CALIBRATED, at_risk, budget, forecast, renewals, value
from regulars.reports.charts.budget import budget_curve, equity_at
from regulars.reports.charts.expected import (
    day_names,
    forecast_trial,
    outlook_line,
    silences,
    value_bands,
)
from regulars.reports.charts.renewals import contracts_running
from regulars.reports.charts.theme import NARROW, WIDE, Drawing, Frame
from regulars.reports.drawing import still
from regulars.reports.figures import Figure
from regulars.reports.shown import figures_of
from regulars.reports.speech import speaker_of
from regulars.studies.forecast import Outlook

SPEAKER = speaker_of("en", currency="EUR")
FIGURES = [
    figure
    for answer in (forecast(), value(), at_risk(), budget(), renewals())
    for figure in figures_of(answer)
    if figure.draw is not None
]


def layers_of(chart: Drawing) -> list[list[dict[str, Any]]]:
    """The rows behind each layer of a chart."""
    spec = chart.to_dict()
    rows: list[list[dict[str, Any]]] = []
    for layer in spec["layer"]:
        data = layer.get("data") or spec["data"]
        rows.append(data.get("values") or spec["datasets"][data["name"]])
    return rows


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_chart_can_be_drawn_within_its_frame(figure: Figure, frame: Frame) -> None:
    assert figure.draw is not None
    svg = still(figure.draw(SPEAKER, frame), name="name", alternative="text", key="key")
    assert f'viewBox="0 0 {frame.width} ' in svg
    assert "NaN" not in svg
    assert len(svg) < 250_000


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_chart_has_its_table_and_its_words(figure: Figure) -> None:
    assert figure.sheet is not None
    assert figure.sheet.rows
    assert figure.caption is not None
    assert figure.alternative is not None


def test_what_came_and_what_was_forecast_part_on_the_day_of_the_forecast() -> None:
    rows = next(it for it in layers_of(forecast_trial(forecast(), SPEAKER, WIDE)) if len(it) > 9)
    ahead = [it for it in rows if it["what"] == "Forecast"]
    came = {it["day"]: it["value"] for it in rows if it["what"] == "Counted"}
    assert ahead[0]["day"] <= CALIBRATED.toordinal()
    assert ahead[0]["value"] == came[ahead[0]["day"]]
    assert ahead[-1]["day"] == max(came)


def test_what_came_is_counted_from_the_first_day_shown() -> None:
    rows = next(it for it in layers_of(forecast_trial(forecast(), SPEAKER, WIDE)) if len(it) > 9)
    assert rows[0]["value"] == 0


def test_the_interval_stands_at_the_end_of_the_forecast() -> None:
    answer = forecast()
    interval, *_ = layers_of(forecast_trial(answer, SPEAKER, WIDE))
    (bar,) = interval
    held = answer.holdout
    assert bar["day"] == held.to.toordinal()
    assert bar["high"] - bar["low"] == pytest.approx(
        held.error.predicted_high - held.error.predicted_low
    )


def test_a_forecast_made_on_the_first_day_shown_can_be_drawn() -> None:
    answer = forecast()
    known = [it for it in answer.trajectory if it.actual is not None and it.expected is None]
    short = tuple(it for it in answer.trajectory if it.expected is not None)
    drawn = forecast_trial(replace(answer, trajectory=(known[0], *short)), SPEAKER, WIDE)
    assert layers_of(drawn)


def test_the_purchases_to_come_begin_at_nothing() -> None:
    answer = forecast()
    assert isinstance(answer.outlook, Outlook)
    line, *_ = layers_of(outlook_line(answer.trajectory, answer.outlook, SPEAKER, WIDE))
    assert line[0]["value"] == 0
    assert line[-1]["day"] == answer.outlook.to.toordinal()


def test_groups_of_the_same_name_stay_apart() -> None:
    same = tuple(replace(it, low=4.0, high=4.0) for it in value().bands)
    rows = layers_of(value_bands(value(bands=same), SPEAKER, WIDE))[0]
    assert len({it["key"] for it in rows}) == 10
    assert len({it["band"] for it in rows}) == 3


def test_whoever_bought_once_has_no_mark() -> None:
    rows = layers_of(silences(at_risk(), SPEAKER, WIDE))[0]
    assert [it["gap"] is None for it in rows].count(True) == 1
    assert len(rows) == 10


def test_the_best_spend_stands_on_the_top_of_its_curve() -> None:
    side = budget().acquisition
    assert equity_at(side.curve, side.spend) == pytest.approx(
        max(it.equity for it in side.curve), abs=0.01
    )
    assert layers_of(budget_curve(side, SPEAKER, WIDE))


def test_all_contracts_run_before_the_first_renewal() -> None:
    rows = layers_of(contracts_running(renewals(), SPEAKER, WIDE))[0]
    assert rows[0] == {"renewal": 0, "share": 1.0, "low": 1.0, "high": 1.0}
    assert len(rows) == 7


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 7, 1), date(2024, 7, 28), "Jul 1, 2024"),
        (date(2024, 7, 2), date(2024, 12, 31), "Aug 2024"),
        (date(2010, 3, 5), date(2024, 7, 14), "2013"),
    ],
)
def test_days_are_named_by_what_fits(first: date, last: date, expected: str) -> None:
    names = day_names(first, last, SPEAKER, 7)
    assert next(iter(names.values())) == expected
    assert 1 < len(names) <= 7
    assert all(first.toordinal() <= it <= last.toordinal() for it in names)
