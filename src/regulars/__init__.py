"""Regulars: know, keep and reward the customers who come back.

Every question is a function that takes orders — a path, a pandas, Polars, Arrow or Ibis table, or
what :func:`read_orders` gave — and returns a frozen answer. What is asked for first is imported
first: ``import regulars`` itself loads nothing heavy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulars.estimation.interval import Estimate as Estimate
    from regulars.estimation.simulation import Assortment as Assortment
    from regulars.estimation.simulation import Firm as Firm
    from regulars.interfaces.python import read_orders as read_orders
    from regulars.interfaces.python import refresh as refresh
    from regulars.interfaces.python import report as report
    from regulars.kernel.errors import InputError as InputError
    from regulars.kernel.errors import NotEnoughEvidence as NotEnoughEvidence
    from regulars.kernel.errors import OptionError as OptionError
    from regulars.kernel.errors import RegularsError as RegularsError
    from regulars.kernel.periods import Period as Period
    from regulars.kernel.periods import Span as Span
    from regulars.kernel.wording import Message as Message
    from regulars.kernel.wording import Money as Money
    from regulars.kernel.wording import Share as Share
    from regulars.studies.answer import Answer as Answer
    from regulars.studies.answer import Evidence as Evidence
    from regulars.studies.at_risk import AtRisk as AtRisk
    from regulars.studies.at_risk import at_risk as at_risk
    from regulars.studies.basket import Basket as Basket
    from regulars.studies.basket import basket as basket
    from regulars.studies.budget import Budget as Budget
    from regulars.studies.budget import Response as Response
    from regulars.studies.budget import budget as budget
    from regulars.studies.check import Check as Check
    from regulars.studies.check import check as check
    from regulars.studies.cohorts import Cohorts as Cohorts
    from regulars.studies.cohorts import cohorts as cohorts
    from regulars.studies.concentration import Concentration as Concentration
    from regulars.studies.concentration import concentration as concentration
    from regulars.studies.consistency import Consistency as Consistency
    from regulars.studies.consistency import consistency as consistency
    from regulars.studies.curves import ReturnCurve as ReturnCurve
    from regulars.studies.curves import return_curve as return_curve
    from regulars.studies.forecast import Forecast as Forecast
    from regulars.studies.forecast import forecast as forecast
    from regulars.studies.growth import Growth as Growth
    from regulars.studies.growth import growth as growth
    from regulars.studies.picture import Picture as Picture
    from regulars.studies.picture import retention_picture as retention_picture
    from regulars.studies.refresh import Refreshed as Refreshed
    from regulars.studies.renewals import RenewalForecast as RenewalForecast
    from regulars.studies.renewals import renewal_forecast as renewal_forecast
    from regulars.studies.repeat import Repeat as Repeat
    from regulars.studies.repeat import repeat as repeat
    from regulars.studies.retention import Benchmark as Benchmark
    from regulars.studies.retention import Retention as Retention
    from regulars.studies.retention import contractual_retention as contractual_retention
    from regulars.studies.retention import retention as retention
    from regulars.studies.rfm import Rfm as Rfm
    from regulars.studies.rfm import rfm as rfm
    from regulars.studies.simulation import Simulation as Simulation
    from regulars.studies.simulation import simulate as simulate
    from regulars.studies.spend import SpendSplit as SpendSplit
    from regulars.studies.spend import spend as spend
    from regulars.studies.value import Value as Value
    from regulars.studies.value import value as value
    from regulars.warehouse.options import Reading as Reading
    from regulars.warehouse.orders import Orders as Orders
    from regulars.warehouse.quality import Quality as Quality
    from regulars.warehouse.quality import Reject as Reject

_HOMES = {
    "estimation.interval": ("Estimate",),
    "estimation.simulation": ("Assortment", "Firm"),
    "interfaces.python": ("read_orders", "refresh", "report"),
    "kernel.errors": ("InputError", "NotEnoughEvidence", "OptionError", "RegularsError"),
    "kernel.periods": ("Period", "Span"),
    "kernel.wording": ("Message", "Money", "Share"),
    "studies.answer": ("Answer", "Evidence"),
    "studies.at_risk": ("AtRisk", "at_risk"),
    "studies.basket": ("Basket", "basket"),
    "studies.budget": ("Budget", "Response", "budget"),
    "studies.check": ("Check", "check"),
    "studies.cohorts": ("Cohorts", "cohorts"),
    "studies.concentration": ("Concentration", "concentration"),
    "studies.consistency": ("Consistency", "consistency"),
    "studies.curves": ("ReturnCurve", "return_curve"),
    "studies.forecast": ("Forecast", "forecast"),
    "studies.growth": ("Growth", "growth"),
    "studies.picture": ("Picture", "retention_picture"),
    "studies.renewals": ("RenewalForecast", "renewal_forecast"),
    "studies.refresh": ("Refreshed",),
    "studies.repeat": ("Repeat", "repeat"),
    "studies.retention": ("Benchmark", "Retention", "contractual_retention", "retention"),
    "studies.rfm": ("Rfm", "rfm"),
    "studies.simulation": ("Simulation", "simulate"),
    "studies.spend": ("SpendSplit", "spend"),
    "studies.value": ("Value", "value"),
    "warehouse.options": ("Reading",),
    "warehouse.orders": ("Orders",),
    "warehouse.quality": ("Quality", "Reject"),
}
_HOME = {name: f"regulars.{home}" for home, names in _HOMES.items() for name in names}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604 - built from the one table of names


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'regulars' has no attribute '{name}'")
    if home.startswith("regulars.studies."):
        import_module("regulars.reports.presenter").introduce()
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(_HOME)
