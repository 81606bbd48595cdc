from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baskets import Visit, orders_with
from factories import on, orders_of
from oracles import basket as oracle
from oracles import repeat
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.basket import STAGES, Basket, basket

ITEMS = ["ale", "bread", "cheese", "dill"]
STAGE_OF = {number: sum(number > edge for edge in STAGES) for number in range(1, 300)}

visits = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from(["ann", "bob", "cem"])),
        st.integers(0, 30).map(on),
        st.sets(st.sampled_from(ITEMS), min_size=1),
    ),
    min_size=1,
    max_size=25,
)
many = st.lists(visits, min_size=2, max_size=4).map(
    lambda groups: [
        (f"{who}{place}" if who else None, day, items)
        for place, group in enumerate(groups)
        for who, day, items in group
    ]
)


def answer(orders: object, **options: object) -> Basket:
    found = basket(orders, **options)  # type: ignore[arg-type]  # any of the kinds it takes
    assert isinstance(found, Basket)
    return found


def habit(customers: int, first: str, then: str, day: int = 0) -> list[Visit]:
    """Customers who begin with one item and take up another a week later."""
    return [
        (f"{first}-{then}-{number}", on(day + 7 * later), [item])
        for number in range(customers)
        for later, item in enumerate((first, then))
    ]


@settings(deadline=None, max_examples=15)
@given(many, st.integers(1, 3))
def test_pairs_are_counted_as_the_definition_says(rows: list[Visit], least: int) -> None:
    contents = {f"o{number}": set(items) for number, (_, _, items) in enumerate(rows)}
    expected = oracle.pairs(contents, least)
    found = basket(orders_with(rows), min_orders=least)
    if not expected:
        assert isinstance(found, NotEnoughEvidence)
        return
    assert isinstance(found, Basket)
    pairs = {(p.a, p.b): (p.orders, p.orders_a, p.orders_b) for p in found.pairs}
    assert pairs == expected
    assert found.pairs_found == len(expected)
    for pair in found.pairs:
        chance = pair.orders_a * pair.orders_b / found.orders
        assert pair.lift.value == pytest.approx(pair.orders / chance)
        assert pair.a_to_b.value == pair.orders / pair.orders_a
        assert pair.b_to_a.value == pair.orders / pair.orders_b


@settings(deadline=None, max_examples=15)
@given(many)
def test_what_comes_next_is_counted_as_the_definition_says(rows: list[Visit]) -> None:
    # each visit is repeated by twelve customers alike, so that next items reach the least number
    crowd = [
        (who and f"{who}/{copy}", day, items) for who, day, items in rows for copy in range(12)
    ]
    found = basket(orders_with(crowd), min_orders=1)
    if isinstance(found, NotEnoughEvidence):
        return
    bought: dict[tuple[str, object], set[str]] = defaultdict(set)
    for who, day, items in crowd:
        if who is not None:
            bought[who, day] |= set(items)
    days = repeat.purchase_days((who, day, 1) for who, day, _ in crowd)  # type: ignore[misc]  # amounts do not matter
    histories = oracle.histories_of(days, bought)
    expected = oracle.next_items(histories, ITEMS, STAGE_OF)
    often = {pair for pair, (took, _, _) in expected.items() if took >= 10}
    assert {(item.after, item.then) for item in found.next_items} == often
    for item in found.next_items:
        took, could, chance = expected[item.after, item.then]
        assert (item.customers, item.of) == (took, could)
        assert item.expected == pytest.approx(float(chance))
        assert item.lift.value == pytest.approx(took / float(chance))


@settings(deadline=None, max_examples=5)
@given(many, st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(rows: list[Visit], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    one = basket(orders_with(rows), min_orders=1)
    other = basket(orders_with(shuffled), min_orders=1)
    assert one.json() == other.json()


def test_a_habit_is_found_and_a_coincidence_is_not_called_real() -> None:
    rows: list[Visit] = [(None, on(0), ["beer", "crisps"]) for _ in range(40)]
    rows += [(None, on(0), [item]) for item in ("milk", "rye", "soap") for _ in range(60)]
    rows += [(None, on(0), pair) for pair in combinations(["milk", "rye", "soap"], 2)] * 12
    pairs = {(pair.a, pair.b): pair for pair in answer(orders_with(rows)).pairs}
    assert pairs["beer", "crisps"].real
    assert pairs["beer", "crisps"].lift.low > 1
    assert pairs["milk", "rye"].lift.high < 1


def test_chance_pairs_are_not_called_real_however_many_are_looked_at() -> None:
    random = np.random.default_rng(5)
    names = [f"i{number:02}" for number in range(30)]
    rows: list[Visit] = [
        (f"c{number % 300}", on(number // 300), [name for name in names if random.random() < 0.2])
        for number in range(3000)
    ]
    found = answer(orders_with(rows))
    assert found.pairs_found == 435
    assert any(pair.lift.low > 1 for pair in found.pairs)
    assert not any(pair.real for pair in found.pairs)
    assert not any(item.real for item in found.next_items)


def test_the_next_item_stands_out_against_the_same_stage() -> None:
    rows = habit(40, "coffee", "filters") + habit(40, "tea", "honey")
    rows += [(None, on(0), ["coffee", "tea"])] * 10
    found = {(item.after, item.then): item for item in answer(orders_with(rows)).next_items}
    item = found["coffee", "filters"]
    assert (item.customers, item.of) == (40, 40)
    assert item.expected == pytest.approx(20)
    assert item.real


def test_orders_without_lines_say_what_is_needed() -> None:
    found = basket(orders_of([("a", on(0), 5)]))
    assert isinstance(found, NotEnoughEvidence)
    assert "order lines" in str(found.needs[0])


def test_categories_that_nobody_names_are_not_enough() -> None:
    orders = orders_with([("a", on(0), ["x", "y"])] * 20, column="product_id")
    assert isinstance(basket(orders, level="category"), NotEnoughEvidence)
    assert answer(orders).level == "product"


def test_categories_come_before_products() -> None:
    assert answer(orders_with([("a", on(0), ["x", "y"])] * 20)).level == "category"


def test_a_pair_in_fewer_than_ten_orders_is_an_anecdote() -> None:
    found = basket(orders_with([("a", on(0), ["x", "y"])] * 9))
    assert isinstance(found, NotEnoughEvidence)
    assert "10 orders" in str(found.reason)


def test_lines_of_no_order_up_to_the_viewpoint_are_not_enough() -> None:
    orders = orders_with([("a", on(0), ["x", "y"]), ("a", on(5), ["x", "y"])])
    early = orders.purchases.filter(orders.purchases.ordered_on < date(1999, 1, 1))
    assert isinstance(basket(replace(orders, purchases=early)), NotEnoughEvidence)


def test_the_strongest_pairs_are_kept_and_all_are_counted() -> None:
    rows: list[Visit] = [(None, on(0), ["a", "b", "c", "d"])] * 10
    found = answer(orders_with(rows), limit=2)
    assert (len(found.pairs), found.pairs_found, len(found.records())) == (2, 6, 2)
    assert [(pair.a, pair.b) for pair in found.pairs] == [("a", "b"), ("a", "c")]


@pytest.mark.parametrize("options", [{"level": "shelf"}, {"min_orders": 0}, {"limit": 0}])
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        basket(orders_with([("a", on(0), ["x"])]), **options)  # type: ignore[arg-type]  # on purpose
