"""What of the journal is kept for how long."""

from datetime import datetime

from regulars.apps.firm.registry import Keeping
from regulars.apps.journal.operations import forget_answers, forget_entries, forget_news
from regulars.apps.journal.queries import count_answers, count_entries, count_news
from regulars.apps.journal.undoing import count_written, forget_written
from regulars.apps.journal.webhooks.operations import forget_deliveries
from regulars.apps.journal.webhooks.queries import count_deliveries
from regulars.kernel.wording import say

_AT_ONCE = 10_000


def _answers(before: datetime, _now: datetime, most: int) -> int:
    return forget_answers(before, most)


def _entries(before: datetime, _now: datetime, most: int) -> int:
    return forget_entries(before, most)


def _news(before: datetime, _now: datetime, most: int) -> int:
    return forget_news(before, most)


def _written(before: datetime, _now: datetime, most: int) -> int:
    return forget_written(before, most)


def _deliveries(before: datetime, _now: datetime, most: int) -> int:
    return forget_deliveries(before, most)


ANSWERS = Keeping(
    kind="answers",
    what=say("Answers kept so that a repeated request gets the same one"),
    fewest_days=1,
    default_days=7,
    most=_AT_ONCE,
    count=count_answers,
    drop=_answers,
)
NEWS = Keeping(
    kind="news",
    what=say("News between the parts of the platform, once handled"),
    fewest_days=1,
    default_days=30,
    most=_AT_ONCE,
    count=count_news,
    drop=_news,
)
TRAIL = Keeping(
    kind="trail",
    what=say("Entries of the audit trail"),
    fewest_days=90,  # the database refuses to delete younger ones
    default_days=None,
    most=_AT_ONCE,
    count=count_entries,
    drop=_entries,
)
WRITTEN = Keeping(
    kind="replaced",
    what=say("What imports made and replaced: without it they cannot be undone"),
    fewest_days=1,
    default_days=90,
    most=_AT_ONCE,
    count=count_written,
    drop=_written,
)
WEBHOOKS = Keeping(
    kind="webhooks",
    what=say("Deliveries to webhooks, once they are over or their webhook is paused"),
    fewest_days=1,
    default_days=30,
    most=_AT_ONCE,
    count=count_deliveries,
    drop=_deliveries,
)
