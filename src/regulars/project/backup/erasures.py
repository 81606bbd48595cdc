"""Who was erased after a backup was taken is erased again when it has been restored."""

from collections.abc import Sequence

from regulars.apps.journal.operations import erase
from regulars.kernel.erased import Erased


def erase_again(erased: Sequence[Erased]) -> None:
    """Erase people once more: the one place that a restore calls.

    Every app that keeps something of a person is called from here, highest first.
    """
    erase(somebody.subject for somebody in erased)
