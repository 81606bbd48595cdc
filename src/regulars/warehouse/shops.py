"""Whole exports of known shops, told by headings that only they have together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """An export that is known as a whole.

    Attributes:
        name: The shop system.
        signs: Headings (letters and digits only) that tell the export.
        columns: Canonical column to its heading in this export.
        no_sale: Values of the status column that are no sale (lower case).
        once: Whether order totals and dates stand on the first line of an order only.
        unused: Canonical columns that are not looked for: totals repeated on each line.
        gross: Whether its amount includes the tax of its tax column.
    """

    name: str
    signs: frozenset[str]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    no_sale: frozenset[str] = frozenset()
    once: bool = False
    unused: frozenset[str] = frozenset()
    gross: bool = True


_CANCELLED = frozenset(
    {
        "cancelled",
        "canceled",
        "failed",
        "voided",
        "expired",
        "draft",
        "checkout-draft",
        "trash",
        "pending payment",
        "payment error",
        "wc-cancelled",
        "wc-failed",
        "wc-trash",
    }
)

SHOPIFY = Shop(
    name="Shopify",
    signs=frozenset({"lineitemname", "lineitemprice", "financialstatus"}),
    columns={
        "order_id": ("Name",),
        "customer_id": ("Email",),
        "ordered_at": ("Created at",),
        "amount": ("Total",),
        "tax": ("Taxes",),
        "refunded": ("Refunded Amount",),
        "currency": ("Currency",),
        "quantity": ("Lineitem quantity",),
        "unit_price": ("Lineitem price",),
        "product_id": ("Lineitem name",),
        "channel": ("Source",),
        "status": ("Financial Status",),
    },
    no_sale=_CANCELLED,
    once=True,
)

WOOCOMMERCE_LINES = Shop(
    name="WooCommerce (one row a line)",
    signs=frozenset({"ordernumber", "orderstatus", "itemcost"}),
    columns={
        "order_id": ("Order Number",),
        "customer_id": ("Customer User ID", "Email (Billing)"),
        "ordered_at": ("Order Date",),
        "unit_price": ("Item Cost",),
        "quantity": ("Quantity (- Refund)", "Quantity"),
        "line": ("Item #",),
        "product_id": ("SKU",),
        "status": ("Order Status",),
    },
    no_sale=_CANCELLED | {"pending"},
    unused=frozenset({"amount", "tax"}),
    gross=False,
)

WOOCOMMERCE_ORDERS = Shop(
    name="WooCommerce (order export)",
    signs=frozenset({"ordernumber", "orderdate", "ordertotal", "billingemail"}),
    columns={
        "order_id": ("order_number",),
        "customer_id": ("billing_email",),
        "ordered_at": ("order_date",),
        "amount": ("order_total",),
        "tax": ("tax_total", "total_tax", "order_tax"),
        "refunded": ("refunded_total", "order_refund_total"),
        "currency": ("order_currency",),
        "status": ("status", "order_status"),
    },
    no_sale=_CANCELLED | {"pending"},
)

WOOCOMMERCE_ANALYTICS = Shop(
    name="WooCommerce (analytics)",
    signs=frozenset({"ordernumber", "customertype", "itemssold"}),
    columns={
        "order_id": ("Order #",),
        "customer_id": ("Customer",),
        "ordered_at": ("Date",),
        "amount": ("N. Revenue", "Net Sales"),
        "status": ("Status",),
    },
    no_sale=_CANCELLED | {"pending"},
    gross=False,
)

PRESTASHOP_LIST = Shop(
    name="PrestaShop (order list)",
    signs=frozenset({"reference", "newclient", "payment", "total"}),
    columns={
        "order_id": ("ID", "id_order"),
        "customer_id": ("Customer",),
        "ordered_at": ("Date",),
        "amount": ("Total",),
        "status": ("Status",),
    },
    no_sale=_CANCELLED,
)

PRESTASHOP_TABLE = Shop(
    name="PrestaShop (orders table)",
    signs=frozenset({"idorder", "idcustomer", "dateadd"}),
    columns={
        "order_id": ("id_order",),
        "customer_id": ("id_customer",),
        "ordered_at": ("date_add",),
        "amount": ("total_price_tax_excl", "total_paid_tax_excl"),
        "line": ("id_order_detail",),
        "status": ("current_state",),
    },
    no_sale=frozenset({"6", "8"}),  # the numbers of "canceled" and "payment error" as installed
    gross=False,
)

SHOPS = (
    SHOPIFY,
    WOOCOMMERCE_LINES,
    WOOCOMMERCE_ORDERS,
    WOOCOMMERCE_ANALYTICS,
    PRESTASHOP_LIST,
    PRESTASHOP_TABLE,
)


def shop_of(headings: Collection[str]) -> Shop | None:
    """The shop whose export has these headings (letters and digits only), None: none we know.

    >>> shop_of(["name", "lineitemname", "lineitemprice", "financialstatus"]).name
    'Shopify'
    """
    present = set(headings)
    return next((shop for shop in SHOPS if shop.signs <= present), None)
