"""Where people bought, as a higher app tells; ``project.wiring`` alone registers."""

from collections.abc import Callable

from django.db.models import Model, QuerySet

type Bought = Callable[[frozenset[str] | None], QuerySet[Model]]
"""What was bought in some stores, or in any where None: rows with a foreign key ``customer``."""

_registered: list[Bought] = []


def register_bought(bought: Bought) -> None:
    """Have an app asked where people bought, instead of the one before."""
    _registered[:] = [bought]


def get_bought() -> Bought:
    """Who tells where people bought.

    Raises:
        LookupError: Nobody: then nothing can be shown to whoever is limited to some stores.
    """
    if not _registered:
        raise LookupError("Nobody tells where people bought: project.wiring registers it.")
    return _registered[0]
