"""What is kept for how long; ``project.wiring`` alone registers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Something that is kept for a while.

    Attributes:
        kind: Its name in settings.
        what: What goes when it is too old, for people.
        fewest_days: No shorter period may be set.
        default_days: The period of a firm that set none; None for ever.
        most: At most about so many rows go at once.
        count: How many rows are older than an instant.
        drop: Lets rows older than an instant go, at most so many, and returns how many went.
    """

    kind: str
    what: Message
    fewest_days: int
    default_days: int | None
    most: int
    count: Callable[[datetime], int]
    drop: Callable[[datetime, datetime, int], int]


_registered: dict[str, Keeping] = {}


def keep(keeping: Keeping) -> None:
    """Have something kept for no longer than the firm says."""
    _registered[keeping.kind] = keeping


def kept() -> tuple[Keeping, ...]:
    """Everything that has a period."""
    return tuple(_registered.values())


def get_keeping(kind: str) -> Keeping:
    """What is kept under a name.

    Raises:
        OptionError: Nothing is.
    """
    if kind not in _registered:
        raise OptionError(
            say("Nothing is kept under the name {kind}.", kind=kind),
            accepted=say("Give one of {kinds}.", kinds=", ".join(_registered)),
        )
    return _registered[kind]
