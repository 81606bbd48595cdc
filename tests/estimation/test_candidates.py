"""Models by name."""

import numpy as np
import pytest

from histories import cdnow_holdout
from regulars.estimation.candidates import CANDIDATES, DOUBTERS, model_named
from regulars.kernel.errors import OptionError


def test_every_model_is_found_by_its_name() -> None:
    assert [model_named(model.name) for model in CANDIDATES] == list(CANDIDATES)


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(OptionError, match="Accepted: pareto-nbd, bg-nbd, mbg-nbd, own-rate"):
        model_named("prophet")


def test_doubters_doubt_customers_without_a_repeat() -> None:
    history = cdnow_holdout().history
    once = history.rows(np.flatnonzero(history.x == 0))
    for model in DOUBTERS:
        assert model.p_alive(model.fit(history).parameters, once).max() < 0.6
