from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pictures import picture
from pictures_ahead import at_risk, backtest, budget, error, forecast, outlook, renewals, value
from regulars.estimation.interval import Estimate
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import say
from regulars.reports.saying import findings_of
from regulars.reports.sections import sections_of
from regulars.reports.shown import figures_of
from regulars.reports.words import at_risk as at_risk_words
from regulars.reports.words import budget as budget_words
from regulars.reports.words import first
from regulars.reports.words import models as model_words
from regulars.reports.words.models import about, candidate_name, off_by, warned
from regulars.studies.answer import Answer
from regulars.studies.backtest import Backtest

NOTHING = NotEnoughEvidence(say("All customers have the same purchase history."))


def said(answer: Answer) -> list[str]:
    return [str(it) for it in findings_of(answer)]


def trial(**changes: object) -> Backtest:
    return backtest(error=error(**changes))


def test_a_forecast_says_what_is_to_come_and_how_sure_that_is() -> None:
    ahead, interval, *_ = said(forecast())
    assert ahead == "Until 2024-10-13, today's customers should buy about 7,200 more times"
    assert interval.startswith("Between 6,760 and 7,649 at 95.0% confidence.")
    assert "Customers yet to be won are not in it." in interval


def test_a_forecast_stands_beside_its_test() -> None:
    assert (
        "Tested on 2024-04-15 to 2024-07-14: 7,410 purchases were forecast, 7,806 came "
        "(5.1% too few)." in said(forecast())
    )


def test_a_forecast_without_an_outlook_says_why_and_keeps_its_test() -> None:
    sentences = said(forecast(outlook=NOTHING))
    assert sentences[0] == "All customers have the same purchase history."
    assert any(it.startswith("Tested on") for it in sentences)
    assert [it.key for it in figures_of(forecast(outlook=NOTHING))] == ["forecast-trial", "models"]


def test_a_correction_is_said() -> None:
    sentences = said(forecast(holdout=backtest(factor=1.127)))
    assert any("multiplied by 1.13" in it for it in sentences)
    assert not any("multiplied" in it for it in said(forecast()))


def test_another_model_for_the_days_to_come_is_named() -> None:
    other = forecast(outlook=replace(outlook(), model="mbg-nbd"))
    assert any("forecast by MBG/NBD" in it for it in said(other))
    assert not any("do not determine" in it for it in said(forecast()))


def test_the_reason_names_models_as_their_readers_know_them() -> None:
    answer = forecast(why=say("Of all models, {model} erred least.", model="mbg-nbd"))
    assert said(answer)[-1] == "Of all models, MBG/NBD erred least."


@pytest.mark.parametrize(
    ("bias", "expected"),
    [(0.2, "20.0% too many"), (-0.051, "5.1% too few"), (0.0001, "as many as came")],
)
def test_how_far_a_total_was_off_has_its_direction(bias: float, expected: str) -> None:
    assert str(off_by(bias)) == expected


def test_a_test_in_which_nothing_came_has_no_percentage() -> None:
    nothing = trial(actual_total=0.0, bias=float("nan"))
    assert str(model_words.tested(nothing)).endswith("were forecast, none came.")
    titles = [str(it.title) for it in figures_of(forecast(holdout=nothing))]
    assert "Nothing came in the days held out" in titles


def test_a_total_outside_its_interval_is_a_warning() -> None:
    assert warned(trial()) == ()
    (warning,) = warned(trial(total_covered=False))
    assert "plan with room" in str(warning)


def test_the_model_used_is_marked_and_a_refused_one_gives_its_reason() -> None:
    names = [str(candidate_name(it)) for it in backtest().candidates]
    assert names[:2] == ["Pareto/NBD (used)", "Pareto/NBD, corrected"]
    models = figures_of(forecast())[-1].sheet
    assert models is not None
    refused = next(row for row in models.rows if str(row[0]) == "BG/NBD")
    assert str(refused[1]) == ("The estimate of b grows without end: the data set it no limit.")
    assert set(refused[2:]) == {None}


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [(7204.6, 6760, 7649, 7200), (412_300, 388_900, 435_700, 410_000), (5, 5, 5, 5)],
)
def test_a_value_has_the_digits_that_its_interval_knows(
    value: float, low: float, high: float, expected: float
) -> None:
    assert about(value, low, high) == expected


def test_without_a_margin_it_is_called_revenue() -> None:
    everything = [*said(value()), *(str(it.title) for it in figures_of(value()))]
    assert "should bring about EUR 410,000.00 of revenue" in everything[0]
    assert any("a margin was not given" in it for it in everything)
    assert not any("worth" in it or "value" in it for it in everything)


def test_with_a_margin_it_is_called_worth_and_says_its_terms() -> None:
    sentences = said(value(kind="clv", margin=0.3, discount=0.1))
    assert "customers are worth about" in sentences[0]
    assert any(it.startswith("Of the revenue 30.0% stays with the firm") for it in sentences)


def test_a_worth_without_an_upper_bound_says_so() -> None:
    endless = Estimate(value=9.0, low=4.0, high=float("inf"), n=9, method="delta", confidence=0.95)
    assert "there is no upper bound" in said(value(total=endless))[1]


@pytest.mark.parametrize(
    ("link", "expected"), [(0.5, "too low"), (-0.5, "too high"), (0.1, None), (None, None)]
)
def test_amounts_that_go_with_frequency_are_said(link: float | None, expected: str | None) -> None:
    sentences = [it for it in said(value(spend_correlation=link)) if "does not know" in it]
    assert [it[-len(expected) - 1 : -1] for it in sentences if expected] == [expected] * bool(
        expected
    )


def test_too_few_customers_for_ten_groups_are_not_drawn_in_groups() -> None:
    assert figures_of(value(bands=value().bands[:4])) == ()


def test_ten_customers_are_to_be_called_with_what_is_at_stake() -> None:
    ten = sum((it.expected_loss for it in at_risk().customers[:10]), Decimal(0))
    assert said(at_risk())[0] == f"10 customers to call today: EUR {ten:,.2f} at stake"
    calls = figures_of(at_risk())[0].sheet
    assert calls is not None
    assert len(calls.rows) == 10


def test_each_customer_to_call_has_a_reason() -> None:
    calls = figures_of(at_risk())[0].sheet
    assert calls is not None
    assert str(calls.rows[0][1]).startswith("buys every 2 weeks, silent for 11 weeks; worth EUR")


def test_one_customer_to_call_is_one_customer() -> None:
    assert said(at_risk(customers=at_risk().customers[:1]))[0].startswith("1 customer to call")


def test_nobody_to_call_is_said_and_not_drawn() -> None:
    nobody = at_risk(customers=())
    assert said(nobody)[0] == "No customer is about to be lost"
    assert figures_of(nobody) == ()
    assert "at-risk" not in {it.key for it in first.pointers(picture(at_risk=nobody))}


def test_whoever_bought_once_has_no_usual_time_to_be_silent_beyond() -> None:
    once = tuple(it for it in at_risk().customers if it.gap is None)
    answer = at_risk(customers=once)
    assert str(at_risk_words.silence_title(answer)) == "How long they have been silent"


def test_the_first_screen_points_at_those_to_call() -> None:
    assert "at-risk" in {it.key for it in first.pointers(picture())}


def test_a_refused_forecast_is_a_section_that_says_why() -> None:
    sections = {it.key: it for it in sections_of(picture(forecast=NOTHING))}
    assert sections["forecast"].sentences == (NOTHING.reason,)
    assert sections["forecast"].figures == ()


def test_a_budget_says_that_only_marginal_cost_matters_and_what_it_stands_on() -> None:
    sentences = said(budget())
    assert sentences[0].startswith("Best: 9.21 a prospect")
    assert any(it.startswith("Only this marginal cost matters.") for it in sentences)
    assert "until a test has measured them" in sentences[-1]


@pytest.mark.parametrize(
    ("total", "shadow", "expected"),
    [
        (None, 0.0, None),
        (20.0, 0.0, "The limit of 20.00 a prospect is not reached."),
        (5.0, 0.41, "Within the limit of 5.00 a prospect."),
    ],
)
def test_a_limit_is_said_where_there_is_one(
    total: float | None, shadow: float, expected: str | None
) -> None:
    sentences = said(budget(total=total, shadow_price=shadow))
    found = [it for it in sentences if "limit" in it]
    assert bool(found) == bool(expected)
    assert all(it.startswith(expected or "") for it in found)


@pytest.mark.parametrize(
    ("now", "expected"), [(5.0, "more than now"), (20.0, "less than now"), (9.21, "as now")]
)
def test_a_side_of_the_budget_says_where_to_go(now: float, expected: str) -> None:
    side = replace(budget().acquisition, now_spend=now)
    assert f"Winning customers: {expected}" in str(budget_words.side_title(side, winning=True))


def test_contracts_say_how_many_should_still_run_and_why_the_rate_rises() -> None:
    sentences = said(renewals())
    assert sentences[0] == "After 4 renewals, 32.2% of contracts should still run"
    assert any("not because anybody becomes more loyal" in it for it in sentences)
    assert sentences[-1].endswith("341 renewals were forecast, 334 came (2.2% too many).")


def test_contracts_that_could_not_be_tested_say_so() -> None:
    assert "too few to test" in said(renewals(holdout=None))[-1]


def test_every_answer_about_the_days_to_come_has_a_day_in_it() -> None:
    assert date(2024, 10, 13).isoformat() in said(forecast())[0]
    assert date(2025, 7, 14).isoformat() in said(value())[0]
