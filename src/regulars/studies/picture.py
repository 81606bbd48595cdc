"""How well does the firm keep its customers? Every study, once, on the same orders."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, partial
from typing import override

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.at_risk import AtRisk, at_risk_of
from regulars.studies.basket import Basket, basket
from regulars.studies.check import Check, check
from regulars.studies.cohorts import Cohorts, cohorts
from regulars.studies.concentration import Concentration, concentration
from regulars.studies.consistency import Consistency, consistency
from regulars.studies.curves import AgeUnit, ReturnCurve, return_curve
from regulars.studies.evidence import Basis, basis_of, period_for, why_period
from regulars.studies.forecast import Forecast, forecast
from regulars.studies.growth import Growth, growth
from regulars.studies.model_choice import BEST
from regulars.studies.prospects import YEAR, Prospects, prospects_of, worth_of
from regulars.studies.repeat import Repeat, repeat
from regulars.studies.retention import Benchmark, Retention, retention
from regulars.studies.rfm import Rfm, rfm
from regulars.studies.spend import SpendSplit, spend
from regulars.studies.value import Value, value_of
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

_CALLS = 10  # customers to call today


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Answer):
    """The retention picture: the answers of all studies, each of which may say why it has none.

    Attributes:
        evidence: The data behind every answer.
        period: The calendar period of trend, cohorts and growth.
        chosen: Why this period, where the user named none.
        check: What reading the orders found.
        retention: How many customers stay?
        growth: Where does growth come from?
        cohorts: What becomes of the customers won in each period?
        curve: How many come back?
        consistency: Is each new cohort as good as the last?
        spend: Other goods, or more often?
        repeat: How do first-timers become regulars?
        rfm: How recent, how frequent, how much?
        concentration: How much do a few customers carry?
        basket: What is bought together?
        forecast: How many purchases are to come?
        value: What is each customer still worth? Revenue, as the picture is told no margin.
        at_risk: Which ten customers should be called today?
    """

    evidence: Evidence
    period: Period
    chosen: Message | None
    check: Check
    retention: Retention | NotEnoughEvidence
    growth: Growth | NotEnoughEvidence
    cohorts: Cohorts | NotEnoughEvidence
    curve: ReturnCurve | NotEnoughEvidence
    consistency: Consistency | NotEnoughEvidence
    spend: SpendSplit | NotEnoughEvidence
    repeat: Repeat | NotEnoughEvidence
    rfm: Rfm | NotEnoughEvidence
    concentration: Concentration | NotEnoughEvidence
    basket: Basket | NotEnoughEvidence
    forecast: Forecast | NotEnoughEvidence
    value: Value | NotEnoughEvidence
    at_risk: AtRisk | NotEnoughEvidence

    def studies(self) -> dict[str, Answer | NotEnoughEvidence]:
        """Every answer by its name, in the order in which they are read."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        kinds = (Answer, NotEnoughEvidence)
        return {name: value for name, value in values if isinstance(value, kinds)}

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a study: whether it has an answer, and why not."""
        return [
            {
                "study": name,
                "answered": isinstance(answer, Answer),
                "reason": str(answer.reason) if isinstance(answer, NotEnoughEvidence) else None,
            }
            for name, answer in self.studies().items()
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object with every answer; RFM and value in sum, as the customers may be millions."""
        return {
            "evidence": _evidence(self.evidence),
            "period": self.period.value,
            "chosen": str(self.chosen) if self.chosen else None,
            **{name: _json(answer) for name, answer in self.studies().items()},
        }


def _evidence(evidence: Evidence) -> dict[str, object]:
    values = {field.name: getattr(evidence, field.name) for field in fields(evidence)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _json(answer: Answer | NotEnoughEvidence) -> object:
    if isinstance(answer, Rfm):
        return {"segments": answer.summary()}
    return answer.summary() if isinstance(answer, Value) else answer.json()


def _run[Result](
    progress: Progress, doing: Message, share: float, study: Callable[[], Result]
) -> Result:
    progress(doing, share)
    return study()


def retention_picture(
    orders: Orders | Basis | Source,
    *,
    period: Period | str | None = None,
    target: float | None = None,
    benchmark: Benchmark | None = None,
    progress: Progress = silent,
) -> Picture:
    """Run every study once on the same orders.

    Args:
        orders: Orders, or a source to read them from.
        period: Of trend, cohorts and growth; None: the one that fits the firm's rhythm.
        target: The retention rate that the firm aims at, a share of one.
        benchmark: Somebody else's retention rate, to compare with.
        progress: Told before each study what is being done.

    Raises:
        OptionError: A target or benchmark cannot be used.

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "customer_id": ["ann", "ann", "bob"],
    ...         "ordered_at": ["2024-01-01", "2024-02-08", "2024-02-20"],
    ...         "amount": [20, 30, 10],
    ...     }
    ... )
    >>> picture = retention_picture(shop)
    >>> picture.period
    <Period.MONTH: 'month'>
    >>> bool(picture.basket), str(picture.basket.reason)
    (False, 'The orders do not say what was bought.')
    """
    progress(say("Counting purchase days"), 0.0)
    basis = basis_of(orders)
    asked = partial(retention, basis, target=target, benchmark=benchmark)
    return _picture(basis, period, asked, progress)


def _picture(
    basis: Basis,
    period: Period | str | None,
    asked: Callable[..., Retention | NotEnoughEvidence],
    progress: Progress,
) -> Picture:
    kind = period_for(period, basis.gaps)
    known = cache(lambda: prospects_of(basis, BEST))
    return Picture(
        evidence=basis.evidence,
        period=kind,
        chosen=None if period else why_period(basis.gaps),
        check=_run(progress, say("Checking the orders"), 0.1, lambda: check(basis, period=kind)),
        retention=_run(
            progress,
            say("Counting who stays"),
            0.2,
            lambda: asked(period=kind),
        ),
        growth=_run(
            progress, say("Accounting for growth"), 0.3, lambda: growth(basis, period=kind)
        ),
        cohorts=_run(
            progress, say("Following the cohorts"), 0.4, lambda: cohorts(basis, period=kind)
        ),
        curve=_run(
            progress,
            say("Counting who comes back"),
            0.45,
            lambda: return_curve(basis, unit=AgeUnit(kind.value)),
        ),
        consistency=_run(
            progress, say("Comparing the cohorts"), 0.5, lambda: consistency(basis, period=kind)
        ),
        spend=_run(progress, say("Splitting the spend"), 0.55, lambda: spend(basis, period=kind)),
        repeat=_run(progress, say("Timing the second purchase"), 0.6, lambda: repeat(basis)),
        rfm=_run(progress, say("Scoring the customers"), 0.7, lambda: rfm(basis)),
        concentration=_run(
            progress, say("Weighing the best customers"), 0.8, lambda: concentration(basis)
        ),
        basket=_run(progress, say("Pairing the baskets"), 0.85, lambda: basket(basis)),
        forecast=_run(progress, say("Forecasting the purchases"), 0.9, lambda: forecast(basis)),
        value=_run(progress, say("Valuing the customers"), 0.93, lambda: _value(basis, known())),
        at_risk=_run(
            progress, say("Looking for who may be leaving"), 0.97, lambda: _at_risk(basis, known())
        ),
    )


def _value(basis: Basis, known: Prospects | NotEnoughEvidence) -> Value | NotEnoughEvidence:
    if isinstance(known, NotEnoughEvidence):
        return known
    return value_of(basis, known, worth_of(basis, None, YEAR, None))


def _at_risk(basis: Basis, known: Prospects | NotEnoughEvidence) -> AtRisk | NotEnoughEvidence:
    if isinstance(known, NotEnoughEvidence):
        return known
    return at_risk_of(basis, known, worth_of(basis, None, YEAR, None), limit=_CALLS)
