"""BG/NBD that tells groups of customers apart: by channel, shop, segment.

All groups share r; each has an α, a and b of its own. That is one characteristic of several
categories (:mod:`regulars.estimation.covariates`), written so that it answers what every model of
purchases answers (:class:`regulars.estimation.forecast.PurchaseModel`). A history says by its
``group`` to which one each row belongs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from regulars.estimation.beta_geometric import NAMES
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.covariates import CovariateFit, fit_with_covariates
from regulars.estimation.fitting import DegenerateDataError, Fit
from regulars.estimation.interval import Estimate, normal_quantile
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

type Vector = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.intp]
type Parameters = Mapping[str, float]

COEFFICIENTS = NAMES[1:]


@dataclass(frozen=True, slots=True)
class ByGroup:
    """BG/NBD with parameters of each group.

    Attributes:
        name: Name, as answers spell it: ``bg-nbd by channel``.
        groups: Names of the groups, by their numbers; the first is the one compared with.

    >>> model = ByGroup("bg-nbd by channel", ("shop", "online"))
    >>> model.names
    ('r', 'alpha:shop', 'a:shop', 'b:shop', 'alpha:online', 'a:online', 'b:online')
    """

    name: str
    groups: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """r, then α, a and b of each group."""
        return ("r", *(f"{name}:{group}" for group in self.groups for name in COEFFICIENTS))

    def fit(self, history: PurchaseHistory) -> Fit:
        """Maximum likelihood of all groups together.

        Raises:
            DegenerateDataError: Nobody came back, all customers are alike, or one belongs to no
                group of the model.
            NotConvergedError: There is no maximum to report; the reason says why.
        """
        group = _groups_of(history)
        if group.max(initial=0) >= len(self.groups):
            raise DegenerateDataError(
                say("Some customers belong to a group that the model did not learn from.")
            )
        z = np.eye(len(self.groups))[group, 1:]
        return self._natural(fit_with_covariates(history, z, self.groups[1:]))

    def p_alive(self, parameters: Parameters, history: PurchaseHistory, /) -> Vector:
        """Probability that each customer is still there."""
        alive = np.empty(len(history))
        for own, rows in self._parts(parameters, history):
            alive[rows] = BG_NBD.p_alive(own, history.rows(rows))
        return alive

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, /
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in the horizon, of customers still there."""
        mean, second = np.empty(len(history)), np.empty(len(history))
        for own, rows in self._parts(parameters, history):
            mean[rows], second[rows] = BG_NBD.moments(own, history.rows(rows), horizon)
        return mean, second

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector, /
    ) -> Vector:
        """P(N ≥ k) of customers still there, for k ≥ 1."""
        chance = np.empty(len(history))
        for own, rows in self._parts(parameters, history):
            chance[rows] = BG_NBD.at_least(own, history.rows(rows), horizon, k[rows])
        return chance

    def parameters_of(self, parameters: Parameters, group: str) -> dict[str, float]:
        """r, α, a and b of the customers of a group."""
        return {
            "r": parameters["r"],
            **{name: parameters[f"{name}:{group}"] for name in COEFFICIENTS},
        }

    def _parts(
        self, parameters: Parameters, history: PurchaseHistory
    ) -> Iterator[tuple[Parameters, Indices]]:
        numbers = _groups_of(history)
        for number, group in enumerate(self.groups):
            rows = np.flatnonzero(numbers == number)
            if len(rows):
                yield self.parameters_of(parameters, group), rows

    def _natural(self, fit: CovariateFit) -> Fit:
        """The fit in the parameters of the groups: their logarithms are linear in it."""
        share, others = len(COEFFICIENTS), len(self.groups) - 1
        design = np.zeros((len(self.names), len(fit.covariance)))
        design[0, 0] = 1
        for number in range(len(self.groups)):
            for place, sign in enumerate((-1, 1, 1)):
                row = 1 + number * share + place
                design[row, 1 + place] = 1
                if number:
                    design[row, 1 + share + place * others + number - 1] = sign
        covariance = design @ fit.covariance @ design.T
        each = [fit.parameters_of(z) for z in np.eye(len(self.groups))[:, 1:].tolist()]
        values = [fit.parameters["r"], *(own[name] for own in each for name in COEFFICIENTS)]
        errors = np.array(values) * np.sqrt(np.diag(covariance))
        return Fit(
            model=self.name,
            parameters=dict(zip(self.names, values, strict=True)),
            standard_errors=dict(zip(self.names, errors.tolist(), strict=True)),
            covariance=covariance,
            log_likelihood=fit.log_likelihood,
            customers=fit.customers,
            unit=fit.unit,
            steps=fit.steps,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient of Fader & Hardie (2007), in logarithms, beside the first group's 0.

    Attributes:
        value: The coefficient; ``standard_error`` its standard error.
        standard_error: By the curvature of the likelihood.
        low: Lower end of its interval; ``high`` its upper end.
    """

    value: float
    standard_error: float
    low: float
    high: float

    def record(self) -> dict[str, float]:
        """The coefficient as programs get it."""
        return {
            "coefficient": self.value,
            "standard_error": self.standard_error,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEffect:
    """How a group buys and leaves, beside the first group.

    Attributes:
        group: Its name; ``customers`` how many of it the fit stands on.
        customers: Number.
        rate: Mean purchases a unit of time while a customer, r/α.
        dropout: Mean chance to leave after a repeat purchase, a/(a+b).
        rate_ratio: ``rate`` over the first group's, with its interval; None for that group.
        dropout_ratio: The same of ``dropout``.
        coefficients: Of ``alpha`` (a positive one means more purchases), ``a`` and ``b``; none
            for the first group.
    """

    group: str
    customers: int
    rate: float
    dropout: float
    rate_ratio: Estimate | None
    dropout_ratio: Estimate | None
    coefficients: Mapping[str, Coefficient]


def effects_of(
    model: ByGroup, fit: Fit, customers: Sequence[int], *, confidence: float = 0.95
) -> tuple[GroupEffect, ...]:
    """What a fit says of each group; the intervals by the delta method on the log scale.

    Args:
        model: The model.
        fit: Its fit.
        customers: Customers of each group.
        confidence: Of the intervals.
    """
    return tuple(
        _effect(model, fit, group, n, confidence)
        for group, n in zip(model.groups, customers, strict=True)
    )


def likelihood_ratio(model: ByGroup, fit: Fit, plain: Fit) -> tuple[float, int, float]:
    """Twice the log-likelihood gained by telling groups apart, its degrees of freedom, p.

    p is the chance of a ratio as large where groups do not differ (chi-squared, Wilks 1938).
    """
    ratio = max(2 * (fit.log_likelihood - plain.log_likelihood), 0.0)
    freedom = len(COEFFICIENTS) * (len(model.groups) - 1)
    return ratio, freedom, float(chdtrc(freedom, ratio))


def _effect(
    model: ByGroup, fit: Fit, group: str, customers: int, confidence: float
) -> GroupEffect:
    first = model.groups[0]
    own, other = (model.parameters_of(fit.parameters, it) for it in (group, first))
    leaves, left = (it["a"] / (it["a"] + it["b"]) for it in (own, other))
    slopes = {
        f"a:{group}": 1 - leaves,
        f"b:{group}": leaves - 1,
        f"a:{first}": left - 1,
        f"b:{first}": 1 - left,
    }

    def ratio(value: float, slopes: Mapping[str, float]) -> Estimate | None:
        if group == first:
            return None
        reach = normal_quantile(confidence) * _error(fit, slopes)
        low, high = value * float(np.exp(-reach)), value * float(np.exp(reach))
        return Estimate(
            value=value, low=low, high=high, n=customers, method="delta", confidence=confidence
        )

    faster = {f"alpha:{first}": 1.0, f"alpha:{group}": -1.0}
    return GroupEffect(
        group=group,
        customers=customers,
        rate=own["r"] / own["alpha"],
        dropout=leaves,
        rate_ratio=ratio(other["alpha"] / own["alpha"], faster),
        dropout_ratio=ratio(leaves / left, slopes),
        coefficients={} if group == first else _coefficients(fit, first, group, confidence),
    )


def _coefficients(fit: Fit, first: str, group: str, confidence: float) -> dict[str, Coefficient]:
    found = {}
    for name, sign in zip(COEFFICIENTS, (-1.0, 1.0, 1.0), strict=True):
        slopes = {f"{name}:{group}": sign, f"{name}:{first}": -sign}
        value = sum(slope * float(np.log(fit.parameters[of])) for of, slope in slopes.items())
        error = _error(fit, slopes)
        reach = normal_quantile(confidence) * error
        found[name] = Coefficient(
            value=value, standard_error=error, low=value - reach, high=value + reach
        )
    return found


def _error(fit: Fit, slopes: Mapping[str, float]) -> float:
    """Standard error of what moves so with the logarithms of the parameters."""
    each = np.array([slopes.get(name, 0.0) for name in fit.parameters])
    return float(np.sqrt(each @ fit.covariance @ each))


def _groups_of(history: PurchaseHistory) -> Indices:
    if history.group is None:
        raise InputError(say("The purchase history does not say who belongs to which group."))
    return history.group
