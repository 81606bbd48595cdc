"""Reads of the orders app: by id for programs, as lists and histories for people."""

from regulars.apps.orders.queries.finding import (
    LineRow,
    OrderRow,
    RefundRow,
    SubscriptionRow,
    find_order,
    find_subscription,
    list_orders,
)
from regulars.apps.orders.queries.sales import (
    EVERY_SALE,
    OnlySales,
    SaleCard,
    SaleLine,
    SaleRow,
    SaleSort,
    count_sales,
    find_sale,
    last_sale_at,
    list_channels,
    list_currencies,
    list_sales,
    list_stores,
)

__all__ = [
    "EVERY_SALE",
    "LineRow",
    "OnlySales",
    "OrderRow",
    "RefundRow",
    "SaleCard",
    "SaleLine",
    "SaleRow",
    "SaleSort",
    "SubscriptionRow",
    "count_sales",
    "find_order",
    "find_sale",
    "find_subscription",
    "last_sale_at",
    "list_channels",
    "list_currencies",
    "list_orders",
    "list_sales",
    "list_stores",
]
