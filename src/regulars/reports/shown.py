"""What each kind of answer shows, found by its type."""

from functools import partial, singledispatch

from regulars.kernel.wording import Message, say
from regulars.reports import expecting
from regulars.reports.charts import bars, basket, change, cohorts, customers, repeat, retention
from regulars.reports.figures import Figure
from regulars.reports.sheets import customers as who
from regulars.reports.sheets import purchases as what
from regulars.reports.words import basket as basket_words
from regulars.reports.words import check as check_words
from regulars.reports.words import cohorts as cohort_words
from regulars.reports.words import concentration as concentration_words
from regulars.reports.words import consistency as consistency_words
from regulars.reports.words import growth as growth_words
from regulars.reports.words import repeat as repeat_words
from regulars.reports.words import retention as retention_words
from regulars.reports.words import rfm as rfm_words
from regulars.reports.words import spend as spend_words
from regulars.studies.answer import Answer
from regulars.studies.at_risk import AtRisk
from regulars.studies.basket import Basket
from regulars.studies.budget import Budget
from regulars.studies.check import Check
from regulars.studies.cohorts import Cohorts
from regulars.studies.concentration import Concentration
from regulars.studies.consistency import Consistency
from regulars.studies.curves import ReturnCurve
from regulars.studies.forecast import Forecast
from regulars.studies.growth import Growth
from regulars.studies.renewals import RenewalForecast
from regulars.studies.repeat import Repeat
from regulars.studies.retention import Retention
from regulars.studies.rfm import Rfm
from regulars.studies.spend import SpendSplit
from regulars.studies.value import Value

_BEST = 10  # customers named on the page


@singledispatch
def figures_of(answer: Answer) -> tuple[Figure, ...]:
    """The answer's figures, the most important first."""
    raise LookupError(f"no figures for {type(answer).__name__}")


figures_of.register(Forecast, expecting.forecast)
figures_of.register(Value, expecting.value)
figures_of.register(AtRisk, expecting.at_risk)
figures_of.register(Budget, expecting.budget)
figures_of.register(RenewalForecast, expecting.renewals)


@figures_of.register
def _(answer: Retention) -> tuple[Figure, ...]:
    trend = Figure(
        key="trend",
        title=retention_words.trend_title(answer),
        caption=say("Share of customers who came back, period by period, with its interval"),
        alternative=retention_words.trend_text(answer),
        draw=partial(retention.retention_trend, answer) if retention_words.known(answer) else None,
        sheet=who.trend(answer),
    )
    if not answer.segments:
        return (trend,)
    groups = Figure(
        key="segments",
        title=retention_words.segments_title(answer),
        sheet=who.segments(answer),
        open=True,
    )
    return (trend, groups)


@figures_of.register
def _(answer: Growth) -> tuple[Figure, ...]:
    return (
        Figure(
            key="growth-customers",
            title=growth_words.customers_title(answer),
            caption=say("Customers in each period that has ended"),
            alternative=growth_words.customers_text(answer),
            draw=partial(bars.growth_in_customers, answer),
            sheet=who.growth_in_customers(answer),
        ),
        Figure(
            key="growth-money",
            title=growth_words.money_title(answer),
            caption=_in_currency(answer),
            alternative=growth_words.money_text(answer),
            draw=partial(bars.growth_in_money, answer),
            sheet=who.growth_in_money(answer),
        ),
    )


def _in_currency(answer: Growth) -> Message:
    if answer.evidence.currency is None:
        return say("Revenue in each period that has ended, against the period before")
    return say(
        "Revenue ({currency}) in each period that has ended, against the period before",
        currency=answer.evidence.currency,
    )


@figures_of.register
def _(answer: Cohorts) -> tuple[Figure, ...]:
    return (
        Figure(
            key="cohort-matrix",
            title=cohort_words.matrix_title(answer),
            caption=say(
                "Percent of each group that bought, by the number of periods since its first "
                "purchase"
            ),
            alternative=cohort_words.matrix_text(answer),
            draw=partial(cohorts.cohort_matrix, answer),
            sheet=who.cohorts(answer),
        ),
    )


@figures_of.register
def _(answer: ReturnCurve) -> tuple[Figure, ...]:
    enough = cohort_words.milestone(answer) is not None
    return (
        Figure(
            key="return-curve",
            title=cohort_words.curve_title(answer),
            caption=say("Share of customers who buy, by age since the first purchase"),
            alternative=cohort_words.curve_text(answer) if answer.points else None,
            draw=partial(cohorts.return_curve, answer) if enough else None,
            sheet=who.curve(answer),
        ),
    )


@figures_of.register
def _(answer: Consistency) -> tuple[Figure, ...]:
    return (
        Figure(
            key="cohort-quality",
            title=consistency_words.title(answer),
            caption=say(
                "Share of each group that came back in time; the circle is as large as the group, "
                "the dashed line is the trend"
            ),
            alternative=consistency_words.text(answer),
            draw=partial(change.cohort_quality, answer) if answer.cohorts else None,
            sheet=who.consistency(answer),
        ),
    )


@figures_of.register
def _(answer: SpendSplit) -> tuple[Figure, ...]:
    return (
        Figure(
            key="spend-factors",
            title=spend_words.title(answer),
            caption=say("Change of revenue per customer who bought, by what caused it"),
            alternative=spend_words.text(answer),
            draw=partial(change.spend_factors, answer),
            sheet=who.spend(answer),
        ),
    )


@figures_of.register
def _(answer: Repeat) -> tuple[Figure, ...]:
    path = Figure(
        key="path",
        title=repeat_words.path_title(answer),
        caption=say("Share of those followed who reached each stage so far"),
        alternative=repeat_words.path_text(answer),
        draw=partial(repeat.path_to_regular, answer),
        sheet=what.path(answer),
    )
    if not answer.times:
        return (path,)
    first = answer.times[0]
    time = Figure(
        key="second-purchase",
        title=repeat_words.time_title(first),
        caption=say("Share who have come back, by days since the first purchase"),
        alternative=repeat_words.time_text(first),
        draw=partial(repeat.time_to_next, first),
        sheet=what.time_to_next(first),
    )
    return (time, path)


@figures_of.register
def _(answer: Rfm) -> tuple[Figure, ...]:
    return (
        Figure(
            key="rfm-map",
            title=rfm_words.map_title(answer),
            caption=say("Customers by how lately and how often they buy, each in fifths"),
            alternative=rfm_words.map_text(answer),
            draw=partial(customers.rfm_map, answer),
            sheet=what.rfm_tiles(answer),
        ),
        Figure(
            key="rfm-segments",
            title=rfm_words.segments_title(answer),
            caption=say("Share of customers and share of revenue of each group"),
            alternative=rfm_words.segments_text(answer),
            draw=partial(customers.rfm_segments, answer),
            sheet=what.segments(answer),
        ),
    )


@figures_of.register
def _(answer: Concentration) -> tuple[Figure, ...]:
    return (
        Figure(
            key="lorenz",
            title=concentration_words.title(answer),
            caption=say(
                "Customers from the smallest to the largest, against their share of the revenue; "
                "the dashed line is equal shares"
            ),
            alternative=concentration_words.text(answer),
            draw=partial(customers.lorenz_curve, answer),
            sheet=what.concentration(answer),
        ),
        Figure(
            key="best-customers",
            title=say("The best customers"),
            sheet=what.best_customers(answer, _BEST),
        ),
    )


@figures_of.register
def _(answer: Basket) -> tuple[Figure, ...]:
    if not answer.pairs:
        return ()
    pairs = Figure(
        key="pairs",
        title=basket_words.pairs_title(answer),
        caption=say(
            "How many times as often as by chance (1, the dashed line), with its interval"
        ),
        alternative=basket_words.pairs_text(answer),
        draw=partial(basket.basket_pairs, answer),
        sheet=what.pairs(answer),
    )
    if not answer.next_items:
        return (pairs,)
    after = Figure(
        key="next-items",
        title=basket_words.next_title(answer),
        caption=say("How many times as many as otherwise (1, the dashed line), with its interval"),
        alternative=basket_words.next_text(answer),
        draw=partial(basket.next_steps, answer),
        sheet=what.next_items(answer),
    )
    return (pairs, after)


@figures_of.register
def _(answer: Check) -> tuple[Figure, ...]:
    figures = []
    if answer.quality.rejected:
        figures += [
            Figure(
                key="reasons",
                title=check_words.rejects_title(answer),
                sheet=what.reasons(answer),
                open=True,
            ),
            Figure(key="rejects", title=say("Every row refused"), sheet=what.rejects(answer)),
        ]
    if answer.stores:
        figures.append(
            Figure(key="stores", title=say("Known customers, by shop"), sheet=what.stores(answer))
        )
    figures += [
        Figure(key="periods", title=say("Known customers, by period"), sheet=what.periods(answer)),
        Figure(key="columns", title=say("How the columns were read"), sheet=what.columns(answer)),
    ]
    return tuple(figures)
