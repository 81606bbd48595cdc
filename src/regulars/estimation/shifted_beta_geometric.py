"""Shifted beta-geometric: how long customers under contract renew.

At each renewal a customer leaves with his own probability θ ~ Beta(α, β). Those likely to leave do
so early, so the retention rate of a cohort rises with age although nobody's loyalty does:
``r(t) = (β+t-1) / (α+β+t-1)``.

Source: Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive
Marketing 21(1).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import betaln

from regulars.estimation.fitting import DegenerateDataError, Fit, Likelihood, maximise
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

NAMES = ("alpha", "beta")
_FEWEST_AGES = 2


def fit_shifted_beta_geometric(
    at_risk: npt.ArrayLike, lost: npt.ArrayLike, *, unit: str = ""
) -> Fit:
    """Maximum likelihood from who could renew, and who did not.

    Any number of cohorts, started when they may, add up by age, since the model speaks of one
    renewal at a time. Customers still under contract are in ``at_risk`` up to their last renewal.

    Args:
        at_risk: Customers who came up for their 1st, 2nd, 3rd … renewal.
        lost: Those of them who left at it.
        unit: What lies between renewals, for the reader (``year``, ``month``).

    Raises:
        InputError: The figures contradict each other.
        DegenerateDataError: Fewer than two ages, or nobody left, or nobody stayed.
        NotConvergedError: There is no maximum, as when all are equally likely to leave.

    >>> fit = fit_shifted_beta_geometric([1000, 631, 468, 382], [369, 163, 86, 56])
    >>> {name: round(value, 3) for name, value in fit.parameters.items()}
    {'alpha': 0.764, 'beta': 1.296}
    """
    risk, gone = (np.asarray(column, dtype=np.float64) for column in (at_risk, lost))
    _check(risk, gone)
    customers = round(float(risk[0]))
    start = np.log([1.0, max(float((risk - gone).sum() / gone.sum()), 0.05)])
    maximum = maximise(lambda logs: _likelihood(logs, risk, gone), start, NAMES)
    return maximum.fit("shifted-beta-geometric", NAMES, customers=customers, unit=unit)


def renewal_rates(parameters: Parameters, renewals: int) -> Vector:
    """Retention rate at the 1st, 2nd … renewal.

    >>> renewal_rates({"alpha": 1.0, "beta": 3.0}, 3).round(3).tolist()
    [0.75, 0.8, 0.833]
    """
    stay = parameters["beta"] + np.arange(renewals)
    return np.asarray(stay / (parameters["alpha"] + stay), dtype=np.float64)


def survival(parameters: Parameters, renewals: int) -> Vector:
    """Share of a cohort still there before any, after the 1st, 2nd … renewal.

    >>> survival({"alpha": 1.0, "beta": 3.0}, 2).round(3).tolist()
    [1.0, 0.75, 0.6]
    """
    alpha, beta = parameters["alpha"], parameters["beta"]
    ages = np.arange(renewals + 1)
    return np.asarray(np.exp(betaln(alpha, beta + ages) - betaln(alpha, beta)), dtype=np.float64)


def survival_errors(fit: Fit, renewals: int) -> Vector:
    """Standard errors of :func:`survival`, by the delta method with exact slopes."""
    alpha, beta = fit.parameters["alpha"], fit.parameters["beta"]
    stay = beta + np.arange(renewals)
    whole = alpha + stay
    # ln S is the sum of ln(stay) - ln(whole) over the renewals so far
    slopes = np.stack((-alpha / whole, beta * (1 / stay - 1 / whole)))
    summed = np.concatenate((np.zeros((2, 1)), np.cumsum(slopes, axis=1)), axis=1)
    variance = np.einsum("ij,ik,kj->j", summed, fit.covariance, summed)
    return np.asarray(survival(fit.parameters, renewals) * np.sqrt(variance), dtype=np.float64)


def expected_renewals(
    parameters: Parameters, renewed: int, *, horizon: int, discount: float = 0.0
) -> float:
    """Discounted number of renewals still to come within ``horizon`` opportunities.

    Args:
        parameters: α and β.
        renewed: Renewals the customer has made so far.
        horizon: Opportunities to renew that are looked at.
        discount: Interest a period; the next renewal is one period away.

    >>> round(expected_renewals({"alpha": 1.0, "beta": 3.0}, 0, horizon=2), 3)
    1.35
    """
    older = {**parameters, "beta": parameters["beta"] + renewed}
    worth = (1 + discount) ** -np.arange(1.0, horizon + 1)
    return float(worth @ survival(older, horizon)[1:])


def _check(at_risk: Vector, lost: Vector) -> None:
    if at_risk.shape != lost.shape or at_risk.ndim != 1:
        raise InputError(say("Customers at risk and lost are not one figure an age."))
    if not bool(((lost >= 0) & (lost <= at_risk) & np.isfinite(at_risk)).all()):
        raise InputError(say("At some age more customers were lost than came up for renewal."))
    if np.count_nonzero(at_risk) < _FEWEST_AGES:
        raise DegenerateDataError(
            say("One renewal cannot show how retention changes with age."),
            accepted=say("At least two are needed."),
        )
    if lost.sum() in {0, at_risk.sum()}:
        raise DegenerateDataError(say("Nobody left, or everybody did at once."))


def _likelihood(logs: Vector, at_risk: Vector, lost: Vector) -> Likelihood:
    """Σ lost ln α + stayed ln(β+t-1) - at risk ln(α+β+t-1), by ln α and ln β."""
    alpha, beta = np.exp(logs).tolist()
    stayed = at_risk - lost
    stay = beta + np.arange(len(at_risk))
    whole = alpha + stay
    value = lost.sum() * logs[0] + stayed @ np.log(stay) - at_risk @ np.log(whole)
    share_a, share_b, share = alpha / whole, beta / whole, beta / stay
    gradient = np.array([lost.sum() - at_risk @ share_a, stayed @ share - at_risk @ share_b])
    cross = float(at_risk @ (share_a * share_b))
    by_alpha = -float(at_risk @ (share_a * (1 - share_a)))
    by_beta = float(stayed @ (share * (1 - share)) - at_risk @ (share_b * (1 - share_b)))
    return Likelihood(float(value), gradient, np.array([[by_alpha, cross], [cross, by_beta]]))
