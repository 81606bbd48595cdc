"""The main table of each kind of answer, found by its type."""

from functools import singledispatch

from regulars.reports.sheets import customers, expected, purchases, renewals
from regulars.reports.sheets.sheet import Sheet
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
def sheet_of(answer: Answer) -> Sheet:
    """The answer's main table."""
    raise LookupError(f"no table for {type(answer).__name__}")


sheet_of.register(Retention, customers.overall)
sheet_of.register(Growth, customers.growth_in_customers)
sheet_of.register(Cohorts, customers.cohorts)
sheet_of.register(ReturnCurve, customers.curve)
sheet_of.register(Consistency, customers.consistency)
sheet_of.register(SpendSplit, customers.spend)
sheet_of.register(Repeat, purchases.steps)
sheet_of.register(Rfm, purchases.segments)
sheet_of.register(Concentration, purchases.concentration)
sheet_of.register(Basket, purchases.pairs)
sheet_of.register(Check, purchases.rejects)
sheet_of.register(Forecast, expected.candidates)
sheet_of.register(RenewalForecast, renewals.renewals)
sheet_of.register(Value, expected.worthiest)
sheet_of.register(AtRisk, expected.at_risk)
sheet_of.register(Budget, expected.budget)


@sheet_of.register
def _(answer: Picture) -> Sheet:
    return (
        customers.trend(answer.retention)
        if isinstance(answer.retention, Retention)
        else purchases.columns(answer.check)
    )
