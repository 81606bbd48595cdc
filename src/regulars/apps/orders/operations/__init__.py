"""Writes of the orders app: one file a verb."""

from regulars.apps.orders.operations.putting import (
    import_costs,
    import_products,
    import_subscriptions,
    put_costs,
    put_products,
    put_subscription,
)
from regulars.apps.orders.operations.taking import (
    import_orders,
    import_refunds,
    take_orders,
    take_refunds,
)
from regulars.apps.orders.operations.undoing import undo_run
from regulars.apps.orders.operations.unlinking import unlink_orders
from regulars.apps.orders.operations.writing import LineColumns, OrderColumns
from regulars.kernel.outcomes import Outcome, Undone

__all__ = [
    "LineColumns",
    "OrderColumns",
    "Outcome",
    "Undone",
    "import_costs",
    "import_orders",
    "import_products",
    "import_refunds",
    "import_subscriptions",
    "put_costs",
    "put_products",
    "put_subscription",
    "take_orders",
    "take_refunds",
    "undo_run",
    "unlink_orders",
]
