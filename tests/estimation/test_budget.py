"""The budget that is best: the golden case, its conditions, a search by brute force."""

from dataclasses import replace
from itertools import product
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.estimation.budget import Firm, Response, Spending, best_spending
from regulars.kernel.errors import OptionError

GOLDEN = Firm(
    acquisition=Response(spend=5, rate=0.2, ceiling=0.4),
    retention=Response(spend=10, rate=0.4, ceiling=0.7),
    margin=50,
    discount=0.2,
)
responses = st.builds(
    lambda spend, ceiling, part: Response(spend=spend, rate=part * ceiling, ceiling=ceiling),
    st.floats(0.5, 50),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
)
firms = st.builds(
    Firm,
    acquisition=responses,
    retention=responses,
    margin=st.floats(1, 500),
    discount=st.floats(0.01, 0.5),
)


def equity(firm: Firm, acquisition: float, retention: float) -> float:
    """CE = a(m - A/a) + a(m - R/r)·r'/(1-r'), as Blattberg & Deighton write it."""
    a, r = (
        side.ceiling * (1 - exp(log(1 - side.rate / side.ceiling) / side.spend * spend))
        for side, spend in ((firm.acquisition, acquisition), (firm.retention, retention))
    )
    kept = r / (1 + firm.discount)
    later = (firm.margin - retention / r) * kept / (1 - kept) if r else -retention / 1.2
    return a * firm.margin - acquisition + a * later


def test_the_golden_case_has_all_its_digits() -> None:
    best = best_spending(GOLDEN)
    assert round(best.spending.retention, 4) == 15.8652
    assert round(GOLDEN.retention.reached(best.spending.retention), 6) == 0.517487
    assert round(best.clv, 6) == 64.665074
    assert round(best.spending.acquisition, 6) == 9.211461
    assert round(GOLDEN.acquisition.reached(best.spending.acquisition), 6) == 0.288449
    assert round(best.equity, 6) == 9.441093
    assert best.shadow_price == 0


@settings(deadline=None, max_examples=60)
@given(firms)
def test_at_the_best_both_marginal_costs_are_the_worth_of_a_customer(firm: Firm) -> None:
    best = best_spending(firm)
    for side, spend in (
        (firm.acquisition, best.spending.acquisition),
        (firm.retention, best.spending.retention),
    ):
        if spend > 1e-6:
            assert 1 / side.marginal(spend) == pytest.approx(best.clv, rel=1e-6)
        else:
            assert 1 / side.marginal(0) >= best.clv * (1 - 1e-6)


@settings(deadline=None, max_examples=60)
@given(firms, st.floats(0, 3), st.floats(0.01, 3))
def test_no_other_spending_is_better(firm: Firm, more: float, other: float) -> None:
    best = best_spending(firm)
    acquisition = more * max(best.spending.acquisition, firm.acquisition.spend)
    retention = other * max(best.spending.retention, firm.retention.spend)
    assert equity(firm, acquisition, retention) <= best.equity + 1e-9 * abs(firm.margin)


def test_customer_equity_is_that_of_the_paper() -> None:
    for acquisition, retention in product((1.0, 5.0, 9.0), (2.0, 10.0, 30.0)):
        assert GOLDEN.equity(Spending(acquisition, retention)) == pytest.approx(
            equity(GOLDEN, acquisition, retention)
        )


@pytest.mark.parametrize("total", [0.5, 3.0, 8.0, 12.0])
def test_within_a_total_no_affordable_spending_is_better(total: float) -> None:
    best = best_spending(GOLDEN, total=total)
    assert best.cost <= total + 1e-9
    steps = [number * 0.25 for number in range(100)]
    affordable = [
        GOLDEN.equity(spending)
        for spending in (Spending(a, r) for a, r in product(steps, steps))
        if GOLDEN.cost(spending) <= total
    ]
    assert best.equity >= max(affordable) - 1e-9


def test_the_shadow_price_is_what_one_more_unit_brings() -> None:
    less, more = (best_spending(GOLDEN, total=total).equity for total in (7.999, 8.001))
    price = best_spending(GOLDEN, total=8).shadow_price
    assert (more - less) / 0.002 == pytest.approx(price, rel=1e-3)


def test_a_total_beyond_the_best_is_not_spent() -> None:
    free = best_spending(GOLDEN)
    assert best_spending(GOLDEN, total=free.cost * 2) == free


@pytest.mark.parametrize("margin", [-5.0, 0.0])
def test_customers_who_bring_nothing_are_not_paid_for(margin: float) -> None:
    best = best_spending(replace(GOLDEN, margin=margin))
    assert best.spending == Spending(0.0, 0.0)
    assert best.equity == 0


def test_spending_that_achieves_nothing_is_not_done() -> None:
    useless = Response(spend=10, rate=0.0, ceiling=0.7)
    best = best_spending(replace(GOLDEN, retention=useless))
    assert best.spending.retention == 0
    assert best.clv == GOLDEN.margin
    assert best_spending(replace(GOLDEN, acquisition=useless)).spending.acquisition == 0


@pytest.mark.parametrize(
    ("spend", "rate", "ceiling"),
    [(0, 0.2, 0.4), (-1, 0.2, 0.4), (5, 0.4, 0.4), (5, -0.1, 0.4), (5, 0.2, 1.1)],
)
def test_a_response_that_cannot_be_is_refused(spend: float, rate: float, ceiling: float) -> None:
    with pytest.raises(OptionError):
        Response(spend=spend, rate=rate, ceiling=ceiling)


def test_a_firm_that_cannot_be_is_refused() -> None:
    with pytest.raises(OptionError):
        replace(GOLDEN, discount=-0.1)
    with pytest.raises(OptionError):
        replace(GOLDEN, retention=Response(spend=1, rate=0.5, ceiling=1), discount=0.0)
    with pytest.raises(OptionError):
        best_spending(GOLDEN, total=-1)
