from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

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
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import speaker_of
from regulars.reports.terminal import show
from regulars.studies.answer import Answer

ANSWERS = [
    at_risk(),
    basket(),
    budget(),
    check(),
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
    unanswered(),
    value(),
]


def printed(answer: Answer | NotEnoughEvidence, language: str = "en", width: int = 120) -> str:
    page = StringIO()
    console = Console(file=page, width=width, highlight=False, color_system=None)
    console.print(show(answer, speaker_of(language)))
    return page.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda it: type(it).__name__)
def test_every_answer_can_be_shown_in_every_language(answer: Answer, language: str) -> None:
    assert len(printed(answer, language).splitlines()) > 3


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda it: type(it).__name__)
def test_no_line_is_wider_than_the_terminal(answer: Answer) -> None:
    assert max(len(line) for line in printed(answer, width=80).splitlines()) <= 80


def test_the_finding_comes_first() -> None:
    assert printed(retention()).startswith("Of every 100 customers, 65 came back\n")


def test_a_rate_stands_beside_its_interval() -> None:
    june = next(it for it in printed(retention()).splitlines() if it.startswith("June 2024"))
    assert "64.5%" in june
    assert "62.3% to 66.6%" in june


def test_the_period_that_has_not_ended_is_marked() -> None:
    assert "July 2024 (so far)" in printed(growth())


def test_amounts_have_the_currency_of_the_data() -> None:
    assert "€76,992" in printed(picture())


def test_unobservable_cells_of_the_matrix_are_empty() -> None:
    last = next(it for it in printed(cohorts()).splitlines() if it.startswith("Jun 2024"))
    assert last.split() == ["Jun", "2024", "427", "100%"]


def test_a_refusal_says_why_and_what_it_needs() -> None:
    refusal = NotEnoughEvidence(say("There is one customer."), (say("two customers"),))
    assert printed(refusal).splitlines()[0] == "There is one customer."
    assert "Needed: two customers" in printed(refusal)


def test_markup_in_the_data_is_printed_as_it_stands() -> None:
    assert "=cmd|' /C calc'!A0" in printed(check(), width=200)


def test_the_picture_says_what_to_look_at() -> None:
    assert "1. The newest customers come back less" in printed(picture())


def test_long_tables_are_cut_and_say_so() -> None:
    one = check().quality.rejected[0]
    quality = replace(check().quality, rejected=(one,) * 1_000)
    assert "And 976 rows more." in printed(check(quality=quality))
