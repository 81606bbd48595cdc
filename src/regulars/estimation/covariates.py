"""BG/NBD with what is known of customers besides their purchases: segment, channel, country.

With the characteristics ``z`` of a customer,

    α = α₀ exp(-γ_α'z)    a = a₀ exp(γ_a'z)    b = b₀ exp(γ_b'z)

so a positive coefficient of α means more purchases; those of a and b move how likely, and how
differently, customers leave. The logarithms of the parameters are linear in the coefficients, so
customers with equal characteristics share one likelihood, and its derivatives carry over exactly:
characteristics are best few and categorical (0 or 1).

Source: Fader & Hardie (2007), "Incorporating Time-Invariant Covariates into the Pareto/NBD and
BG/NBD Models".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.estimation.beta_geometric import NAMES, Sufficient, likelihood
from regulars.estimation.bg_nbd import BG_NBD, BetaGeometricNBD
from regulars.estimation.fitting import Likelihood, maximise
from regulars.estimation.purchase_history import PurchaseHistory, refuse_degenerate
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

type Vector = npt.NDArray[np.float64]
type Matrix = npt.NDArray[np.float64]

_SIGNS = {"alpha": -1.0, "a": 1.0, "b": 1.0}
_MOST_GROUPS = 10_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CovariateFit:
    """BG/NBD or MBG/NBD whose parameters depend on characteristics of the customer.

    Attributes:
        model: Name of the model.
        characteristics: Names of the characteristics, in the order of the columns of ``z``.
        parameters: r, α₀, a₀ and b₀, of a customer whose characteristics are all 0.
        coefficients: For ``alpha``, ``a`` and ``b`` the coefficient of each characteristic.
        standard_errors: Those of the parameters, and under ``alpha:name`` of the coefficients.
        covariance: Of ln r, ln α₀, ln a₀, ln b₀ and the coefficients, in that order.
        log_likelihood: At the maximum.
        customers: Customers the fit stands on.
        unit: Unit of time.
        steps: Newton steps taken.
    """

    model: str
    characteristics: tuple[str, ...]
    parameters: Mapping[str, float]
    coefficients: Mapping[str, Mapping[str, float]]
    standard_errors: Mapping[str, float]
    covariance: Matrix
    log_likelihood: float
    customers: int
    unit: str
    steps: int

    def parameters_of(self, z: Sequence[float]) -> dict[str, float]:
        """The parameters of customers with these characteristics, for the model's forecasts."""
        shifted = dict(self.parameters)
        for name, sign in _SIGNS.items():
            effect = sum(
                self.coefficients[name][characteristic] * value
                for characteristic, value in zip(self.characteristics, z, strict=True)
            )
            shifted[name] *= float(np.exp(sign * effect))
        return shifted


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Customers with equal characteristics, and how their parameters hang on everything sought."""

    data: Sufficient
    design: Matrix


def fit_with_covariates(
    history: PurchaseHistory,
    z: npt.ArrayLike,
    characteristics: Sequence[str],
    *,
    model: BetaGeometricNBD = BG_NBD,
) -> CovariateFit:
    """Maximum likelihood with characteristics of the customers.

    Args:
        history: Histories, one a row.
        z: Characteristics, rows × names; leave out one category of each, the one compared with.
        characteristics: Their names.
        model: BG/NBD or MBG/NBD.

    Raises:
        InputError: ``z`` has another shape, or too many different rows.
        DegenerateDataError: Nobody came back, or all customers are alike.
        NotConvergedError: There is no maximum, as when one category says what another does.
    """
    refuse_degenerate(history)
    columns = np.asarray(z, dtype=np.float64)
    if columns.shape != (len(history), len(characteristics)) or not np.isfinite(columns).all():
        raise InputError(say("The characteristics are not one figure a customer and name."))
    groups = _groups(history, columns, model.shift)
    names = [*NAMES, *(f"{name}:{of}" for name in _SIGNS for of in characteristics)]
    plain = model.fit(history)
    start = np.concatenate((plain.logarithms, np.zeros(len(names) - len(NAMES))))
    maximum = maximise(lambda sought: _likelihood(sought, groups), start, names)
    errors = np.sqrt(np.diag(maximum.covariance))
    errors[: len(NAMES)] *= np.exp(maximum.point[: len(NAMES)])
    found = maximum.point[len(NAMES) :].reshape(len(_SIGNS), -1).tolist()
    return CovariateFit(
        model=model.name,
        characteristics=tuple(characteristics),
        parameters=dict(zip(NAMES, np.exp(maximum.point[: len(NAMES)]).tolist(), strict=True)),
        coefficients={
            name: dict(zip(characteristics, row, strict=True))
            for name, row in zip(_SIGNS, found, strict=True)
        },
        standard_errors=dict(zip(names, errors.tolist(), strict=True)),
        covariance=maximum.covariance,
        log_likelihood=maximum.value,
        customers=history.customers,
        unit=history.unit,
        steps=maximum.steps,
    )


def _groups(history: PurchaseHistory, z: Matrix, shift: int) -> list[_Group]:
    kinds, place = np.unique(z, axis=0, return_inverse=True)
    if len(kinds) > _MOST_GROUPS:
        raise InputError(
            say("There are {kinds} different combinations of characteristics.", kinds=len(kinds)),
            accepted=say("At most {most}: put figures into classes first.", most=_MOST_GROUPS),
        )
    order = np.argsort(place.ravel(), kind="stable")
    cuts = np.searchsorted(place.ravel()[order], np.arange(1, len(kinds)))
    return [
        _Group(Sufficient.of(history.rows(rows).collapsed(), shift), _design(kind))
        for kind, rows in zip(kinds, np.split(order, cuts), strict=True)
    ]


def _design(kind: Vector) -> Matrix:
    """Logarithms of (r, α, a, b) as a linear map of everything sought."""
    effects = np.zeros((len(NAMES), len(_SIGNS) * len(kind)))
    for place, sign in enumerate(_SIGNS.values()):
        effects[place + 1, place * len(kind) : (place + 1) * len(kind)] = sign * kind
    return np.concatenate((np.eye(len(NAMES)), effects), axis=1)


def _likelihood(sought: Vector, groups: Sequence[_Group]) -> Likelihood:
    size = len(sought)
    total = Likelihood(0.0, np.zeros(size), np.zeros((size, size)))
    for group in groups:
        design = group.design
        here = likelihood(design @ sought, group.data)
        total += Likelihood(here.value, design.T @ here.gradient, design.T @ here.hessian @ design)
    return total
