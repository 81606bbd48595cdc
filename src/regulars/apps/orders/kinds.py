"""Tables of the orders app that runs of imports write, as undoing a run sees them."""

from regulars.apps.journal.undoing import Kind
from regulars.apps.orders.models import Cost, Line, Order, Product, Refund, Subscription

ORDERS = Kind(model=Order, parts=[(Line, "order")])
REFUNDS = Kind(model=Refund)
SUBSCRIPTIONS = Kind(model=Subscription)
COSTS = Kind(model=Cost)
PRODUCTS = Kind(model=Product)
KINDS = (ORDERS, REFUNDS, SUBSCRIPTIONS, COSTS, PRODUCTS)
"""Those first whose records need others."""
