"""The same parameters give the same figures in pymc-marketing; run by ``make test-peers``.

It draws parameters by MCMC where we maximise, so fits differ; what follows from given parameters
does not.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from histories import BG_PUBLISHED, PARETO_PUBLISHED, cdnow_holdout
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.forecast import PurchaseModel, expected_purchases
from regulars.estimation.gamma_gamma import SpendHistory, expected_spend
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory

type Vector = npt.NDArray[np.float64]
type Ask = Callable[..., Vector]

REL = 1e-9
SPEND_PUBLISHED = {"p": 6.25, "q": 3.74, "gamma": 15.44}

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Asks a model of theirs, at given parameters, about customers."""
    models = pytest.importorskip("pymc_marketing.clv")
    xarray = pytest.importorskip("xarray")

    def answer(
        kind: str, parameters: Mapping[str, float], question: str, *about: object, **more: object
    ) -> Vector:
        drawn = {name: (("chain", "draw"), [[value]]) for name, value in parameters.items()}
        known = type("Known", (getattr(models, kind),), {"fit_result": xarray.Dataset(drawn)})
        model = known()
        model.model = SimpleNamespace(coords={})
        return np.asarray(getattr(model, question)(*about, **more)).ravel()

    return answer


@pytest.fixture(scope="module")
def people() -> PurchaseHistory:
    return cdnow_holdout().history


def frame(people: PurchaseHistory) -> pd.DataFrame:
    columns = {"frequency": people.x, "recency": people.t_x, "T": people.T}
    return pd.DataFrame({"customer_id": np.arange(len(people)), **columns})


@pytest.mark.parametrize(
    ("model", "kind", "parameters"),
    [
        (BG_NBD, "BetaGeoModel", BG_PUBLISHED),
        (BG_NBD, "BetaGeoModel", {"r": 1.4, "alpha": 0.7, "a": 2.5, "b": 0.4}),
        (MBG_NBD, "ModifiedBetaGeoModel", {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}),
        (PARETO_NBD, "ParetoNBDModel", PARETO_PUBLISHED),
    ],
    ids=["bg-nbd", "bg-nbd, many leave", "mbg-nbd", "pareto-nbd"],
)
@pytest.mark.parametrize("horizon", [1, 39, 520])
def test_purchases_and_p_alive_are_the_same(
    ask: Ask,
    people: PurchaseHistory,
    model: PurchaseModel,
    kind: str,
    parameters: dict[str, float],
    horizon: int,
) -> None:
    rows = frame(people)
    theirs = ask(kind, parameters, "expected_purchases", rows, future_t=horizon)
    assert expected_purchases(model, parameters, people, horizon) == pytest.approx(theirs, rel=REL)
    alive = ask(kind, parameters, "expected_probability_alive", rows)
    assert model.p_alive(parameters, people) == pytest.approx(alive, rel=REL)


def test_spend_is_the_same(ask: Ask, people: PurchaseHistory) -> None:
    spend = np.random.default_rng(3).uniform(5, 150, len(people))
    own = {"v" if name == "gamma" else name: value for name, value in SPEND_PUBLISHED.items()}
    rows = frame(people).assign(monetary_value=spend)
    theirs = ask("GammaGammaModel", own, "expected_customer_spend", rows)
    ours = expected_spend(SPEND_PUBLISHED, SpendHistory.of(people.x, spend))
    assert ours == pytest.approx(theirs, rel=REL)
