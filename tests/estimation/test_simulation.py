from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.simulation import BLOCK, Assortment, Block, Firm, Simulator
from regulars.kernel.errors import OptionError

START = date(2023, 1, 1)
STEADY = Firm(season=0, growth=0, weekdays=(1, 1, 1, 1, 1, 1, 1), opens_at=0, closes_at=24)


def block_of(firm: Firm = STEADY, *, days: int = 730, seed: int = 11, size: int = BLOCK) -> Block:
    return Simulator(firm, seed, START, days).block(0, size)


def same(one: Block, other: Block) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("buyer", "second", "cents", "identified", "online", "refunded")
    )


def test_the_same_seed_draws_the_same_orders() -> None:
    assert same(block_of(seed=5), block_of(seed=5))


def test_another_seed_draws_other_orders() -> None:
    assert not same(block_of(seed=5), block_of(seed=6))


def test_blocks_differ_from_each_other() -> None:
    simulator = Simulator(STEADY, 5, START, 365)
    assert not np.array_equal(simulator.block(0).second[:50], simulator.block(1).second[:50])


def test_a_block_does_not_depend_on_the_blocks_drawn_before_it() -> None:
    simulator = Simulator(STEADY, 5, START, 365)
    simulator.block(0)
    assert same(simulator.block(3), Simulator(STEADY, 5, START, 365).block(3))


@given(size=st.integers(1, 400))
def test_fewer_customers_are_the_first_of_more(size: int) -> None:
    few, many = block_of(size=size), block_of(size=400)
    orders = few.buyer.size
    assert np.array_equal(few.customers.rate, many.customers.rate[:size])
    for name in ("buyer", "second", "cents"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:orders])


def test_what_is_spent_does_not_change_who_buys_when() -> None:
    cheap, dear = block_of(), block_of(replace(STEADY, gamma=100))
    assert np.array_equal(cheap.second, dear.second)
    assert dear.cents.sum() > 6 * cheap.cents.sum()


def test_orders_stand_by_customer_and_then_by_time_within_the_span() -> None:
    block = block_of(Firm())
    step = np.diff(block.buyer)
    assert set(step) == {0, 1}
    assert (np.diff(block.second)[step == 0] >= 0).all()
    assert block.second.min() >= 0
    assert block.second.max() < 730 * 86_400


def test_everybody_buys_for_the_first_time_on_the_day_he_arrives() -> None:
    block = block_of(Firm())
    first = np.concatenate(([0], np.flatnonzero(np.diff(block.buyer)) + 1))
    arrived = np.floor(block.customers.arrived)
    assert np.array_equal(block.second[first] // 86_400, arrived)


def test_nobody_buys_after_he_has_left() -> None:
    block = block_of(Firm())
    leaves = block.customers.arrived + block.customers.lifetime
    assert (block.second // 86_400 <= np.floor(leaves[block.buyer])).all()


def test_purchase_rates_have_the_mean_and_the_variance_of_their_gamma() -> None:
    rate = block_of().customers.rate
    assert rate.mean() == pytest.approx(STEADY.r / STEADY.alpha, rel=0.05)
    assert rate.var() == pytest.approx(STEADY.r / STEADY.alpha**2, rel=0.12)


@pytest.mark.parametrize("days", [30, 120, 365, 1000])
def test_survival_follows_the_closed_form(days: float) -> None:
    there = (block_of().customers.lifetime > days).mean()
    expected = STEADY.still_there(days)
    assert there == pytest.approx(expected, abs=4 * (expected * (1 - expected) / BLOCK) ** 0.5)


def test_the_number_of_purchases_follows_the_closed_form_of_pareto_nbd() -> None:
    # E[X(t)] = r beta / (alpha (s - 1)) · (1 - (beta / (beta + t)) ** (s - 1)), t since arrival.
    firm = replace(STEADY, r=2, alpha=40, s=2.5, beta=400, growth=-0.99)
    simulator = Simulator(firm, 3, START, 1000)
    block = simulator.block(0)
    horizon = 180
    age = block.second / 86_400 - block.customers.arrived[block.buyer]
    whole = block.customers.arrived < 1000 - horizon
    repeats = ((age > 1e-4) & (age <= horizon) & whole[block.buyer]).sum() / whole.sum()
    expected = 2 * 400 / (40 * 1.5) * (1 - (400 / (400 + horizon)) ** 1.5)
    assert repeats == pytest.approx(expected, rel=0.05)


def test_a_customer_buys_at_his_own_rate_while_he_is_one() -> None:
    block = block_of()
    customers = block.customers
    repeats = np.bincount(block.buyer) - 1
    exposure = np.minimum(customers.lifetime, 730 - customers.arrived)
    expected = (customers.rate * exposure).sum()
    assert repeats.sum() == pytest.approx(expected, abs=4 * expected**0.5)


def test_the_mean_order_is_that_of_gamma_gamma() -> None:
    firm = replace(STEADY, q=8, gamma=40)
    block = block_of(firm)
    assert block.customers.mean_amount.mean() == pytest.approx(firm.mean_amount, rel=0.02)
    assert block.cents.mean() / 100 == pytest.approx(firm.mean_amount, rel=0.03)


def test_each_customers_orders_have_his_own_mean() -> None:
    block = block_of()
    orders = np.bincount(block.buyer)
    paid = np.bincount(block.buyer, block.cents / 100)
    # A Gamma of shape p with mean m, summed over n orders, has the variance n m² / p.
    mean = block.customers.mean_amount
    z = (paid - orders * mean) / (mean * (orders / STEADY.p) ** 0.5)
    assert abs(z.mean()) < 4 / BLOCK**0.5
    assert z.std() == pytest.approx(1, abs=0.05)


def trade_by_day(firm: Firm, days: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    block = block_of(firm, days=days)
    return np.bincount(block.second // 86_400, minlength=days)


def test_the_season_has_the_amplitude_and_the_peak_asked_for() -> None:
    # Long lives and everybody there from early on, so that nothing but the season moves trade.
    firm = replace(STEADY, s=1, beta=1e6, growth=-0.99, season=0.5, season_peak=100, alpha=10)
    trade = trade_by_day(firm, 1461)[1096:].astype(float)  # the fourth year
    angle = 2 * np.pi * np.arange(1, 366) / 365.25
    wave = 2 * (trade * np.exp(1j * angle)).sum() / trade.sum()
    assert abs(wave) == pytest.approx(0.5, abs=0.02)
    assert np.angle(wave) * 365.25 / (2 * np.pi) == pytest.approx(100, abs=3)


def test_a_closed_weekday_has_no_orders() -> None:
    trade = trade_by_day(replace(STEADY, weekdays=(1, 1, 1, 1, 1, 1, 0)), 700)
    weekday = np.array([(START + timedelta(int(day))).weekday() for day in range(700)])
    assert trade[weekday == 6].sum() == 0
    assert (trade[weekday != 6] > 0).all()


def test_orders_keep_to_the_hours_of_trade() -> None:
    hour = block_of(Firm(opens_at=9, closes_at=17)).second % 86_400 // 3600
    assert [int(hour.min()), int(hour.max())] == [9, 16]


def test_new_customers_grow_as_asked() -> None:
    arrived = block_of(replace(STEADY, growth=1.0), days=1461).customers.arrived
    # Doubling every year: the four years hold 1, 2, 4 and 8 parts of 15.
    years = np.bincount((arrived // 365.25).astype(int)) / BLOCK
    assert years == pytest.approx(np.array([1, 2, 4, 8]) / 15, abs=0.02)


def test_newer_customers_buy_less_where_the_trend_says_so() -> None:
    customers = block_of(replace(STEADY, cohort_trend=-0.5), days=1461).customers
    late = customers.arrived > 1461 - 365.25
    expected = STEADY.r / STEADY.alpha * 0.5**3.5
    assert customers.rate[late].mean() == pytest.approx(expected, rel=0.1)


def test_receipts_carry_their_customer_as_often_as_asked() -> None:
    identified = block_of(replace(STEADY, identified=0.7)).identified
    assert identified.mean() == pytest.approx(0.7, abs=0.01)
    assert block_of().identified.all()


def test_orders_go_on_line_and_are_refunded_as_often_as_asked() -> None:
    block = block_of(replace(STEADY, online=0.4, refunds=0.05))
    assert block.online.mean() == pytest.approx(0.4, abs=0.01)
    assert block.refunded.mean() == pytest.approx(0.05, abs=0.005)


def test_shops_have_customers_in_proportion_to_one_over_their_rank() -> None:
    store = block_of(replace(STEADY, stores=3)).customers.store
    assert np.bincount(store) / BLOCK == pytest.approx(np.array([6, 3, 2]) / 11, abs=0.02)


@given(lines=st.floats(1, 9), seed=st.integers(0, 2**40))
def test_the_lines_of_an_order_add_up_to_it_to_the_cent(lines: float, seed: int) -> None:
    firm = replace(STEADY, assortment=Assortment(lines=lines))
    block = block_of(firm, seed=seed, size=40)
    assert block.lines is not None
    assert (block.lines.cents >= 0).all()
    total = np.zeros(block.cents.size, np.int64)
    np.add.at(total, block.lines.order, block.lines.cents)
    assert np.array_equal(total, block.cents)
    first = np.concatenate(([True], np.diff(block.lines.order) > 0))
    assert (block.lines.line[first] == 1).all()
    assert (np.diff(block.lines.line)[~first[1:]] == 1).all()


def test_orders_have_as_many_lines_as_asked_and_products_stay_in_their_category() -> None:
    firm = replace(STEADY, assortment=Assortment(categories=4, products=5, lines=2.5))
    block = block_of(firm)
    assert block.lines is not None
    assert block.lines.order.size / block.cents.size == pytest.approx(2.5, rel=0.02)
    assert np.array_equal(block.lines.product // 5, block.lines.category)
    share = np.bincount(block.lines.category) / block.lines.category.size
    assert share == pytest.approx(np.array([12, 6, 4, 3]) / 25, abs=0.01)


def test_one_day_is_enough_of_a_span() -> None:
    block = block_of(days=1, size=10)
    assert block.second.max() < 86_400
    assert np.unique(block.buyer).size == 10


def test_customers_who_never_leave_are_drawn_without_a_warning() -> None:
    lifetime = block_of(replace(STEADY, s=0.001)).customers.lifetime
    assert np.isinf(lifetime).any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("identified", 1.1),
        ("identified", -0.1),
        ("online", 2),
        ("refunds", float("nan")),
        ("season", 1.0),
        ("season_peak", 0),
        ("growth", -1),
        ("cohort_trend", -1),
        ("r", 0),
        ("alpha", -3),
        ("s", 0),
        ("beta", float("inf")),
        ("q", 1),
        ("stores", 0),
        ("closes_at", 8),
        ("weekdays", (0,) * 7),
        ("weekdays", (1, 1, 1, 1, 1, 1, -1)),
    ],
)
def test_a_truth_that_cannot_be_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=name):
        Firm(**{name: value})  # type: ignore[arg-type]  # one wrong value at a time


def test_an_assortment_without_products_is_refused() -> None:
    with pytest.raises(OptionError, match="products"):
        Assortment(products=0)


def test_a_span_without_an_open_day_is_refused() -> None:
    with pytest.raises(OptionError, match="days"):
        Simulator(STEADY, 1, START, 0)
    sundays_off = replace(STEADY, weekdays=(1, 1, 1, 1, 1, 1, 0))
    with pytest.raises(OptionError, match="closed"):
        Simulator(sundays_off, 1, START, 1)  # 1 January 2023 was a Sunday


def test_a_seed_below_zero_and_a_block_too_large_are_refused() -> None:
    with pytest.raises(OptionError, match="seed"):
        Simulator(STEADY, -1, START, 10)
    with pytest.raises(OptionError, match="size"):
        Simulator(STEADY, 1, START, 10).block(0, BLOCK + 1)
