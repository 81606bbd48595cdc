from dataclasses import replace
from decimal import Decimal

import pytest

from pictures import (
    benchmark,
    check,
    cohorts,
    consistency,
    curve,
    growth,
    picture,
    rate_of,
    retention,
    spend,
    unanswered,
)
from pictures_of_customers import EVIDENCE, basket, concentration, repeat, rfm
from regulars.estimation.interval import Estimate, wilson
from regulars.kernel.periods import Span
from regulars.kernel.wording import Message
from regulars.reports.saying import findings_of
from regulars.reports.sections import sections_of
from regulars.reports.words import check as check_words
from regulars.reports.words import cohorts as cohort_words
from regulars.reports.words import first
from regulars.reports.words import growth as growth_words
from regulars.reports.words import repeat as repeat_words
from regulars.reports.words import retention as retention_words
from regulars.reports.words import rfm as rfm_words
from regulars.reports.words.consistency import verdict
from regulars.reports.words.spend import change
from regulars.studies.consistency import Verdict
from regulars.studies.curves import ReturnKind
from regulars.studies.rates import ComparedWith, Comparison
from regulars.studies.rfm import Segment
from regulars.warehouse.quality import Quality


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=100, method="test", confidence=0.95)


def comparison(kind: ComparedWith, difference: Estimate) -> Comparison:
    return Comparison(
        kind=kind,
        value=0.6,
        difference=difference,
        benchmark=benchmark() if kind is ComparedWith.BENCHMARK else None,
    )


UP = estimate(0.05, 0.01, 0.09)
DOWN = estimate(-0.05, -0.09, -0.01)
CHANCE = estimate(0.02, -0.02, 0.06)


@pytest.mark.parametrize("kind", ComparedWith)
def test_a_real_difference_is_called_real_and_has_its_direction(kind: ComparedWith) -> None:
    up = str(retention_words.compared(comparison(kind, UP)))
    down = str(retention_words.compared(comparison(kind, DOWN)))
    assert up.startswith("5 points")
    assert "better" in up or "above" in up
    assert "worse" in down or "below" in down
    assert up.endswith("the difference is real.")


@pytest.mark.parametrize("kind", ComparedWith)
def test_a_difference_that_chance_could_make_is_not_called_real(kind: ComparedWith) -> None:
    said = str(retention_words.compared(comparison(kind, CHANCE)))
    assert said.startswith("No real difference from the")
    assert "2 points may be chance" in said


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(UP, "Better by 5 points"), (DOWN, "Worse by 5 points"), (CHANCE, "No real difference")],
)
def test_the_verdict_is_short(difference: Estimate, expected: str) -> None:
    assert str(retention_words.verdict(comparison(ComparedWith.PREVIOUS, difference))) == expected


def test_a_benchmark_is_shown_with_its_source() -> None:
    answer = retention(comparisons=(comparison(ComparedWith.BENCHMARK, UP),))
    assert "Benchmark: Trade Review, 2024-02-01, LT." in [str(it) for it in findings_of(answer)]


@pytest.mark.parametrize(
    ("retained", "expected"),
    [
        (0, "Hardly anyone came back"),
        (1, "Of every 100 customers, 1 came back"),
        (100, "Of every 100 customers, 100 came back"),
    ],
)
def test_the_headline_counts_in_hundreds(retained: int, expected: str) -> None:
    rate = rate_of(5, start=100, retained=retained, rate=wilson(retained, 100))
    assert str(retention_words.headline(retention(overall=rate))) == expected


def test_contracts_stay_where_purchases_come_back() -> None:
    assert "stayed" in str(retention_words.headline(retention(basis="spans")))
    assert "under contract" in str(retention_words.when(retention(basis="spans")))


def test_a_look_back_that_is_the_period_before_is_named_as_that() -> None:
    assert str(retention_words.when(retention())).endswith("against month from 2024-05-01")


def test_another_look_back_is_given_in_days_and_ever_in_words() -> None:
    days = retention(overall=rate_of(17, lookback_days=90))
    ever = retention(overall=rate_of(17, lookback_days=None))
    assert str(retention_words.when(days)).endswith("against the 90 days before")
    assert str(retention_words.when(ever)).endswith("against everyone who had bought before")


def test_a_period_that_is_none_of_the_calendar_is_named_by_its_days() -> None:
    span = Span(EVIDENCE.data_from, EVIDENCE.as_of)
    answer = retention(overall=rate_of(17, span=span))
    assert str(retention_words.name_of(answer, answer.overall)) == "2023-01-02 to 2024-07-13"


def test_a_rate_that_cannot_be_known_says_why() -> None:
    truncated, nobody = rate_of(0), rate_of(0, start=0, retained=0)
    assert "where the data begins" in str(retention_words.how_sure(truncated))
    assert "nobody to keep" in str(retention_words.how_sure(nobody))


def test_new_customers_before_the_burn_in_are_at_most_so_many() -> None:
    assert "at most 260 new" in str(retention_words.who(rate_of(1)))
    assert "at most" not in str(retention_words.who(rate_of(8)))


def test_a_period_that_has_not_ended_is_said_to_be_unfinished() -> None:
    answer = retention(overall=rate_of(18))
    assert any("not ended yet" in str(it) for it in findings_of(answer))


def test_growth_is_told_by_the_last_period_that_has_ended() -> None:
    last = growth_words.last_of(growth())
    assert last is not None
    assert last.period.isoformat() == "2024-06-01"


def test_growth_of_one_period_says_what_it_needs() -> None:
    answer = growth()
    short = replace(answer, periods=answer.periods[:1])
    assert [str(it) for it in findings_of(short)] == ["Growth needs two periods that have ended."]


def test_money_adds_up_from_kept_gained_and_lost() -> None:
    june = growth().periods[-2]
    before = june.revenue_retained_before + june.revenue_churned
    assert june.revenue == before + growth_words.gained(june) - growth_words.lost(june)


def test_nobody_lost_is_no_ratio() -> None:
    june = replace(growth().periods[-2], churned=0)
    assert str(growth_words.balance(june)) == "No customer of the period before was lost"
    assert str(growth_words.ratio(june)) == "Nobody lost"


def test_more_won_than_lost_is_said_so() -> None:
    june = replace(growth().periods[-2], churned=100)
    assert str(growth_words.balance(june)).startswith("More customers are won than lost: 3.5")


def test_a_period_without_revenue_has_no_share_of_it() -> None:
    june = replace(growth().periods[-2], revenue=Decimal(0))
    assert growth_words.share_of_revenue(june) == ()
    assert "brought" in str(growth_words.returned_share(growth(), june))


def test_cohorts_are_pooled_over_those_watched_long_enough() -> None:
    answer = cohorts()
    seen = cohort_words.next_periods(answer)
    pooled = cohort_words.pooled(answer)
    assert pooled is not None
    assert pooled.value == sum(it.active for it in seen) / sum(it.customers for it in seen)
    assert len(seen) == 17


def test_cohorts_nobody_has_watched_say_so() -> None:
    answer = cohorts()
    young = replace(answer, cells=tuple(it for it in answer.cells if it.age == 0))
    assert "watched for a whole period" in str(findings_of(young)[0])
    assert str(cohort_words.matrix_title(young)).startswith("Share of each group")


def test_small_cohorts_are_neither_best_nor_weakest() -> None:
    answer = cohorts()
    small = tuple(replace(it, customers=5, active=2) for it in answer.cells)
    assert "Best" not in str(cohort_words.matrix_title(replace(answer, cells=small)))
    said = [str(it) for it in findings_of(replace(answer, cells=small))]
    assert any("are not shaded" in it for it in said)


def test_cohorts_that_are_not_drawn_are_said_to_be_in_the_table() -> None:
    answer = cohorts()
    mixed = (replace(answer.cells[0], customers=5), *answer.cells[1:])
    said = [str(it) for it in findings_of(replace(answer, cells=mixed))]
    assert any("in the table only" in it for it in said)


def test_unbounded_curves_count_later_returns_too() -> None:
    assert "or later" in str(cohort_words.come_back(replace(curve(), kind=ReturnKind.UNBOUNDED)))


def test_a_curve_of_nobody_says_so() -> None:
    assert "long enough" in str(findings_of(replace(curve(), points=()))[0])
    assert "long enough" in str(cohort_words.curve_title(replace(curve(), points=())))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Verdict.HOLDS, "as readily as"),
        (Verdict.FALLS, "come back less: 9 points"),
        (Verdict.RISES, "come back more: 9 points"),
        (Verdict.TOO_EARLY, "too early to tell"),
    ],
)
def test_the_quality_of_cohorts_has_a_verdict(kind: Verdict, expected: str) -> None:
    assert expected in str(verdict(consistency(verdict=kind)))


def test_larger_groups_may_come_back_more() -> None:
    answer = consistency(odds_per_doubling=estimate(0.2, 0.1, 0.3))
    assert "The larger a group, the more of it come back." in [
        str(it) for it in findings_of(answer)
    ]


def test_spend_that_chance_could_have_moved_is_as_before() -> None:
    assert "about as much" in str(change(replace(spend(), change=estimate(1.0, -1.0, 3.0))))
    assert "less than before" in str(change(replace(spend(), change=estimate(-2, -3, -1))))


def test_every_factor_has_words_for_both_directions() -> None:
    said = set()
    for factor in spend().factors:
        for sign in (1, -1):
            turned = replace(factor, contribution=sign * 3.0)
            said.add(str(findings_of(replace(spend(), factors=(turned,)))[-1]))
    assert len(said) == 6


def test_a_median_that_is_not_reached_is_not_guessed() -> None:
    time = replace(repeat().times[0], median_days=None)
    assert str(repeat_words.time_title(time)).startswith("After 430 days, ")


def test_nobody_who_bought_twice_is_said_so() -> None:
    answer = replace(repeat(), steps=repeat().steps[:1])
    assert str(findings_of(answer)[0]) == "Nobody has bought on a second day yet"


def test_first_timers_that_may_be_old_customers_are_at_most() -> None:
    said = [str(it) for it in findings_of(replace(repeat(), at_most=True))]
    assert any("is at most this" in it for it in said)


def test_good_customers_who_drift_away_come_first() -> None:
    assert str(findings_of(rfm())[0]) == (
        "722 good customers are drifting away; they have brought EUR 266,000.00 so far"
    )


def test_where_nobody_drifts_away_that_is_said() -> None:
    answer = rfm()
    drifting = {Segment.CANNOT_LOSE, Segment.AT_RISK}
    calm = tuple(
        replace(it, customers=0) if it.segment in drifting else it for it in answer.segments
    )
    quiet = replace(answer, segments=calm)
    assert str(rfm_words.away(quiet)) == "No good customers are drifting away"
    assert "rfm" not in {it.key for it in first.pointers(picture(rfm=quiet))}


def test_concentration_says_how_many_carry_how_much() -> None:
    assert str(findings_of(concentration())[0]) == (
        "The best 20% of customers bring 64.0% of the revenue"
    )


def test_no_pair_is_an_answer_too() -> None:
    empty = replace(basket(), pairs=(), next_items=())
    assert [str(it) for it in findings_of(empty)] == [
        "No two items meet often enough to tell",
        "A pair is looked at from 100 orders on.",
    ]


def test_the_check_says_what_was_left_out() -> None:
    said = [str(it) for it in findings_of(check())]
    assert said[0] == "2 of 61,300 rows could not be read"
    assert any("The others are in no rate" in it for it in said)
    assert any("3 refunds had no order" in it for it in said)


def test_a_clean_file_is_said_to_be_clean() -> None:
    assert str(check_words.accepted(Quality(rows=5, accepted=5))) == "All 5 rows could be read"


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("net", "net of VAT"), ("gross", "include VAT"), ("as given", "as given")],
)
def test_amounts_say_what_they_hold(basis: str, expected: str) -> None:
    assert expected in str(check_words.basis(basis))


def test_little_identified_revenue_is_the_first_thing_to_look_at() -> None:
    evidence = replace(EVIDENCE, identified_orders=0.41)
    assert first.pointers(picture(evidence=evidence))[0].key == "quality"


def test_cohorts_that_get_worse_are_pointed_at() -> None:
    assert "consistency" in {it.key for it in first.pointers(picture())}
    holds = consistency(verdict=Verdict.HOLDS)
    assert "consistency" not in {it.key for it in first.pointers(picture(consistency=holds))}


def test_without_answers_there_is_nothing_to_point_at() -> None:
    assert first.pointers(unanswered()) == ()
    assert [str(it.short) for it in first.replies(unanswered())] == ["Too early to tell"] * 3


def test_every_section_of_an_unanswered_picture_says_what_is_needed() -> None:
    sections = [it for it in sections_of(unanswered()) if it.key != "quality"]
    assert len(sections) == 13
    assert all(str(it.sentences[-1]) == "Needed: at least two customers" for it in sections)


def test_the_choice_of_the_period_is_explained() -> None:
    answer = picture(chosen=Message("Counted by month."))
    assert str(sections_of(answer)[0].sentences[-1]) == "Counted by month."


def test_last_year_stands_in_where_there_is_no_period_before() -> None:
    answer = retention(comparisons=(comparison(ComparedWith.LAST_YEAR, DOWN),))
    reply = first.replies(picture(retention=answer))[0]
    assert (str(reply.short), reply.sign) == ("Worse by 5 points", "worse")
