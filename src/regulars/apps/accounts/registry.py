"""Who takes letters to staff out of the house; ``project.wiring`` alone registers."""

from collections.abc import Callable
from datetime import datetime

from regulars.apps.accounts.letters import Letter

type Postman = Callable[[Letter | None, datetime], None]
"""Takes a letter and the time, in the transaction of whoever posts it.

None is a letter to nobody: it makes the same work, and nothing goes.
"""

_registered: list[Postman] = []


def register_postman(postman: Postman) -> None:
    """Have letters given to somebody, instead of the one before."""
    _registered[:] = [postman]


def get_postman() -> Postman:
    """Who takes letters.

    Raises:
        LookupError: Nobody does.
    """
    if not _registered:
        raise LookupError("Nobody takes letters to staff: project.wiring registers it.")
    return _registered[0]
