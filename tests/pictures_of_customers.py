"""Answers made by hand about customers and baskets, and the evidence of all of them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa

from regulars.estimation.interval import Estimate, wilson
from regulars.estimation.survival import kaplan_meier
from regulars.kernel.periods import Period
from regulars.studies.answer import Evidence
from regulars.studies.basket import Basket, NextItem, Pair
from regulars.studies.concentration import Concentration, LorenzPoint, TopCustomer, TopShare
from regulars.studies.path import PathStage, RegularRule, Regulars
from regulars.studies.repeat import PurchaseStep, Repeat, TimeToNext
from regulars.studies.rfm import Rfm, RfmCell, ScoreBreaks, SegmentSummary
from regulars.studies.rfm_segments import SEGMENT_NAMES, Segment, rule_of

MONTHS = 18
FIRST = Period.MONTH.number(date(2023, 1, 1))
EVIDENCE = Evidence(
    data_from=date(2023, 1, 2),
    as_of=date(2024, 7, 14),
    burn_in_until=date(2023, 4, 20),
    customers=4_812,
    orders=61_240,
    identified_orders=0.873,
    identified_revenue=0.912,
    rejected=2,
    currency="EUR",
    timezone="Europe/Vilnius",
    amount_basis="net",
)


def repeat() -> Repeat:
    """First-timers, half of whom are back within a month and a half."""
    reached = (4_812, 3_240, 2_410, 1_902, 1_570)
    steps = tuple(
        PurchaseStep(
            purchase=number + 1,
            customers=count,
            share=wilson(count, reached[0]),
            share_of_previous=wilson(count, reached[number - 1]) if number else None,
        )
        for number, count in enumerate(reached)
    )
    return Repeat(
        evidence=EVIDENCE,
        customers=4_812,
        steps=steps,
        median_gap_days=17,
        rule=RegularRule(
            purchases=4, purchases_from="half return", gap_days=74, gap_from="90th percentile"
        ),
        population="first-timers",
        at_most=False,
        followed=3_900,
        times=(_waiting(),),
        path=_path(),
        regulars=Regulars(
            now=wilson(1_240, 4_812), customers=1_240, lapsed=333, revenue_share=0.61
        ),
        confidence=0.95,
    )


def _waiting() -> TimeToNext:
    durations = np.arange(1, 421)
    happened = (durations * 7919) % 10 < 6
    curve = kaplan_meier(
        np.round(durations**1.5 / 20).astype(int), happened, np.full(len(durations), 9)
    )
    low, high = curve.days_until_between(0.5)
    return TimeToNext(
        purchase=1,
        curve=curve,
        median_days=curve.days_until(0.5),
        median_low=low,
        median_high=high,
        within_gap=curve.happened_by(74),
    )


def _path() -> tuple[PathStage, ...]:
    counts = (3_900, 2_600, 1_900, 1_380)
    last = len(counts) - 1
    return tuple(
        PathStage(
            purchase=None if number == last else number + 1,
            customers=count,
            share=wilson(count, counts[0]),
            moved_on=None if number == last else wilson(counts[number + 1], count),
            median_days=None if number == last else 40 - 6 * number,
        )
        for number, count in enumerate(counts)
    )


def rfm() -> Rfm:
    """All segments but one."""
    weights = (0.16, 0.2, 0.12, 0.09, 0.13, 0.05, 0.1, 0.15)
    money = (0.41, 0.24, 0.08, 0.03, 0.07, 0.08, 0.06, 0.03)
    segments = tuple(
        SegmentSummary(
            segment=segment,
            name=SEGMENT_NAMES[segment],
            rule=rule_of(segment, 30),
            customers=round(4_812 * weight),
            share_of_customers=weight,
            revenue=Decimal(round(1_900_000 * share)),
            share_of_revenue=share,
            mean_recency=20.5,
            mean_frequency=6.1,
            mean_monetary=41.2,
            at_most=segment is Segment.NEW,
        )
        for segment, weight, share in zip(Segment, weights, money, strict=True)
    )
    cells = tuple(
        RfmCell(
            r=r,
            f=f,
            segment=_place(r, f),
            customers=40 + 22 * r * f - 60 * abs(r - f),
            revenue=Decimal(100 * r * f),
        )
        for r in range(1, 6)
        for f in range(1, 6)
        if 40 + 22 * r * f - 60 * abs(r - f) > 0
    )
    return Rfm(
        evidence=EVIDENCE,
        customers=pa.table({"customer_id": [f"c{number}" for number in range(4_812)]}),
        segments=segments,
        cells=cells,
        breaks=ScoreBreaks(
            recency=(200, 90, 40, 12), frequency=(2, 4, 8, 15), monetary=(12.0, 20.0, 33.0, 60.0)
        ),
        new_days=30,
    )


def _place(r: int, f: int) -> Segment:
    if f >= 4:
        return Segment.CHAMPIONS if r == 5 else Segment.LOYAL if r > 2 else Segment.AT_RISK
    if r > 3:
        return Segment.PROMISING
    return Segment.NEEDS_ATTENTION if r == 3 else Segment.LOST


def concentration() -> Concentration:
    """A few customers carry much."""
    shares = {1: 0.09, 5: 0.27, 10: 0.43, 20: 0.64}
    return Concentration(
        evidence=EVIDENCE,
        customers=4_812,
        revenue=Decimal(1_900_000),
        gini=0.6123,
        top_share={
            percent: TopShare(
                percent=percent,
                customers=-(-4_812 * percent // 100),
                share=share,
                interval=Estimate(
                    value=share,
                    low=share - 0.02,
                    high=share + 0.02,
                    n=4_812,
                    method="delta",
                    confidence=0.95,
                ),
            )
            for percent, share in shares.items()
        },
        customers_for_80_percent=1_702,
        lorenz=tuple(LorenzPoint(it / 100, (it / 100) ** 3.4) for it in range(101)),
        best=tuple(
            TopCustomer(
                rank=rank,
                customer_id=f"K-{1000 + rank}",
                revenue=Decimal(9_000 - 310 * rank),
                share=0.004,
                purchase_days=90 - rank,
                first_on=date(2023, 1, 3),
                last_on=date(2024, 7, 10),
            )
            for rank in range(1, 30)
        ),
        confidence=0.95,
    )


def basket() -> Basket:
    """Pairs and next steps."""
    names = ("Coffee", "Filters", "Oat milk", "Bread", "Butter", "Jam & honey", "Tea", "Sugar")
    pairs = tuple(
        Pair(
            a=a,
            b=b,
            orders=900 - 90 * number,
            orders_a=3_000,
            orders_b=2_100,
            support=wilson(900 - 90 * number, 61_240),
            a_to_b=wilson(900 - 90 * number, 3_000),
            b_to_a=wilson(900 - 90 * number, 2_100),
            lift=_lift(4.2 - 0.45 * number),
            real=_lift(4.2 - 0.45 * number).low > 1,
        )
        for number, (a, b) in enumerate(pairwise(names))
    )
    steps = tuple(
        NextItem(
            after=a,
            then=b,
            customers=300 - 20 * number,
            of=2_000,
            share=wilson(300 - 20 * number, 2_000),
            expected=140.0,
            lift=_lift(2.1 - 0.15 * number),
            real=_lift(2.1 - 0.15 * number).low > 1,
        )
        for number, (a, b) in enumerate(zip(names, names[2:], strict=False))
    )
    return Basket(
        evidence=EVIDENCE,
        level="category",
        orders=61_240,
        items=41,
        frequent_items=33,
        min_orders=100,
        pairs_found=212,
        pairs=pairs,
        next_items=steps,
        confidence=0.95,
    )


def _lift(value: float) -> Estimate:
    return Estimate(
        value=value, low=value * 0.9, high=value * 1.11, n=900, method="log", confidence=0.95
    )


def day(number: int) -> date:
    """A day of the sample."""
    return EVIDENCE.data_from + timedelta(days=number)
