"""How long ways in are kept that let nobody in any more."""

from datetime import datetime

from regulars.apps.accounts.operations import forget_links, forget_sessions
from regulars.apps.accounts.queries import count_links, count_sessions
from regulars.apps.firm.registry import Keeping
from regulars.kernel.wording import say

_AT_ONCE = 10_000


def _ways_in(before: datetime, _now: datetime, most: int) -> int:
    return forget_sessions(before, most) + forget_links(before, most)


def _count_ways_in(before: datetime) -> int:
    return count_sessions(before) + count_links(before)


WAYS_IN = Keeping(
    kind="ways in",
    what=say("Sessions and sign-in links that have ended"),
    fewest_days=1,
    default_days=1,
    most=_AT_ONCE,
    count=_count_ways_in,
    drop=_ways_in,
)
