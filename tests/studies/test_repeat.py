import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles import repeat as oracle
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.repeat import Repeat, repeat
from strategies import Purchase, basis_from, purchases


def answer(orders: object, **options: int) -> Repeat:
    found = repeat(orders, **options)  # type: ignore[arg-type]  # any of the kinds it takes
    assert isinstance(found, Repeat)
    return found


@settings(deadline=None, max_examples=20)
@given(purchases)
def test_steps_times_and_rule_are_those_of_the_definition(rows: list[Purchase]) -> None:
    basis = basis_from(rows, burn_in_days=0)
    found = answer(basis)
    days = oracle.purchase_days(rows)
    as_of = basis.orders.as_of
    reached = [sum(len(own) >= k for own in days.values()) for k in range(1, 11)]
    assert [step.customers for step in found.steps] == [count for count in reached if count]
    gaps = oracle.gaps(days)
    assert found.median_gap_days == oracle.percentile(gaps, 50)
    usual = oracle.percentile(gaps, 90) or max((as_of - basis.orders.data_from).days, 1)
    assert found.rule.gap_days == usual
    assert found.rule.purchases == oracle.default_purchases(days, usual, as_of)
    for time in found.times:
        waited = oracle.waits(days, time.purchase, as_of)
        assert (time.customers, time.returned) == (len(waited), sum(came for _, came in waited))
        assert time.median_days == oracle.median(waited)


@settings(deadline=None, max_examples=20)
@given(purchases, st.integers(2, 4), st.integers(1, 80))
def test_the_path_ends_with_the_regulars(rows: list[Purchase], bought: int, gap: int) -> None:
    basis = basis_from(rows, burn_in_days=0)
    found = answer(basis, purchases=bought, gap_days=gap)
    days = oracle.purchase_days(rows).values()
    assert [stage.purchase for stage in found.path] == [*range(1, bought + 1), None]
    assert found.path[-1].customers == sum(oracle.was_regular(own, bought, gap) for own in days)
    now = sum(oracle.is_regular(own, bought, gap, basis.orders.as_of) for own in days)
    assert (found.regulars.customers, found.regulars.ever) == (now, found.path[-1].customers)
    for stage, following in zip(found.path, found.path[1:], strict=False):
        if stage.moved_on is not None:
            assert stage.moved_on.value * stage.customers == pytest.approx(following.customers)
        assert following.customers <= stage.customers


@settings(deadline=None, max_examples=6)
@given(purchases, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Purchase], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert answer(basis_from(rows)).json() == answer(basis_from(shuffled)).json()


def test_two_orders_on_one_day_are_one_purchase() -> None:
    found = answer(orders_of([("a", on(0), 5), ("a", on(0), 7), ("b", on(3), 1)]))
    assert [step.customers for step in found.steps] == [2]
    assert found.repeat_rate is None


def test_a_fully_refunded_order_stays_a_purchase() -> None:
    found = answer(orders_of([("a", on(0), 5), ("a", on(9), 0)]))
    assert [step.customers for step in found.steps] == [1, 1]


def test_receipts_without_a_customer_follow_nobody() -> None:
    found = answer(orders_of([("a", on(0), 5), (None, on(0), 5), (None, on(3), 5)]))
    assert found.customers == 1


def test_orders_without_any_customer_are_not_enough() -> None:
    found = repeat(orders_of([(None, on(0), 5)]))
    assert isinstance(found, NotEnoughEvidence)
    assert found.needs


def test_where_nobody_came_back_the_rule_spans_the_whole_history() -> None:
    found = answer(orders_of([("a", on(0), 5), ("b", on(30), 5)]))
    assert (found.rule.gap_days, found.rule.gap_from) == (30, "whole history")
    assert found.rule.purchases_from == "bound"
    assert found.regulars.customers == 0
    assert found.steps[0].share.value == 1


def test_too_few_certain_first_timers_make_the_answer_at_most() -> None:
    rows = [(f"c{number}", on(number), 1) for number in range(20)] + [("c0", on(40), 1)]
    found = answer(orders_of(rows, burn_in_days=15))
    assert (found.population, found.at_most, found.followed) == ("all customers", True, 20)


def test_first_timers_after_the_burn_in_are_followed_when_there_are_enough() -> None:
    rows = [("old", on(0), 1), *((f"c{number}", on(20 + number), 1) for number in range(30))]
    found = answer(orders_of(rows, burn_in_days=20))
    assert (found.population, found.at_most, found.followed) == ("first-timers", False, 30)
    assert found.customers == 31


def test_data_with_a_beginning_has_first_timers_only() -> None:
    found = answer(orders_of([("a", on(0), 1), ("b", on(1), 1)], burn_in_days=0))
    assert (found.population, found.at_most) == ("first-timers", False)


def test_a_regular_who_falls_silent_has_lapsed() -> None:
    rows = [(who, on(day), 10) for who in "ab" for day in (0, 7, 14)] + [("b", on(60), 30)]
    rows += [("b", on(67), 30)]
    found = answer(orders_of(rows), purchases=2, gap_days=10)
    assert (found.regulars.customers, found.regulars.lapsed) == (1, 1)
    assert found.regulars.revenue_share == 0.75


def test_without_revenue_regulars_have_no_share_of_it() -> None:
    found = answer(orders_of([("a", on(0), 0), ("a", on(2), 0)]))
    assert found.regulars.revenue_share is None


def test_the_rule_can_be_given() -> None:
    rule = answer(orders_of([("a", on(0), 1)]), purchases=12, gap_days=60).rule
    assert (rule.purchases, rule.purchases_from) == (12, "given")
    assert (rule.gap_days, rule.gap_from) == (60, "given")


@pytest.mark.parametrize("options", [{"purchases": 1}, {"gap_days": 0}, {"gap_days": -5}])
def test_a_rule_that_makes_no_sense_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="at least"):
        repeat(
            orders_of([("a", on(0), 1)]),
            purchases=options.get("purchases"),
            gap_days=options.get("gap_days"),
        )


def test_a_row_tells_how_long_the_next_purchase_took() -> None:
    found = answer(orders_of([("a", on(0), 1), ("a", on(9), 1)]))
    first, second = found.records()
    assert first["median_days_to_next"] == 9
    assert second["median_days_to_next"] is None
    assert found.table().num_rows == 2
