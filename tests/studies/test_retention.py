from dataclasses import replace
from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles.periods import starts_between
from oracles.retention import retention as by_definition
from oracles.retention import segment_of
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period, Span
from regulars.studies.evidence import basis_of
from regulars.studies.retention import (
    Benchmark,
    ComparedWith,
    Retention,
    RetentionRate,
    retention,
)
from strategies import Purchase, basis_from, purchases

JANUARY, FEBRUARY, MARCH, APRIL = (date(2024, month, 1) for month in (1, 2, 3, 4))

SHOP = [
    ("ann", on(0), 20),
    ("bob", on(3), 30),
    ("cat", on(10), 10),
    ("ann", on(32), 25),
    ("dan", on(40), 50),
    ("ann", on(62), 15),
    ("cat", on(65), 15),
    ("dan", on(70), 5),
    (None, on(75), 99),
    ("eve", on(90), 1),
]


def counts(rate: RetentionRate) -> dict[str, int]:
    names = ("start", "active", "new", "resurrected", "retained", "churned")
    return {name: getattr(rate, name) for name in names}


def answered(answer: Retention | NotEnoughEvidence) -> Retention:
    assert isinstance(answer, Retention), answer
    return answer


@settings(deadline=None, max_examples=40)
@given(purchases, st.integers(0, 200), st.integers(1, 90), st.none() | st.integers(1, 150))
def test_the_counts_are_those_of_the_definition(
    rows: list[Purchase], begin: int, days: int, lookback: int | None
) -> None:
    start, end = on(begin), on(begin + days)
    basis = basis_from(rows)
    answer = retention(
        basis, from_=start, to=end, lookback="ever" if lookback is None else lookback
    )
    expected = by_definition(rows, start, end, lookback)
    if isinstance(answer, NotEnoughEvidence):
        assert not expected["start"] or start > basis.orders.as_of
        return
    assert counts(answer.overall) == expected
    rate = answer.overall.rate
    back = date.min if lookback is None else start - timedelta(days=lookback)
    hidden = lookback is not None and back < basis.orders.data_from
    assert (rate is None) == hidden
    if rate is not None:
        assert rate.value == expected["retained"] / expected["start"]


@settings(deadline=None, max_examples=20)
@given(purchases, st.sampled_from(["week", "month", "quarter"]))
def test_the_trend_counts_each_period_against_the_one_before(
    rows: list[Purchase], name: str
) -> None:
    basis = basis_from(rows)
    first, last = min(day for _, day, _ in rows), basis.orders.as_of
    answer = retention(basis, from_=last, lookback="ever", period=Period(name))
    if isinstance(answer, NotEnoughEvidence):
        return
    starts = list(starts_between(first, last, name))
    assert [rate.span.start for rate in answer.trend] == starts
    for rate in answer.trend:
        assert rate.lookback_days is not None
        expected = by_definition(rows, rate.span.start, rate.span.end, rate.lookback_days)
        assert counts(rate) == expected


@settings(deadline=None, max_examples=15)
@given(purchases, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[Purchase], random: object) -> None:
    shuffled = [*rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    asked = {"from_": on(60), "to": on(120), "lookback": "ever", "period": Period.MONTH}
    one, other = (retention(basis_from(it), **asked) for it in (rows, shuffled))  # type: ignore[arg-type]
    assert one.json() == other.json()


def test_the_rate_of_a_month_is_asked_of_the_month_before() -> None:
    answer = answered(retention(orders_of(SHOP), from_=FEBRUARY, to=MARCH, lookback=31))
    assert counts(answer.overall) == {
        "start": 3,
        "active": 2,
        "new": 1,
        "resurrected": 0,
        "retained": 1,
        "churned": 2,
    }
    assert answer.overall.rate is not None
    assert answer.overall.rate.value == 1 / 3
    assert answer.overall.lookback_days == 31


def test_without_a_period_the_last_whole_month_is_taken_and_the_reason_said() -> None:
    answer = answered(retention(orders_of(SHOP)))
    assert answer.period is Period.MONTH
    assert answer.overall.span == Span(MARCH, APRIL)
    assert "month" in str(answer.chosen)
    assert answered(retention(orders_of(SHOP), period=Period.MONTH)).chosen is None


def test_ever_is_the_textbook_rate() -> None:
    answer = answered(retention(orders_of(SHOP), from_=MARCH, to=APRIL, lookback="ever"))
    rate = answer.overall
    assert (rate.start, rate.active, rate.new, rate.resurrected) == (4, 4, 1, 0)
    assert rate.lookback_days is None
    assert rate.rate is not None
    assert rate.rate.value == (rate.active - rate.new) / rate.start


def test_a_lookback_from_before_the_data_leaves_the_rate_open_and_shows_the_counts() -> None:
    answer = answered(retention(orders_of(SHOP), from_=FEBRUARY, to=MARCH, lookback=32))
    assert answer.overall.rate is None
    assert answer.overall.start == 3
    record = answer.json()
    assert (record["rate"], record["low"], record["high"]) == (None, None, None)
    assert answer.comparisons == ()


def test_data_with_a_beginning_hides_nothing_before_it() -> None:
    shop = orders_of(SHOP, burn_in_days=0)
    answer = answered(retention(shop, from_=FEBRUARY, to=MARCH, lookback=90))
    assert answer.overall.rate is not None
    assert not answer.overall.at_most


def test_new_customers_are_at_most_until_the_burn_in_is_over() -> None:
    shop = orders_of(SHOP, burn_in_days=40)
    rates = answered(retention(shop, period=Period.MONTH)).trend
    assert [rate.at_most for rate in rates] == [True, True, False]


def test_the_last_whole_period_ends_on_the_evening_of_as_of() -> None:
    whole = answered(retention(orders_of(SHOP, as_of=date(2024, 3, 31)), period=Period.MONTH))
    assert whole.overall.span.start == MARCH
    running = answered(retention(orders_of(SHOP, as_of=date(2024, 3, 30)), period=Period.MONTH))
    assert running.overall.span.start == FEBRUARY
    assert [rate.complete for rate in running.trend] == [True, True, False]


def test_a_period_that_has_not_ended_counts_so_far_and_is_compared_with_nothing() -> None:
    answer = answered(
        retention(orders_of(SHOP), from_=MARCH, to=date(2024, 5, 1), lookback="ever", target=0.5)
    )
    assert not answer.overall.complete
    assert answer.comparisons == ()


def test_without_an_end_the_period_lasts_up_to_and_with_as_of() -> None:
    shop = orders_of(SHOP, as_of=date(2024, 3, 20))
    answer = answered(retention(shop, from_=MARCH, lookback=31))
    assert answer.overall.span == Span(MARCH, date(2024, 3, 21))
    assert answer.overall.complete


def test_groups_add_up_to_everybody() -> None:
    channels = ["web", "shop", None, "shop", "web", "web", "web", "web", "web", "web"]
    answer = answered(
        retention(
            orders_of(SHOP, channel=channels),
            from_=MARCH,
            to=APRIL,
            lookback="ever",
            by="channel",
        )
    )
    assert {rate.segment for rate in answer.segments} == {"web", "shop", "(none)"}
    for name, total in counts(answer.overall).items():
        assert sum(counts(rate)[name] for rate in answer.segments) == total
    assert [rate.start for rate in answer.segments] == [2, 1, 1]
    assert [row["segment"] for row in answer.records()] == [None, "web", "(none)", "shop"]


@settings(deadline=None, max_examples=20)
@given(st.data(), purchases)
def test_a_customers_group_is_the_smallest_value_of_his_first_day(
    data: st.DataObject, rows: list[Purchase]
) -> None:
    values = data.draw(
        st.lists(st.sampled_from(["a", "b", None]), min_size=len(rows), max_size=len(rows))
    )
    shop = orders_of(((a, b, str(c)) for a, b, c in rows), kind=values)
    answer = retention(shop, from_=shop.as_of, lookback="ever", by="kind")
    if isinstance(answer, NotEnoughEvidence):
        return
    customers = {who for who, _, _ in rows if who is not None}
    known = {who for who, day, _ in rows if who in customers and day < shop.as_of}
    expected = sorted(segment_of(rows, values, who) for who in known)
    found = sorted(rate.segment or "" for rate in answer.segments for _ in range(rate.start))
    assert found == expected


def test_the_group_may_stand_in_the_table_of_customers() -> None:
    cards = pa.table({"customer_id": ["ann", "bob", "zoe"], "town": ["Riga", None, "Riga"]})
    shop = replace(orders_of(SHOP), customers=ibis.memtable(cards))
    answer = answered(retention(shop, from_=MARCH, to=APRIL, lookback="ever", by="town"))
    assert {rate.segment: rate.start for rate in answer.segments} == {"Riga": 1, "(none)": 3}
    assert answer.segment_column == "town"


def test_the_period_before_and_last_year_are_compared_with_newcombes_interval() -> None:
    rows = [
        (f"c{number}", date(2023 + year, month, 1 + number % 28), 1)
        for year in (0, 1)
        for month in range(1, 13)
        for number in range(60)
        if (number * month) % 3 or year
    ]
    answer = answered(retention(orders_of(rows), period=Period.MONTH))
    kinds = {it.kind: it for it in answer.comparisons}
    assert set(kinds) == {ComparedWith.PREVIOUS, ComparedWith.LAST_YEAR}
    span = answer.overall.span
    assert kinds[ComparedWith.PREVIOUS].span == Span(date(2024, 10, 1), span.start)
    assert kinds[ComparedWith.LAST_YEAR].span == Span(date(2023, 11, 1), date(2023, 12, 1))
    before = next(it for it in answer.trend if it.span.end == span.start)
    assert before.rate is not None
    assert kinds[ComparedWith.PREVIOUS].value == before.rate.value
    assert kinds[ComparedWith.PREVIOUS].difference.method == "newcombe"


def test_a_target_and_a_benchmark_stand_beside_the_rate_with_their_origin() -> None:
    trade = Benchmark(
        rate=0.9, source="Trade association", published_on=date(2023, 5, 1), country="LV"
    )
    asked = {"from_": MARCH, "to": APRIL, "lookback": "ever", "target": 0.75, "benchmark": trade}
    answer = answered(retention(orders_of(SHOP, burn_in_days=0), **asked))  # type: ignore[arg-type]
    goals = {it.kind: it for it in answer.comparisons}
    target, benchmark = goals[ComparedWith.TARGET], goals[ComparedWith.BENCHMARK]
    assert target.difference.value == 0
    assert not target.real
    assert benchmark.difference.value == pytest.approx(0.75 - 0.9)
    assert benchmark.record()["source"] == "Trade association"
    assert benchmark.record()["published_on"] == "2023-05-01"


def test_the_answer_for_programs_has_every_field_of_the_contract() -> None:
    record = answered(retention(orders_of(SHOP), from_=FEBRUARY, to=MARCH)).json()
    assert {
        "from": "2024-02-01",
        "to": "2024-03-01",
        "lookback_days": 29,
        "start": 2,
        "active": 2,
        "new": 1,
        "resurrected": 1,
        "retained": 0,
        "churned": 2,
        "confidence": 0.95,
        "basis": "purchases",
        "period": "month",
        "data_from": "2024-01-01",
        "as_of": "2024-03-31",
        "complete": True,
        "method": "wilson",
    }.items() <= record.items()
    assert record["rate"] == 0


def test_nobody_before_the_period_means_not_enough_evidence() -> None:
    answer = retention(orders_of(SHOP), from_=JANUARY, to=FEBRUARY)
    assert isinstance(answer, NotEnoughEvidence)
    assert "2023-12-01" in str(answer.reason)
    assert answer.needs


@pytest.mark.parametrize(
    ("begin", "end"), [(date(2025, 1, 1), date(2025, 2, 1)), (date(2020, 1, 1), date(2020, 2, 1))]
)
def test_a_period_outside_the_data_is_not_answered(begin: date, end: date) -> None:
    answer = retention(orders_of(SHOP), from_=begin, to=end, lookback="ever")
    assert isinstance(answer, NotEnoughEvidence)


def test_orders_without_customers_cannot_answer() -> None:
    answer = retention(orders_of([(None, on(0), 5), (None, on(1), 5)]))
    assert isinstance(answer, NotEnoughEvidence)
    assert "customer" in str(answer.reason)


def test_a_period_longer_than_the_data_is_not_answered() -> None:
    answer = retention(orders_of(SHOP), period=Period.YEAR)
    assert isinstance(answer, NotEnoughEvidence)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"from_": MARCH, "to": MARCH}, "holds no day"),
        ({"from_": MARCH, "to": FEBRUARY}, "holds no day"),
        ({"to": MARCH}, "has no first day"),
        ({"lookback": 0}, "holds nobody"),
        ({"by": "shoe_size"}, "shoe_size"),
        ({"by": "amount"}, "no column amount"),
        ({"target": 40}, "cannot be compared"),
        ({"confidence": 95}, "between 0 and 1"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        retention(orders_of(SHOP), **options)  # type: ignore[arg-type]


def test_a_benchmark_is_a_share_of_one() -> None:
    with pytest.raises(OptionError, match="share of one"):
        Benchmark(rate=40, source="x", published_on=JANUARY, country="LT")


def test_a_basis_answers_like_the_orders_that_it_was_made_of() -> None:
    shop = orders_of(SHOP)
    assert answered(retention(basis_of(shop))).json() == answered(retention(shop)).json()


def test_several_purchases_on_a_day_count_one_customer() -> None:
    doubled = [*SHOP, ("ann", on(32), 25), ("ann", on(33), 0)]
    one, other = (
        answered(retention(orders_of(rows), from_=FEBRUARY, to=MARCH)).overall
        for rows in (SHOP, doubled)
    )
    assert counts(one) == counts(other)


def test_the_table_has_a_row_for_the_rate_and_for_each_group() -> None:
    channels = ["web"] * len(SHOP)
    answer = answered(retention(orders_of(SHOP, channel=channels), by="channel"))
    assert answer.table().num_rows == 2
