"""The models of purchases there are, by name."""

from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.forecast import PurchaseModel
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

CANDIDATES: tuple[PurchaseModel, ...] = (PARETO_NBD, BG_NBD, MBG_NBD, OWN_RATE)
"""All models, the naive one last: those a holdout chooses from."""

DOUBTERS: tuple[PurchaseModel, ...] = (PARETO_NBD, MBG_NBD)
"""Models that doubt whether a customer without a repeat purchase is still there: for lists of
customers at risk."""


def model_named(name: str) -> PurchaseModel:
    """The model that the command line calls so.

    Raises:
        OptionError: There is none of that name.

    >>> model_named("bg-nbd").names
    ('r', 'alpha', 'a', 'b')
    """
    for model in CANDIDATES:
        if model.name == name:
            return model
    raise OptionError(
        say("There is no model {name}.", name=name),
        accepted=say("Accepted: {names}.", names=", ".join(model.name for model in CANDIDATES)),
    )
