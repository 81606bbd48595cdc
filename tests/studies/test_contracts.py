from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import DAY_ONE, on
from oracles.retention import Contract, contractual
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.studies.retention import (
    ComparedWith,
    Retention,
    RetentionRate,
    contractual_retention,
)

FEBRUARY, MARCH, APRIL = date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)

CLUB: list[Contract] = [
    ("ann", on(0), None),
    ("bob", on(0), FEBRUARY),
    ("bob", date(2024, 2, 20), None),
    ("cat", on(5), date(2024, 2, 15)),
    ("dan", date(2024, 2, 3), None),
    ("eve", date(2024, 2, 3), date(2024, 2, 25)),
]

contracts = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(0, 150).map(lambda day: DAY_ONE + timedelta(days=day)),
        st.none() | st.integers(0, 200).map(lambda day: DAY_ONE + timedelta(days=day)),
    ),
    min_size=1,
    max_size=20,
)


def spans(rows: list[Contract], **extra: list[str | None]) -> ir.Table:
    return ibis.memtable(
        pa.table(
            {
                "customer_id": pa.array([row[0] for row in rows], pa.string()),
                "started_on": pa.array([row[1] for row in rows], pa.date32()),
                "ended_on": pa.array([row[2] for row in rows], pa.date32()),
                **extra,
            }
        )
    )


def counts(rate: RetentionRate) -> dict[str, int]:
    names = ("start", "active", "new", "resurrected", "retained", "churned")
    return {name: getattr(rate, name) for name in names}


def answered(answer: Retention | NotEnoughEvidence) -> Retention:
    assert isinstance(answer, Retention), answer
    return answer


@settings(deadline=None, max_examples=30)
@given(contracts, st.integers(1, 150), st.integers(1, 60))
def test_the_counts_are_those_of_the_definition(
    rows: list[Contract], begin: int, days: int
) -> None:
    start, end = on(begin), on(begin + days)
    answer = contractual_retention(spans(rows), as_of=on(250), from_=start, to=end)
    expected = contractual(rows, start, end)
    if isinstance(answer, NotEnoughEvidence):
        assert not expected["start"]
        return
    assert counts(answer.overall) == expected
    for rate in answer.trend:
        assert counts(rate) == contractual(rows, rate.span.start, rate.span.end)


def test_customers_stand_on_the_eves_of_the_period() -> None:
    answer = answered(contractual_retention(spans(CLUB), from_=FEBRUARY, to=MARCH, as_of=on(90)))
    assert counts(answer.overall) == {
        "start": 3,
        "active": 3,
        "new": 1,
        "resurrected": 0,
        "retained": 2,
        "churned": 1,
    }
    assert answer.basis == "spans"
    assert answer.overall.lookback_days is None
    assert not answer.overall.at_most


def test_the_day_on_which_a_contract_ends_is_not_covered_any_more() -> None:
    rows: list[Contract] = [("ann", on(0), FEBRUARY), ("bob", on(0), None)]
    march = answered(contractual_retention(spans(rows), from_=FEBRUARY, to=MARCH, as_of=on(90)))
    assert (march.overall.start, march.overall.retained) == (2, 1)
    later = answered(
        contractual_retention(spans(rows), from_=date(2024, 2, 2), to=MARCH, as_of=on(90))
    )
    assert later.overall.start == 1


def test_who_left_before_the_period_and_returned_in_it_is_resurrected() -> None:
    rows: list[Contract] = [("ann", on(0), on(10)), ("ann", on(40), None), ("bob", on(0), None)]
    answer = answered(contractual_retention(spans(rows), from_=FEBRUARY, to=MARCH, as_of=on(90)))
    assert (answer.overall.resurrected, answer.overall.new) == (1, 0)


def test_without_a_period_the_last_whole_month_is_taken_with_its_trend() -> None:
    answer = answered(contractual_retention(spans(CLUB), as_of=date(2024, 4, 30)))
    assert answer.overall.span.start == APRIL
    assert [rate.span.start.month for rate in answer.trend] == [1, 2, 3, 4]
    assert answer.trend[0].rate is None
    assert [it.kind for it in answer.comparisons] == [ComparedWith.PREVIOUS]


def test_the_viewpoint_is_the_last_day_on_which_a_contract_started() -> None:
    answer = answered(contractual_retention(spans(CLUB), period=Period.WEEK))
    assert answer.evidence.as_of == date(2024, 2, 20)
    assert answer.overall.span.end == date(2024, 2, 19)


def test_contracts_without_a_day_or_begun_after_the_viewpoint_are_left_out() -> None:
    rows = [*CLUB, ("zoe", on(3), on(3)), ("yan", on(80), None)]
    answer = answered(contractual_retention(spans(rows), from_=FEBRUARY, to=MARCH, as_of=on(70)))
    assert answer.evidence.customers == 5
    assert answer.evidence.orders == 6


def test_groups_are_read_from_the_first_contract() -> None:
    plans: list[str | None] = ["gold", "gold", "silver", None, "gold", "silver"]
    answer = answered(
        contractual_retention(
            spans(CLUB, plan=plans), from_=FEBRUARY, to=MARCH, as_of=on(90), by="plan"
        )
    )
    assert {rate.segment: rate.start for rate in answer.segments} == {
        "gold": 2,
        "(none)": 1,
        "silver": 0,
    }
    assert all(rate.lookback_days is None for rate in answer.segments)


def test_nobody_under_contract_is_not_enough_evidence() -> None:
    answer = contractual_retention(spans(CLUB), from_=on(0), to=FEBRUARY, as_of=on(90))
    assert isinstance(answer, NotEnoughEvidence)
    assert "2023-12-31" in str(answer.reason)


def test_no_contract_at_all_is_not_enough_evidence() -> None:
    answer = contractual_retention(spans(CLUB), as_of=date(2020, 1, 1))
    assert isinstance(answer, NotEnoughEvidence)


def test_an_unknown_column_to_split_by_is_refused() -> None:
    with pytest.raises(OptionError, match="shoe_size"):
        contractual_retention(spans(CLUB), by="shoe_size")
