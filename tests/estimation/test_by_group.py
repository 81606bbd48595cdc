"""BG/NBD that tells groups apart."""

from dataclasses import replace

import numpy as np
import pytest

from histories import FIRST_SEGMENT, SECOND_SEGMENT, cdnow_holdout, two_segments
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.by_group import ByGroup, effects_of, likelihood_ratio
from regulars.estimation.covariates import fit_with_covariates
from regulars.estimation.fitting import DegenerateDataError, Fit
from regulars.estimation.forecast import forecast, total_of
from regulars.estimation.holdout import Holdout
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import InputError

MODEL = ByGroup("bg-nbd by shop", ("old", "new"))
TRUTH = {"alpha": 0.5, "a": 0.3, "b": -0.2}


def in_groups(customers: int = 8000, seed: int = 0) -> PurchaseHistory:
    history, z = two_segments(customers, seed)
    return replace(history, group=z[:, 0].astype(np.intp))


@pytest.fixture(scope="module")
def people() -> PurchaseHistory:
    return in_groups()


@pytest.fixture(scope="module")
def fitted(people: PurchaseHistory) -> Fit:
    return MODEL.fit(people)


def doubled() -> Holdout:
    """The CDNOW sample twice, in two groups that therefore do not differ."""
    once = cdnow_holdout()
    rows = np.tile(np.arange(len(once.history)), 2)
    group = np.repeat([0, 1], len(once.history)).astype(np.intp)
    return Holdout(replace(once.history.rows(rows), group=group), once.actual[rows], once.horizon)


def test_it_is_the_fit_with_covariates_in_other_words(
    people: PurchaseHistory, fitted: Fit
) -> None:
    _, z = two_segments()
    other = fit_with_covariates(people, z, ["new"])
    effect = effects_of(MODEL, fitted, (8000, 8000))[1]
    assert fitted.log_likelihood == other.log_likelihood
    assert MODEL.parameters_of(fitted.parameters, "new") == other.parameters_of([1])
    assert fitted.standard_errors["r"] == pytest.approx(other.standard_errors["r"])
    assert fitted.standard_errors["a:old"] == pytest.approx(other.standard_errors["a"])
    for name, coefficient in effect.coefficients.items():
        assert coefficient.value == pytest.approx(other.coefficients[name]["new"])
        error = other.standard_errors[f"{name}:new"]
        assert coefficient.standard_error == pytest.approx(error)


def test_coefficients_and_ratios_are_recovered_within_their_intervals() -> None:
    rate = FIRST_SEGMENT[1] / SECOND_SEGMENT[1]
    leaves = [a / (a + b) for *_, a, b in (SECOND_SEGMENT, FIRST_SEGMENT)]
    hits = []
    for seed in range(5):
        fit = MODEL.fit(in_groups(3000, seed))
        effect = effects_of(MODEL, fit, (3000, 3000))[1]
        assert effect.rate_ratio
        assert effect.dropout_ratio
        hits += [it.low < TRUTH[name] < it.high for name, it in effect.coefficients.items()]
        hits.append(effect.rate_ratio.low < rate < effect.rate_ratio.high)
        hits.append(effect.dropout_ratio.low < leaves[0] / leaves[1] < effect.dropout_ratio.high)
    assert sum(hits) >= len(hits) - 4


def test_groups_that_do_not_differ_say_what_the_model_without_them_says() -> None:
    twice = doubled()
    plain, fit = BG_NBD.fit(twice.history), MODEL.fit(twice.history)
    ratio, freedom, p = likelihood_ratio(MODEL, fit, plain)
    effect = effects_of(MODEL, fit, (2357, 2357))[1]
    assert ratio == pytest.approx(0, abs=1e-6)
    assert freedom == 3
    assert p == pytest.approx(1)
    assert [it.value for it in effect.coefficients.values()] == pytest.approx([0] * 3, abs=1e-4)
    for group in MODEL.groups:
        own = MODEL.parameters_of(fit.parameters, group)
        assert own == pytest.approx(dict(plain.parameters), rel=1e-4)
    grouped = forecast(MODEL, fit, twice.history, twice.horizon)
    together = forecast(BG_NBD, plain, twice.history, twice.horizon)
    assert grouped.expected == pytest.approx(together.expected, rel=1e-4)
    assert grouped.high.tolist() == together.high.tolist()


def test_a_forecast_is_that_of_each_group_by_itself(people: PurchaseHistory, fitted: Fit) -> None:
    whole = forecast(MODEL, fitted, people, 13)
    for number, group in enumerate(MODEL.groups):
        rows = people.rows(np.flatnonzero(people.group == number))
        own = replace(fitted, parameters=MODEL.parameters_of(fitted.parameters, group))
        alone = forecast(BG_NBD, replace(own, covariance=np.zeros((4, 4))), rows, 13)
        assert whole.expected[people.group == number] == pytest.approx(alone.expected)
        assert whole.high[people.group == number].tolist() == alone.high.tolist()


def test_the_total_knows_that_groups_share_r(people: PurchaseHistory, fitted: Fit) -> None:
    rows = people.rows(np.flatnonzero(people.group == 1))
    sure = replace(fitted, covariance=np.zeros_like(fitted.covariance))
    assert total_of(MODEL, sure, rows, 13).spread < total_of(MODEL, fitted, rows, 13).spread


def test_a_history_that_names_no_group_or_another_one_is_refused(people: PurchaseHistory) -> None:
    with pytest.raises(InputError, match="which group"):
        MODEL.fit(replace(people, group=None))
    assert people.group is not None
    with pytest.raises(DegenerateDataError, match="did not learn from"):
        MODEL.fit(replace(people, group=people.group + 1))
    with pytest.raises(InputError, match="differ in length"):
        replace(people, group=people.group[1:])
