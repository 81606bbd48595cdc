"""Firms too small, or too much alike, for the usual models."""

import pytest

import regulars
from regulars.estimation.candidates import CANDIDATES
from regulars.kernel.errors import NotEnoughEvidence
from regulars.reports.saying import findings_of
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.forecast import Forecast, Outlook, forecast
from regulars.studies.simulation import simulate

USUAL = [model.name for model in CANDIDATES if model.name != "own-rate"]


@pytest.fixture(scope="module")
def alike() -> Basis:
    """A firm whose customers do not show that they differ in how readily they leave."""
    return basis_of(simulate(80, seed=8))


@pytest.fixture(scope="module")
def steady() -> Basis:
    """A firm whose few customers do not show that anybody leaves."""
    return basis_of(simulate(20, seed=3))


def answer(orders: Basis) -> Forecast:
    found = forecast(orders)
    assert isinstance(found, Forecast)
    assert isinstance(found.outlook, Outlook)
    return found


def test_a_simpler_model_answers_and_says_so(alike: Basis) -> None:
    found = answer(alike)
    assert found.model == "equal-dropout"
    assert found.parameters.keys() == {"r", "alpha", "p"}
    why = "The data do not determine the other models, so MBG/NBD with equal dropout answers."
    assert why in [str(it) for it in findings_of(found)]


def test_every_model_refused_has_its_reason(alike: Basis) -> None:
    candidates = {it.model: it for it in answer(alike).holdout.candidates}
    assert list(candidates) == [*USUAL, "equal-dropout", "own-rate"]
    assert all(candidates[name].refusal for name in USUAL)
    assert candidates["equal-dropout"].error
    assert candidates["own-rate"].error


def test_where_no_model_can_be_fitted_the_naive_one_answers_and_says_so(steady: Basis) -> None:
    found = answer(steady)
    assert found.model == "own-rate"
    assert str(found.why).startswith("No model could be fitted")


@pytest.mark.parametrize("model", USUAL)
def test_a_model_asked_for_by_name_is_not_replaced(alike: Basis, model: str) -> None:
    assert isinstance(forecast(alike, model=model), NotEnoughEvidence)


def test_customers_of_a_small_firm_have_a_value_too(alike: Basis) -> None:
    assert regulars.value(alike)


def test_nobody_is_called_where_no_model_doubts_anybody(steady: Basis) -> None:
    assert isinstance(regulars.at_risk(steady), NotEnoughEvidence)
