"""One answer a distinct history, handed out to everybody who shares it."""

import numpy as np
import pytest

from histories import BG_PUBLISHED, PARETO_PUBLISHED
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.by_distinct import ByDistinct
from regulars.estimation.forecast import PurchaseModel
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory

PEOPLE = PurchaseHistory.per_customer(
    [2, 0, 2, 1, 0, 2], [9.0, 0, 9, 4, 0, 9], [38.0, 38, 38, 38, 30, 39], unit="week"
)
KNOWN = [(BG_NBD, BG_PUBLISHED), (PARETO_NBD, PARETO_PUBLISHED)]


@pytest.mark.parametrize(("model", "parameters"), KNOWN)
def test_every_customer_gets_his_own_answer(
    model: PurchaseModel, parameters: dict[str, float]
) -> None:
    once = ByDistinct.of(model, PEOPLE)
    assert (len(once.distinct), once.distinct.customers) == (5, 6)
    assert (once.name, once.names) == (model.name, model.names)
    np.testing.assert_array_equal(
        once.p_alive(parameters, PEOPLE), model.p_alive(parameters, PEOPLE)
    )
    for got, own in zip(
        once.moments(parameters, PEOPLE, 20), model.moments(parameters, PEOPLE, 20), strict=True
    ):
        np.testing.assert_allclose(got, own, rtol=1e-12)
    for k in (np.ones(6), np.arange(1.0, 7.0)):
        np.testing.assert_allclose(
            once.at_least(parameters, PEOPLE, 20, k), model.at_least(parameters, PEOPLE, 20, k)
        )


def test_another_list_is_answered_row_by_row() -> None:
    once, some = ByDistinct.of(BG_NBD, PEOPLE), PEOPLE.rows(np.array([3, 0]))
    assert once.p_alive(BG_PUBLISHED, some).tolist() == (
        BG_NBD.p_alive(BG_PUBLISHED, some).tolist()
    )
    assert once.moments(BG_PUBLISHED, some, 5)[0].tolist() == (
        BG_NBD.moments(BG_PUBLISHED, some, 5)[0].tolist()
    )


def test_a_fit_is_that_of_the_model() -> None:
    from histories import cdnow_holdout  # noqa: PLC0415 - reads a file

    history = cdnow_holdout().history
    once = ByDistinct.of(BG_NBD, history)
    assert once.fit(history).parameters == pytest.approx(BG_NBD.fit(history).parameters, rel=1e-6)
    assert once.fit(history).customers == 2357
