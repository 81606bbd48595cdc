import subprocess
import sys
from dataclasses import dataclass, replace

import pytest

from pictures import (
    check,
    cohorts,
    consistency,
    curve,
    growth,
    picture,
    retention,
    spend,
    unanswered,
)
from pictures_ahead import at_risk, budget, forecast, renewals, value
from pictures_of_customers import basket, concentration, repeat, rfm
from regulars.reports.presenter import introduce
from regulars.reports.saying import findings_of
from regulars.reports.sheets.by_answer import sheet_of
from regulars.reports.shown import figures_of
from regulars.studies.answer import Answer

DRAWN = [
    at_risk(),
    basket(),
    budget(),
    cohorts(),
    concentration(),
    consistency(),
    curve(),
    forecast(),
    growth(),
    picture(),
    renewals(),
    repeat(),
    retention(),
    rfm(),
    spend(),
    value(),
]


@pytest.fixture(autouse=True)
def _presented() -> None:
    introduce()


@pytest.mark.parametrize("answer", DRAWN, ids=lambda it: type(it).__name__)
def test_every_answer_draws_itself_with_its_finding_above(answer: Answer) -> None:
    spec = answer.chart().to_dict()
    assert spec["title"]["text"]
    assert spec["description"]


@pytest.mark.parametrize("answer", [*DRAWN, check()], ids=lambda it: type(it).__name__)
def test_every_answer_shows_itself_in_a_notebook(answer: Answer) -> None:
    html = answer._repr_html_()
    assert html.startswith("<p><strong>")
    assert "<table>" in html


@pytest.mark.parametrize("answer", DRAWN, ids=lambda it: type(it).__name__)
def test_every_answer_says_its_findings(answer: Answer) -> None:
    assert all(str(it) for it in answer.findings())


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(LookupError):
        check().chart()
    with pytest.raises(LookupError):
        replace(basket(), pairs=()).chart()


def test_a_picture_without_answers_shows_its_check() -> None:
    assert "There is only one customer." in unanswered()._repr_html_()


def test_what_stood_in_the_file_is_text_in_a_notebook() -> None:
    html = check()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_kind_of_answer_that_nobody_knows_is_refused() -> None:
    @dataclass(frozen=True)
    class Unknown(Answer):
        """An answer of somebody else."""

    for show in (findings_of, figures_of, sheet_of):
        with pytest.raises(LookupError, match="Unknown"):
            show(Unknown())


def test_introducing_the_presenter_does_not_load_the_drawing() -> None:
    code = (
        "import sys; from regulars.reports.presenter import introduce; introduce();"
        "sys.exit('altair' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
