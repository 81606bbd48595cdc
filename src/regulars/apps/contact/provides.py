"""How long it is kept what went to staff and to customers."""

from datetime import datetime

from regulars.apps.contact.operations.forgetting import forget_letters, forget_messages
from regulars.apps.contact.queries.old import count_letters, count_messages
from regulars.apps.firm.registry import Keeping
from regulars.kernel.wording import say


def _letters(before: datetime, _now: datetime, most: int) -> int:
    return forget_letters(before, most)


def _messages(before: datetime, _now: datetime, most: int) -> int:
    return forget_messages(before, most)


LETTERS = Keeping(
    kind="letters",
    what=say("Which letters staff were sent, without their text"),
    fewest_days=1,
    default_days=30,
    most=10_000,
    count=count_letters,
    drop=_letters,
)
MESSAGES = Keeping(
    kind="messages",
    what=say("Which messages customers were sent, and what became of them"),
    fewest_days=400,  # a firm may count what went within a year
    default_days=None,
    most=5_000,
    count=count_messages,
    drop=_messages,
)
