"""What senders are asked before something of theirs goes; ``project.wiring`` alone registers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

type StillDue = Callable[[str, Sequence[int], datetime], Mapping[int, str]]
"""Of some customers, by their numbers, those who should not get a batch after all, and why.

It is called with the batch's key within the sender, the customers and the time, in the
transaction that decides, and only reads.
"""

_registered: dict[str, StillDue] = {}


def register_still_due(sender: str, still_due: StillDue) -> None:
    """Have a sender asked about each delivery of his; the same sender again replaces it."""
    _registered[sender] = still_due


def find_still_due(sender: str) -> StillDue | None:
    """Whom to ask about what a sender planned."""
    return _registered.get(sender)
