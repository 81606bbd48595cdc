"""The budget as an answer: the firm's own figures, or what is missing of them."""

import json

import pytest

from regulars.kernel.errors import NotEnoughEvidence
from regulars.studies.budget import Budget, Response, budget

WINNING = Response(spend=5, rate=0.2, ceiling=0.4)
KEEPING = Response(spend=10, rate=0.4, ceiling=0.7)


def answer(**options: float) -> Budget:
    found = budget(acquisition=WINNING, retention=KEEPING, margin=50, discount=0.2, **options)
    assert isinstance(found, Budget)
    return found


def test_the_golden_case_is_answered() -> None:
    found = answer()
    assert round(found.retention.spend, 4) == 15.8652
    assert round(found.acquisition.spend, 6) == 9.211461
    assert round(found.clv, 6) == 64.665074
    assert round(found.equity, 6) == 9.441093
    assert found.acquisition.marginal_cost == pytest.approx(found.clv)
    assert found.retention.marginal_cost == pytest.approx(found.clv)
    assert found.now_equity == pytest.approx(0.2 * 62.5 - 5)
    assert found.now_equity < found.equity


def test_no_point_of_a_curve_lies_above_the_best() -> None:
    found = answer()
    for side in (found.acquisition, found.retention):
        assert max(point.equity for point in side.curve) <= found.equity + 1e-9
        assert side.curve[0].rate == 0
        assert all(point.rate < side.ceiling for point in side.curve)


def test_a_total_binds() -> None:
    found = answer(total=8)
    assert found.cost == pytest.approx(8)
    assert found.shadow_price > 0
    assert found.equity < answer().equity


def test_what_is_missing_is_named() -> None:
    found = budget(acquisition=WINNING, margin=50)
    assert isinstance(found, NotEnoughEvidence)
    assert len(found.needs) == 2
    assert len(budget().needs) == 4  # type: ignore[union-attr]  # nothing was given


def test_the_answer_is_json() -> None:
    document = json.loads(json.dumps(answer().json(), allow_nan=False))
    assert document["acquisition"]["side"] == "acquisition"
    assert document["clv"] == pytest.approx(64.665074)
