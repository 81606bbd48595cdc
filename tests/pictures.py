"""Pictures made by hand: every answer that the report can show, without computing any."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from pictures_ahead import at_risk, forecast, value
from pictures_of_customers import EVIDENCE, FIRST, MONTHS, basket, concentration, repeat, rfm
from regulars.estimation.interval import Estimate, newcombe_difference, wilson
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period, Span
from regulars.kernel.wording import say
from regulars.studies.check import Check, Identified, PeriodIdentified, StoreIdentified
from regulars.studies.cohorts import CohortCell, Cohorts
from regulars.studies.consistency import CohortQuality, Consistency, Verdict
from regulars.studies.curves import AgeUnit, ReturnCurve, ReturnKind, ReturnPoint
from regulars.studies.growth import Growth, GrowthPeriod
from regulars.studies.picture import Picture
from regulars.studies.rates import Benchmark, ComparedWith, Comparison, RetentionRate
from regulars.studies.retention import Retention
from regulars.studies.spend import Factor, SpendFactor, SpendSplit, SpendTotals
from regulars.warehouse.quality import Quality, Reject


def kept(month: int) -> float:
    """The share kept in a month: a slow rise with a season."""
    return 0.52 + 0.006 * month + 0.05 * float(np.sin(month / 1.9))


def rate_of(month: int, **changes: object) -> RetentionRate:
    """The retention rate of one month."""
    start = 1_100 + 45 * month
    retained = round(start * kept(month))
    values: dict[str, Any] = {
        "span": Period.MONTH.span(FIRST + month),
        "lookback_days": Period.MONTH.span(FIRST + month - 1).days,
        "start": start,
        "active": retained + 260 + 90,
        "new": 260,
        "resurrected": 90,
        "retained": retained,
        "rate": wilson(retained, start) if month else None,
        "confidence": 0.95,
        "complete": month < MONTHS,
        "at_most": month < 4,
    }
    return RetentionRate(**(values | changes))


def retention(**changes: object) -> Retention:
    """Eighteen months and one that has not ended."""
    trend = tuple(rate_of(month) for month in range(MONTHS + 1))
    overall, before = trend[MONTHS - 1], trend[MONTHS - 2]
    assert overall.rate is not None
    assert before.rate is not None
    comparisons = (
        Comparison(
            kind=ComparedWith.PREVIOUS,
            value=before.rate.value,
            difference=newcombe_difference(overall.rate, before.rate),
            span=before.span,
        ),
        Comparison(kind=ComparedWith.TARGET, value=0.6, difference=overall.rate.minus(0.6)),
    )
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "overall": overall,
        "trend": trend,
        "comparisons": comparisons,
        "period": Period.MONTH,
        "chosen": say("Months, because half of all returns happen within a few weeks."),
    }
    return Retention(**(values | changes))


def benchmark() -> Benchmark:
    """A benchmark that a user entered."""
    return Benchmark(rate=0.55, source="Trade Review", published_on=date(2024, 2, 1), country="LT")


def growth() -> Growth:
    """Growth accounting that adds up in customers."""
    periods = []
    for month in range(MONTHS + 1):
        it = rate_of(month)
        spent = Decimal(it.retained * 61)
        more, less = Decimal(it.retained * 12), Decimal(it.retained * 9)
        new, back = Decimal(it.new * 44), Decimal(it.resurrected * 39)
        periods.append(
            GrowthPeriod(
                period=it.span.start,
                complete=it.complete,
                at_most=it.at_most,
                active=it.active,
                new=it.new,
                retained=it.retained,
                resurrected=it.resurrected,
                churned=it.churned,
                revenue=spent + more - less + new + back,
                revenue_new=new,
                revenue_expansion=more,
                revenue_contraction=less,
                revenue_resurrected=back,
                revenue_churned=Decimal(it.churned * 31),
                revenue_retained_before=spent,
            )
        )
    return Growth(evidence=EVIDENCE, period=Period.MONTH, periods=tuple(periods))


def cohorts() -> Cohorts:
    """A triangle: a cell is known when its month has ended."""
    cells = []
    for cohort in range(MONTHS):
        customers = 240 + 11 * cohort
        for age in range(MONTHS):
            known = cohort + age < MONTHS
            active = round(customers * (0.46 / age**0.35 + cohort * 0.003)) if age else customers
            money = Decimal(active * 44)
            cells.append(
                CohortCell(
                    cohort=Period.MONTH.start(FIRST + cohort),
                    age=age,
                    customers=customers,
                    active=active if known else None,
                    retention=wilson(active, customers) if known else None,
                    revenue=money if known else None,
                    revenue_retention=active / customers if known else None,
                    revenue_per_customer=Decimal(44 + 15 * age) if known else None,
                    at_most=cohort < 4,
                )
            )
    return Cohorts(
        evidence=EVIDENCE,
        period=Period.MONTH,
        cells=tuple(cells),
        max_age=MONTHS - 1,
        confidence=0.95,
    )


def curve() -> ReturnCurve:
    """The share that buys at each age in months."""
    points = tuple(
        ReturnPoint(
            age=age,
            until=age + 1,
            customers=4_000 - 200 * age,
            returned=round((4_000 - 200 * age) * (0.47 / age**0.3 if age else 1)),
            share=wilson(
                round((4_000 - 200 * age) * (0.47 / age**0.3 if age else 1)), 4_000 - 200 * age
            ),
        )
        for age in range(MONTHS - 1)
    )
    return ReturnCurve(
        evidence=EVIDENCE,
        kind=ReturnKind.N_PERIOD,
        unit=AgeUnit.MONTH,
        points=points,
        first_seen_from=date(2023, 4, 20),
        at_most=False,
    )


def consistency(**changes: object) -> Consistency:
    """Cohorts that grow and come back a little less."""
    groups = tuple(
        CohortQuality(
            cohort=Period.MONTH.start(FIRST + month),
            customers=200 + 22 * month,
            repeated=round((200 + 22 * month) * (0.62 - 0.009 * month)),
            rate=wilson(round((200 + 22 * month) * (0.62 - 0.009 * month)), 200 + 22 * month),
            fitted=0.62 - 0.009 * month,
        )
        for month in range(4, 15)
    )
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "period": Period.MONTH,
        "window_days": 74,
        "cohorts": groups,
        "change": Estimate(
            value=-0.09, low=-0.14, high=-0.04, n=3_000, method="wald", confidence=0.95
        ),
        "odds_per_doubling": Estimate(
            value=-0.2, low=-0.3, high=-0.1, n=3_000, method="wald", confidence=0.95
        ),
        "growth": 1.76,
        "verdict": Verdict.FALLS,
    }
    return Consistency(**(values | changes))


def spend() -> SpendSplit:
    """A rise that more visits explain."""
    may, june = (Period.MONTH.span(FIRST + month) for month in (MONTHS - 2, MONTHS - 1))
    return SpendSplit(
        evidence=EVIDENCE,
        period=Period.MONTH,
        before=_totals(may, 81_200),
        after=_totals(june, 88_150),
        change=Estimate(value=4.3, low=1.1, high=7.5, n=2_900, method="wald", confidence=0.95),
        factors=(
            SpendFactor(factor=Factor.FREQUENCY, before=2.41, after=2.58, contribution=4.9),
            SpendFactor(factor=Factor.CATEGORIES, before=3.2, after=3.3, contribution=1.1),
            SpendFactor(factor=Factor.AMOUNT, before=7.3, after=7.1, contribution=-1.7),
        ),
        against="previous",
    )


def _totals(span: Span, revenue: int) -> SpendTotals:
    return SpendTotals(
        span=span,
        customers=1_450,
        orders=3_500,
        revenue=Decimal(revenue),
        category_orders=11_000,
    )


def check(**changes: object) -> Check:
    """Two rows refused, some receipts without a customer."""
    refused = tuple(
        Reject(
            line=line,
            column="Summe",
            value=value,
            reason=say("This is not an amount: write it as {example}.", example="12.50"),
            source="orders.csv",
        )
        for line, value in ((17, "=cmd|' /C calc'!A0"), (402, "<script>alert(1)</script>"))
    )
    quality = Quality(
        rows=61_300,
        accepted=61_298,
        duplicates=58,
        orders=61_240,
        unidentified=7_777,
        unidentified_orders=7_777,
        revenue=Decimal(2_080_000),
        identified_revenue=Decimal(1_900_000),
        unmatched_refunds=3,
        unmatched_refund_amount=Decimal("-71.20"),
        zero_orders=12,
        columns={"customer_id": "Kunde", "ordered_at": "Datum", "amount": "Summe"},
        ignored=("Notiz",),
        amount_basis="net",
        rejected=refused,
    )
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "quality": quality,
        "overall": _identified(),
        "stores": (
            StoreIdentified(
                store="Vilnius",
                orders=40_000,
                identified_orders=36_000,
                revenue=Decimal(1_400_000),
                identified_revenue=Decimal(1_300_000),
            ),
        ),
        "periods": tuple(
            PeriodIdentified(
                period=Period.MONTH.start(FIRST + month),
                orders=3_400,
                identified_orders=2_970,
                revenue=Decimal(115_000),
                identified_revenue=Decimal(105_000),
            )
            for month in range(MONTHS)
        ),
        "period": Period.MONTH,
        "has_lines": True,
        "has_categories": True,
        "has_margin": False,
    }
    return Check(**(values | changes))


def _identified() -> Identified:
    return Identified(
        orders=61_240,
        identified_orders=53_463,
        revenue=Decimal(2_080_000),
        identified_revenue=Decimal(1_900_000),
    )


def picture(**changes: object) -> Picture:
    """A picture in which every study has an answer."""
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "period": Period.MONTH,
        "chosen": None,
        "check": check(),
        "retention": retention(),
        "growth": growth(),
        "cohorts": cohorts(),
        "curve": curve(),
        "consistency": consistency(),
        "spend": spend(),
        "repeat": repeat(),
        "rfm": rfm(),
        "concentration": concentration(),
        "basket": basket(),
        "forecast": forecast(),
        "value": value(),
        "at_risk": at_risk(),
    }
    return Picture(**(values | changes))


def unanswered() -> Picture:
    """A picture of too few orders: no study but the check has an answer."""
    nothing = NotEnoughEvidence(
        say("There is only one customer."), (say("at least two customers"),)
    )
    answered = {"evidence", "period", "chosen", "check"}
    studies = {field.name for field in fields(Picture)} - answered
    return picture(**dict.fromkeys(studies, nothing))
