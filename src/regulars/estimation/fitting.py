"""Maximum likelihood by Newton's method on the logarithms of the parameters.

Every model here gives its log-likelihood with exact first and second derivatives; four or five
parameters then take about ten steps. A fit is returned only when it stands on a maximum: the
gradient has vanished, the curvature is that of a peak, and no parameter has run away. Otherwise
:class:`NotConvergedError` says why, and there are no numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say

type Vector = npt.NDArray[np.float64]
type Matrix = npt.NDArray[np.float64]

_MOST_STEPS = 100
_LONGEST_STEP = 2.0  # in logarithms: no parameter changes by more than e² in one step
_DECREMENT = 1e-9  # of the log-likelihood still to be gained, far below any sampling error
_RUNAWAY = 16.0  # logarithms from the start, a factor of nine million
_VAGUE = 6.0  # standard error of a logarithm: a factor of 400 either way says nothing


class EstimationError(RegularsError):
    """A model could not be estimated from the data given."""


class DegenerateDataError(EstimationError):
    """The data cannot tell the parameters apart, whatever the method."""


class NotConvergedError(EstimationError):
    """The search for the maximum did not end on one; there are no numbers to show."""


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """A log-likelihood at one point with its exact first and second derivatives; it adds."""

    value: float
    gradient: Vector
    hessian: Matrix

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian,
        )

    @property
    def finite(self) -> bool:
        """Whether every number in it is one."""
        parts = (np.asarray(self.value), self.gradient, self.hessian)
        return all(bool(np.isfinite(part).all()) for part in parts)


type Objective = Callable[[Vector], Likelihood]
"""The log-likelihood as a function of the logarithms of the parameters."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fit:
    """What a model learned: its parameters and how well the data determine them.

    Attributes:
        model: Name of the model, as the command line spells it.
        parameters: Estimates on their natural scale, by name.
        standard_errors: Their standard errors (delta method from the log scale).
        covariance: Covariance of the *logarithms* of the parameters, in the same order; for
            coefficients, which may be negative, of the coefficients themselves.
        log_likelihood: At the maximum.
        customers: Customers the fit stands on.
        unit: Unit of time, ``day`` or ``week``; empty where the model has none.
        steps: Newton steps taken.
    """

    model: str
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    covariance: Matrix
    log_likelihood: float
    customers: int
    unit: str
    steps: int

    @property
    def logarithms(self) -> Vector:
        """Logarithms of the parameters, in the order of the covariance."""
        return np.log(np.fromiter(self.parameters.values(), dtype=np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where a log-likelihood is greatest, with the covariance of that place."""

    point: Vector
    value: float
    covariance: Matrix
    steps: int

    def fit(self, model: str, names: Sequence[str], *, customers: int, unit: str) -> Fit:
        """The maximum as a fit on the natural scale of its parameters."""
        natural = np.exp(self.point)
        errors = natural * np.sqrt(np.diag(self.covariance))
        return Fit(
            model=model,
            parameters=dict(zip(names, natural.tolist(), strict=True)),
            standard_errors=dict(zip(names, errors.tolist(), strict=True)),
            covariance=self.covariance,
            log_likelihood=self.value,
            customers=customers,
            unit=unit,
            steps=self.steps,
        )


def maximise(objective: Objective, start: Vector, names: Sequence[str]) -> Maximum:
    """Climb from ``start`` to the maximum and check that it is one.

    Args:
        objective: Log-likelihood with derivatives, of the logarithms of the parameters.
        start: Where to begin.
        names: Names of the parameters, for the reasons given on a refusal.

    Raises:
        NotConvergedError: The steps were used up, a parameter ran to its bound, or the data
            do not determine the parameters.

    >>> peak = maximise(
    ...     lambda t: Likelihood(-float(t @ t), -2 * t, -2 * np.eye(1)), np.ones(1), ["a"]
    ... )
    >>> peak.point.round(6).tolist(), peak.covariance.tolist()
    ([0.0], [[0.5]])
    """
    point, here = start, objective(start)
    if not here.finite:
        raise NotConvergedError(say("The log-likelihood is not finite where the search begins."))
    for steps in range(_MOST_STEPS):
        step = uphill(here)
        gain = float(step @ here.gradient) / 2
        if gain < _DECREMENT:
            return _checked(point, here, steps, names)
        climbed = _climb(objective, point, here, step)
        # On a ridge that leads to a bound the last digits give out before the end is reached.
        _refuse_runaway(point - start, names, _RUNAWAY if climbed else _VAGUE)
        if climbed is None:
            raise NotConvergedError(
                say("The log-likelihood rises in no direction, yet is not flat.")
            )
        point, here = climbed
    raise NotConvergedError(say("No maximum was found within {steps} steps.", steps=_MOST_STEPS))


def uphill(here: Likelihood) -> Vector:
    """Newton's step, made to lead uphill where the curvature is not that of a peak."""
    values, vectors = np.linalg.eigh(-here.hessian)
    steepness = np.maximum(np.abs(values), 1e-10 * np.abs(values).max(initial=1e-300))
    return np.asarray(vectors @ ((vectors.T @ here.gradient) / steepness), dtype=np.float64)


def _climb(
    objective: Objective, point: Vector, here: Likelihood, step: Vector
) -> tuple[Vector, Likelihood] | None:
    """The next point and what is there, or None where no part of the step leads up."""
    step = step * min(1.0, _LONGEST_STEP / float(np.abs(step).max()))
    noise = 1e-13 * abs(here.value)
    for _ in range(40):
        there = objective(point + step)
        promised = 1e-4 * float(step @ here.gradient)
        if there.finite and there.value >= here.value + promised - noise:
            return point + step, there
        step = step / 2
    return None


def _refuse_runaway(travelled: Vector, names: Sequence[str], limit: float) -> None:
    farthest = int(np.argmax(np.abs(travelled)))
    if abs(travelled[farthest]) > limit:
        raise NotConvergedError(_at_bound(names[farthest], upwards=travelled[farthest] > 0))


def _checked(point: Vector, here: Likelihood, steps: int, names: Sequence[str]) -> Maximum:
    values, vectors = np.linalg.eigh(-here.hessian)
    if values[0] <= _VAGUE**-2:
        vaguest = int(np.argmax(np.abs(vectors[:, 0])))
        raise NotConvergedError(
            say("The data do not determine {name}.", name=names[vaguest]),
            accepted=say("A simpler model, or more customers, would."),
        )
    covariance = (vectors / values) @ vectors.T
    return Maximum(point, here.value, covariance, steps)


def _at_bound(name: str, *, upwards: bool) -> Message:
    if upwards:
        return say(
            "The estimate of {name} grows without end: the data set it no limit.", name=name
        )
    return say("The estimate of {name} falls to its bound, zero.", name=name)
