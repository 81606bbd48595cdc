"""How long orders say who bought."""

from datetime import datetime

from regulars.apps.firm.registry import Keeping
from regulars.apps.orders.operations import unlink_orders
from regulars.apps.orders.queries import count_linked
from regulars.kernel.wording import say


def _drop(before: datetime, now: datetime, most: int) -> int:
    return unlink_orders(before, now=now, most=most)


LINKS = Keeping(
    kind="order-links",
    what=say("Which customer an old order was of; the order itself stays"),
    fewest_days=365,
    default_days=None,
    most=5_000,
    count=count_linked,
    drop=_drop,
)
