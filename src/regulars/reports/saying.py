"""What each kind of answer says, found by its type."""

from functools import singledispatch

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message
from regulars.reports.words import at_risk as at_risk_words
from regulars.reports.words import basket as basket_words
from regulars.reports.words import budget as budget_words
from regulars.reports.words import check as check_words
from regulars.reports.words import cohorts as cohort_words
from regulars.reports.words import concentration as concentration_words
from regulars.reports.words import consistency as consistency_words
from regulars.reports.words import forecast as forecast_words
from regulars.reports.words import growth as growth_words
from regulars.reports.words import renewals as renewal_words
from regulars.reports.words import repeat as repeat_words
from regulars.reports.words import retention as retention_words
from regulars.reports.words import rfm as rfm_words
from regulars.reports.words import spend as spend_words
from regulars.reports.words import value as value_words
from regulars.reports.words.evidence import unanswered
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
from regulars.studies.picture import Picture
from regulars.studies.renewals import RenewalForecast
from regulars.studies.repeat import Repeat
from regulars.studies.retention import Retention
from regulars.studies.rfm import Rfm
from regulars.studies.spend import SpendSplit
from regulars.studies.value import Value


@singledispatch
def findings_of(answer: Answer) -> tuple[Message, ...]:
    """The answer in plain sentences, the most important first."""
    raise LookupError(f"no words for {type(answer).__name__}")


findings_of.register(Retention, retention_words.findings)
findings_of.register(Growth, growth_words.findings)
findings_of.register(Cohorts, cohort_words.findings)
findings_of.register(ReturnCurve, cohort_words.curve_findings)
findings_of.register(Consistency, consistency_words.findings)
findings_of.register(SpendSplit, spend_words.findings)
findings_of.register(Repeat, repeat_words.findings)
findings_of.register(Rfm, rfm_words.findings)
findings_of.register(Concentration, concentration_words.findings)
findings_of.register(Basket, basket_words.findings)
findings_of.register(Check, check_words.findings)
findings_of.register(Forecast, forecast_words.findings)
findings_of.register(Value, value_words.findings)
findings_of.register(AtRisk, at_risk_words.findings)
findings_of.register(Budget, budget_words.findings)
findings_of.register(RenewalForecast, renewal_words.findings)


@findings_of.register
def _(answer: Picture) -> tuple[Message, ...]:
    if isinstance(answer.retention, NotEnoughEvidence):
        return unanswered(answer.retention)
    return (retention_words.headline(answer.retention), *findings_of(answer.retention))
