"""How long people are kept who never come back."""

from datetime import datetime

from regulars.apps.firm.registry import Keeping
from regulars.apps.people.operations import count_quiet, erase_quiet
from regulars.kernel.actors import WORKER
from regulars.kernel.wording import say


def _drop(before: datetime, now: datetime, most: int) -> int:
    return erase_quiet(before, actor=WORKER, now=now, most=most)


CUSTOMERS = Keeping(
    kind="customers",
    what=say("Customers who neither bought nor were written to or changed"),
    fewest_days=30,
    default_days=None,
    most=200,
    count=count_quiet,
    drop=_drop,
)
