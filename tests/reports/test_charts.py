from dataclasses import replace
from typing import Any

import pytest

from pictures import cohorts, consistency, growth, picture, retention, spend
from pictures_of_customers import basket, concentration, repeat, rfm
from regulars.reports.charts import bars, customers
from regulars.reports.charts.cohorts import cohort_matrix, shown_cells
from regulars.reports.charts.retention import retention_trend
from regulars.reports.charts.theme import (
    NARROW,
    PALETTE,
    WIDE,
    Drawing,
    Frame,
    expression,
    nice_ticks,
    period_axis,
)
from regulars.reports.drawing import still, svg_of
from regulars.reports.figures import Figure
from regulars.reports.sections import sections_of
from regulars.reports.speech import speaker_of

SPEAKER = speaker_of("en", currency="EUR")
FIGURES = [
    figure
    for section in sections_of(picture())
    for figure in section.figures
    if figure.draw is not None
]


def data_of(chart: Drawing) -> list[dict[str, Any]]:
    """The rows behind a chart's first layer."""
    spec = chart.to_dict()
    first = spec["layer"][0] if "layer" in spec else spec
    found: dict[str, Any] = first["data"] if "data" in first else spec["data"]
    rows: list[dict[str, Any]] = found.get("values") or spec["datasets"][found["name"]]
    return rows


def drawn(figure: Figure, frame: Frame) -> str:
    assert figure.draw is not None
    return still(figure.draw(SPEAKER, frame), name="name", alternative="text", key="key")


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_chart_can_be_drawn_within_its_frame(figure: Figure, frame: Frame) -> None:
    svg = drawn(figure, frame)
    assert f'viewBox="0 0 {frame.width} ' in svg
    assert "NaN" not in svg
    assert len(svg) < 250_000


def test_a_chart_is_named_and_described() -> None:
    svg = svg_of(
        retention_trend(retention(), SPEAKER, WIDE), name="A < B", alternative="C & D", key="k"
    )
    assert 'role="img" aria-labelledby="k-name k-text"' in svg
    assert '<title id="k-name">A &lt; B</title><desc id="k-text">C &amp; D</desc>' in svg


def test_a_chart_has_no_colour_but_those_of_the_palette() -> None:
    svg = drawn(FIGURES[0], WIDE)
    used = {shade for shade in PALETTE.values() if f'"{shade}"' in svg}
    assert PALETTE["accent"] in used


def test_the_trend_leaves_out_what_is_unknown_or_has_not_ended() -> None:
    data = data_of(retention_trend(retention(), SPEAKER, WIDE))
    labels = [row["label"] for row in data]
    assert labels[0] == "Feb 2023"
    assert labels[-1] == "Jun 2024"


def test_a_telephone_shows_fewer_cohorts() -> None:
    answer = cohorts()
    wide = {cell.cohort for cell in shown_cells(answer, 24)}
    narrow = {cell.cohort for cell in shown_cells(answer, 12)}
    assert len(wide) == 18
    assert len(narrow) == 12
    assert max(narrow) == max(wide)


def test_a_cell_that_cannot_be_observed_is_not_drawn() -> None:
    answer = cohorts()
    assert all(cell.retention is not None for cell in shown_cells(answer, 24))


def test_small_cohorts_are_left_to_the_table_where_others_are_large_enough() -> None:
    answer = cohorts()
    first = answer.cells[0].cohort
    mixed = tuple(
        replace(cell, customers=12) if cell.cohort == first else cell for cell in answer.cells
    )
    shown = {cell.cohort for cell in shown_cells(replace(answer, cells=mixed), 24)}
    assert first not in shown
    assert len(shown) == 17


def test_small_cohorts_are_not_shaded() -> None:
    answer = cohorts()
    small = tuple(replace(cell, customers=12) for cell in answer.cells)
    data = data_of(cohort_matrix(replace(answer, cells=small), SPEAKER, WIDE))
    rows = data
    assert {row["shade"] for row in rows} == {0.04}


def test_bars_meet_without_gaps_and_losses_hang_below_the_line() -> None:
    data = data_of(bars.growth_in_customers(growth(), SPEAKER, WIDE))
    rows = [row for row in data if row["label"] == "Jun 2024"]
    ups = [row for row in rows if row["to"] > 0]
    assert [row["from"] for row in ups[1:]] == [row["to"] for row in ups[:-1]]
    assert ups[-1]["to"] == 1203 + 90 + 260
    assert [row["to"] for row in rows if row["to"] < 0] == [-662]


def test_the_bars_of_money_end_at_the_revenue() -> None:
    answer = growth()
    june = answer.periods[-2]
    data = data_of(bars.growth_in_money(answer, SPEAKER, WIDE))
    tops = [row["to"] for row in data if row["label"] == "Jun 2024"]
    assert max(tops) == pytest.approx(float(june.revenue))


def test_the_map_counts_every_customer_of_its_cells() -> None:
    answer = rfm()
    data = data_of(customers.rfm_map(answer, SPEAKER, WIDE))
    rows = data
    assert len(rows) == 25
    assert sum(int(row["customers"]) for row in rows) == sum(it.customers for it in answer.cells)


def test_every_label_is_in_the_readers_language() -> None:
    svg = still(
        retention_trend(retention(), speaker_of("lt"), WIDE), name="", alternative="", key="k"
    )
    assert "2024-06" in svg
    assert "70\N{NO-BREAK SPACE}%" in svg


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 0.034, (0.0, 0.01, 0.02, 0.03, 0.04)),
        (-7, 19, (-10.0, 0.0, 10.0, 20.0)),
        (5, 5, (5.0,)),
    ],
)
def test_ticks_are_round_and_cover_the_values(
    low: float, high: float, expected: tuple[float, ...]
) -> None:
    assert nice_ticks(low, high) == expected


def test_words_cannot_break_out_of_an_expression() -> None:
    assert expression({1: "'); alert(1)//"}) == "({'1':'\\'); alert(1)//'})[datum.value]"


def test_labels_are_thinned_out_where_there_is_no_room() -> None:
    assert period_axis(NARROW).to_dict()["labelOverlap"] == "greedy"


@pytest.mark.parametrize(
    "answer", [consistency(cohorts=()), spend(), repeat(), concentration(), basket()]
)
def test_an_answer_draws_itself(answer: object) -> None:
    from regulars.reports.shown import figures_of  # noqa: PLC0415 - dispatches on the type

    assert figures_of(answer)  # type: ignore[arg-type]
