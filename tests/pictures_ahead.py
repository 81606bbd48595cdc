"""Answers about the days to come, made by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, log
from typing import Any

import pyarrow as pa

from pictures_of_customers import EVIDENCE
from regulars.estimation.forecast import Total
from regulars.estimation.holdout import HoldoutError
from regulars.estimation.interval import Estimate, wilson
from regulars.kernel.periods import Period
from regulars.kernel.wording import Money, say
from regulars.studies.at_risk import AtRisk, CustomerAtRisk
from regulars.studies.backtest import Backtest, Candidate, TimeUnit
from regulars.studies.budget import Budget, BudgetPoint, BudgetSide
from regulars.studies.forecast import Forecast, Outlook, TrajectoryPoint
from regulars.studies.prospects import reason_of
from regulars.studies.renewals import Renewal, RenewalForecast, RenewalHoldout
from regulars.studies.value import Value, ValueBand

CALIBRATED = date(2024, 4, 14)
HORIZON = 91


def error(**changes: object) -> HoldoutError:
    """A total five per cent too low, within its interval."""
    values: dict[str, Any] = {
        "mae": 0.842,
        "rmse": 1.613,
        "predicted_total": 7_410.3,
        "predicted_low": 6_890.0,
        "predicted_high": 7_930.6,
        "actual_total": 7_806.0,
        "bias": 7_410.3 / 7_806 - 1,
        "coverage": 0.957,
        "total_covered": True,
        "customers": 4_390,
    }
    return HoldoutError(**(values | changes))


def backtest(**changes: object) -> Backtest:
    """Four models tried, one of them refused, the best corrected."""
    values: dict[str, Any] = {
        "start": CALIBRATED + timedelta(days=1),
        "to": EVIDENCE.as_of,
        "error": error(),
        "factor": 1.0,
        "candidates": (
            Candidate(model="pareto-nbd", corrected=False, chosen=True, error=error()),
            Candidate(
                model="pareto-nbd",
                corrected=True,
                chosen=False,
                error=error(rmse=1.64, mae=0.87, bias=0.031, predicted_total=8_048.0),
            ),
            Candidate(
                model="bg-nbd",
                corrected=False,
                chosen=False,
                error=None,
                refusal=say(
                    "The estimate of {name} grows without end: the data set it no limit.", name="b"
                ),
            ),
            Candidate(
                model="own-rate",
                corrected=False,
                chosen=False,
                error=error(rmse=2.4, mae=1.2, bias=0.44, predicted_total=11_240.0, coverage=0.81),
            ),
        ),
    }
    return Backtest(**(values | changes))


def forecast(**changes: object) -> Forecast:
    """A year and a half by weeks, a quarter held out, a quarter to come."""
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "model": "pareto-nbd",
        "unit": TimeUnit.WEEK,
        "customers": 4_390,
        "parameters": {"r": 0.55, "alpha": 10.58, "s": 0.61, "beta": 11.67},
        "standard_errors": {"r": 0.05, "alpha": 0.84, "s": 0.06, "beta": 1.1},
        "log_likelihood": -9_594.98,
        "holdout": backtest(),
        "why": say("Of all models, {model} erred least on the days held out.", model="pareto-nbd"),
        "outlook": outlook(),
        "trajectory": tuple(_trajectory()),
    }
    return Forecast(**(values | changes))


def outlook() -> Outlook:
    """About as many as in the quarter before."""
    return Outlook(
        start=EVIDENCE.as_of + timedelta(days=1),
        to=EVIDENCE.as_of + timedelta(days=HORIZON),
        model="pareto-nbd",
        customers=4_812,
        total=Total(expected=7_204.6, low=6_760.2, high=7_649.0, spread=226.7, confidence=0.95),
        factor=1.0,
        parameters={"r": 0.55, "alpha": 10.58, "s": 0.61, "beta": 11.67},
        standard_errors={"r": 0.05, "alpha": 0.84, "s": 0.06, "beta": 1.1},
    )


def _trajectory() -> list[TrajectoryPoint]:
    weeks = (EVIDENCE.as_of - EVIDENCE.data_from).days // 7
    known = (CALIBRATED - EVIDENCE.data_from).days // 7
    held = weeks - known
    counted = [
        330.0 * min(week, known) + 7_806 / held * max(0, week - known) + 40 * (week % 3)
        for week in range(1, weeks + 1)
    ]
    past = [
        TrajectoryPoint(
            day=EVIDENCE.as_of - timedelta(days=7 * (weeks - week)),
            actual=counted[week - 1],
            expected=counted[known - 1] + 7_410.3 / held * (week - known)
            if week > known
            else None,
            outlook=None,
        )
        for week in range(1, weeks + 1)
    ]
    ahead = [
        TrajectoryPoint(
            day=EVIDENCE.as_of + timedelta(days=7 * week),
            actual=None,
            expected=None,
            outlook=7_204.6 * (1 - exp(-week / 20)) / (1 - exp(-13 / 20)),
        )
        for week in range(1, HORIZON // 7 + 1)
    ]
    return past + ahead


def value(**changes: object) -> Value:
    """Ten groups, of which the best brings nearly half."""
    weights = (0.46, 0.19, 0.12, 0.08, 0.055, 0.04, 0.025, 0.015, 0.01, 0.005)
    total = 412_300.0
    means = [total * weight / 481 for weight in weights]
    edges = [4 * means[0], *(_middle(a, b) for a, b in pairwise(means)), 0.4]
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "kind": "revenue",
        "start": EVIDENCE.as_of + timedelta(days=1),
        "to": EVIDENCE.as_of + timedelta(days=365),
        "margin": None,
        "discount": 0.0,
        "model": "pareto-nbd",
        "parameters": {"r": 0.55, "alpha": 74.1, "s": 0.61, "beta": 81.7},
        "spend_parameters": {"p": 6.25, "q": 3.74, "gamma": 15.44},
        "spend_correlation": 0.11,
        "customers": _customers(),
        "total": Estimate(
            value=total, low=388_900, high=435_700, n=4_812, method="delta", confidence=0.95
        ),
        "bands": tuple(
            ValueBand(
                low=edges[place + 1],
                high=edges[place],
                customers=481,
                value=total * weight,
                share=weight,
            )
            for place, weight in enumerate(weights)
        ),
        "holdout": backtest(),
    }
    return Value(**(values | changes))


def _middle(one: float, other: float) -> float:
    return exp((log(one) + log(other)) / 2)


def _customers() -> pa.Table:
    numbers = range(1, 13)
    return pa.table(
        {
            "customer_id": [f"K-{1000 + it}" for it in numbers],
            "p_alive": [0.99 - 0.01 * it for it in numbers],
            "expected_purchases": [60.0 / it for it in numbers],
            "expected_spend": [41.5] * 12,
            "value": [60.0 / it * 41.5 for it in numbers],
            "value_low": [40.0 / it * 41.5 for it in numbers],
            "value_high": [None if it == 3 else 85.0 / it * 41.5 for it in numbers],
            "frequency": [70 - 3 * it for it in numbers],
            "silence": [2 * it for it in numbers],
            "gap": [5.5 + it for it in numbers],
            "yearly": [60.0 / it * 41.5 for it in numbers],
        }
    )


def at_risk(**changes: object) -> AtRisk:
    """Fourteen customers, of whom ten can be called today."""
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "kind": "revenue",
        "model": "pareto-nbd",
        "threshold": 0.5,
        "given_up": 0.1,
        "horizon_days": 365,
        "at_risk": 214,
        "lost": 1_903,
        "expected_loss": Decimal("31240.50"),
        "customers": tuple(_at_risk(number) for number in range(14)),
        "holdout": backtest(),
    }
    return AtRisk(**(values | changes))


def _at_risk(number: int) -> CustomerAtRisk:
    gap = None if number == 7 else 14.0 + 3 * (number % 4)
    silence = 77 + 13 * (number % 5)
    yearly = Decimal(640 - 31 * number)
    return CustomerAtRisk(
        customer_id=f"K-{2041 + 97 * number}",
        p_alive=0.18 + 0.021 * number,
        expected_loss=yearly * Decimal("0.8"),
        worth=yearly,
        yearly=yearly,
        frequency=1 if gap is None else 24 - number,
        silence=silence,
        last_on=EVIDENCE.as_of - timedelta(days=silence),
        gap=gap,
        reason=reason_of(
            1 if gap is None else 24 - number, gap, silence, Money(yearly, EVIDENCE.currency)
        ),
    )


def renewals(**changes: object) -> RenewalForecast:
    """Four renewals that some came to, and two that nobody has come to yet."""
    values: dict[str, Any] = {
        "evidence": EVIDENCE,
        "period": Period.YEAR,
        "contracts": 1_000,
        "parameters": {"alpha": 0.764, "beta": 1.296},
        "standard_errors": {"alpha": 0.07, "beta": 0.12},
        "log_likelihood": -1_401.6,
        "renewals": tuple(_renewal(number) for number in range(1, 7)),
        "holdout": RenewalHoldout(
            start=CALIBRATED + timedelta(days=1),
            to=EVIDENCE.as_of,
            due=420,
            predicted=341.2,
            actual=334,
            bias=341.2 / 334 - 1,
            mae=0.021,
        ),
    }
    return RenewalForecast(**(values | changes))


def _renewal(number: int) -> Renewal:
    came = (1_000, 631, 468, 382, 0, 0)[number - 1]
    lost = (369, 163, 86, 56, 0, 0)[number - 1]
    running = (0.629, 0.472, 0.381, 0.322, 0.28, 0.249)[number - 1]
    return Renewal(
        renewal=number,
        at_risk=came,
        lost=lost,
        observed=wilson(came - lost, came) if came else None,
        expected=(1.296 + number - 1) / (2.06 + number - 1),
        survival=running,
        survival_low=running - 0.03,
        survival_high=running + 0.03,
    )


def budget(**changes: object) -> Budget:
    """The illustrative case of the source, near its printed optimum."""
    values: dict[str, Any] = {
        "acquisition": _side(9.21, 0.288449, 64.665, 0.4, 5.0, _acquired),
        "retention": _side(15.87, 0.517487, 64.665, 0.7, 10.0, _retained),
        "margin": 50.0,
        "discount": 0.2,
        "clv": 64.665,
        "equity": 9.441,
        "now_equity": 7.9,
        "total": None,
        "cost": 13.1,
        "shadow_price": 0.0,
    }
    return Budget(**(values | changes))


def _side(
    spend: float,
    rate: float,
    cost: float,
    ceiling: float,
    now: float,
    reached: Callable[[float], tuple[float, float]],
) -> BudgetSide:
    return BudgetSide(
        spend=spend,
        rate=rate,
        marginal_cost=cost,
        ceiling=ceiling,
        now_spend=now,
        now_rate=reached(now)[0],
        curve=tuple(_point(it, reached) for it in _spends(3 * spend)),
    )


def _point(spend: float, reached: Callable[[float], tuple[float, float]]) -> BudgetPoint:
    rate, equity = reached(spend)
    return BudgetPoint(spend=spend, rate=rate, equity=equity)


def _spends(most: float) -> list[float]:
    return [most * step / 60 for step in range(61)]


def _acquired(spend: float) -> tuple[float, float]:
    rate = 0.4 * (1 - exp(-spend * log(2) / 5))
    return rate, rate * 64.665 - spend


def _retained(spend: float) -> tuple[float, float]:
    rate = 0.7 * (1 - exp(-spend * log(7 / 3) / 10))
    worth = 50.0 + (50.0 * rate - spend) / (1.2 - rate)
    return rate, 0.288449 * worth - 9.21
