"""Worth of customers: moments, interest, margin, and intervals whose coverage is measured."""

from dataclasses import replace

import numpy as np
import pytest

from histories import BG_PUBLISHED, cdnow_holdout
from oracles import cdnow
from oracles.models import simulate_beta_geometric
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.forecast import expected_purchases
from regulars.estimation.gamma_gamma import SpendHistory, expected_spend, fit_gamma_gamma
from regulars.estimation.lifetime_value import Buyers, Terms, lifetime_value, worth_of_revenue
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import OptionError

P, Q, SCALE = 4.0, 3.5, 20.0


def cdnow_buyers() -> Buyers:
    history = cdnow_holdout().history
    x, *_, spent = np.array(cdnow.customers()).T
    spend = SpendHistory.of(x, spent)
    return Buyers(MBG_NBD, MBG_NBD.fit(history), history, fit_gamma_gamma(spend), spend)


def simulated(seed: int) -> tuple[Buyers, np.ndarray]:
    """Customers with known behaviour, and what they spent in the 39 weeks after."""
    people = simulate_beta_geometric((0.8, 6, 0.7, 3), customers=4000, horizon=39, seed=seed)
    x, t_x, end = np.array([seen for seen, _ in people], dtype=float).T
    later = np.array([later for _, later in people], dtype=float)
    chance = np.random.default_rng(seed)
    rate = chance.gamma(Q, 1 / SCALE, len(x))
    spent = np.where(x > 0, chance.gamma(P * np.maximum(x, 1)) / rate / np.maximum(x, 1), 0)
    came = np.where(later > 0, chance.gamma(P * np.maximum(later, 1)) / rate, 0)
    history = PurchaseHistory.per_customer(x, t_x, end, unit="week")
    spend = SpendHistory.of(x, spent)
    buyers = Buyers(BG_NBD, BG_NBD.fit(history), history, fit_gamma_gamma(spend), spend)
    return buyers, came


@pytest.mark.slow
def test_intervals_cover_what_customers_come_to_spend() -> None:
    """Of a customer 94 to 97 per cent; of the total at least 17 of 20."""
    covered, totals = [], 0
    for seed in range(20):
        buyers, came = simulated(seed)
        worth = lifetime_value(buyers, Terms(horizon=39))
        covered.append(float(((worth.low <= came) & (came <= worth.high)).mean()))
        totals += worth.total_low <= came.sum() <= worth.total_high
    assert 0.94 <= np.mean(covered) <= 0.97
    assert totals >= 17


def test_revenue_is_purchases_times_spend() -> None:
    buyers = cdnow_buyers()
    worth = lifetime_value(buyers, Terms(horizon=52))
    purchases = expected_purchases(MBG_NBD, buyers.fit.parameters, buyers.history, 52)
    spend = expected_spend(buyers.spend_fit.parameters, buyers.spend)
    assert worth.value == pytest.approx(purchases * spend)
    assert worth.total == pytest.approx(float((purchases * spend).sum()))
    assert worth.terms.kind == "revenue"
    assert (worth.low <= worth.value).mean() > 0.999
    assert (worth.value <= worth.high).mean() > 0.6  # of the others one purchase is unlikely
    assert worth.total_low < worth.total < worth.total_high


def test_a_margin_scales_everything_and_makes_it_a_lifetime_value() -> None:
    buyers = cdnow_buyers()
    revenue, value = (
        lifetime_value(buyers, Terms(horizon=52, margin=margin)) for margin in (None, 0.25)
    )
    assert value.terms.kind == "clv"
    assert value.value == pytest.approx(0.25 * revenue.value)
    assert value.high == pytest.approx(0.25 * revenue.high)
    assert value.total_high == pytest.approx(0.25 * revenue.total_high)


def test_interest_is_that_of_ever_shorter_periods() -> None:
    buyers = cdnow_buyers()
    few = replace(buyers, history=buyers.history.rows(slice(0, 60)))
    found = worth_of_revenue(few, Terms(horizon=52, discount=0.01))
    edges = np.linspace(0, 52, 521)
    until = [
        expected_purchases(MBG_NBD, buyers.fit.parameters, few.history, float(edge))
        for edge in edges[1:]
    ]
    steps = np.diff(np.stack([np.zeros(60), *until]), axis=0)
    worth = 1.01 ** -((edges[1:] + edges[:-1]) / 2)
    assert found == pytest.approx((worth @ steps) / steps.sum(axis=0), rel=1e-4)
    assert (found < 1).all()


def test_a_customer_known_to_be_gone_is_worth_nothing() -> None:
    history = PurchaseHistory.per_customer([300, 2], [1, 30], [5000, 38])
    spend = SpendHistory.of([300, 2], [20, 30])
    buyers = cdnow_buyers()
    fit = replace(buyers.fit, parameters=BG_PUBLISHED)
    worth = lifetime_value(
        Buyers(BG_NBD, fit, history, buyers.spend_fit, spend), Terms(horizon=52)
    )
    assert worth.value[0] == pytest.approx(0, abs=1e-9)
    assert (worth.low[0], worth.high[0]) == (0, 0)
    assert worth.high[1] > worth.value[1] > 0


def test_strangers_whose_spending_has_no_variance_have_no_upper_end() -> None:
    buyers = cdnow_buyers()
    heavy = replace(buyers.spend_fit, parameters={**buyers.spend_fit.parameters, "q": 1.5})
    worth = lifetime_value(replace(buyers, spend_fit=heavy), Terms(horizon=52))
    assert np.isinf(worth.high[buyers.spend.x == 0]).all()
    assert np.isfinite(worth.high[buyers.spend.x > 0]).all()
    assert (worth.total_low, worth.total_high) == (0, np.inf)


@pytest.mark.parametrize(("horizon", "discount"), [(0.0, 0.0), (-1.0, 0.0), (52.0, -0.1)])
def test_terms_that_cannot_be_are_refused(horizon: float, discount: float) -> None:
    with pytest.raises(OptionError):
        Terms(horizon=horizon, discount=discount)
