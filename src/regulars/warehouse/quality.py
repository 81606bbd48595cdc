"""What reading found: rows accepted, rows rejected and why, and how much of it has a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be used, kept so that it can be mended.

    Attributes:
        line: The record's number in its file, the header being 1.
        column: The heading of the offending column as the file writes it; None: the whole row.
        value: What stood there, shortened; None: nothing.
        reason: Why it was refused and what would be accepted.
        source: The file or table.
    """

    line: int
    column: str | None
    value: str | None
    reason: Message
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How good the orders are that an answer stands on.

    Attributes:
        rows: Records read.
        accepted: Records that were not rejected; ``rows == accepted + len(rejected)``.
        duplicates: Accepted records that only repeat another one and were counted once.
        orders: Orders that the accepted records make.
        unidentified: Accepted records without a customer.
        unidentified_orders: Orders without a customer.
        revenue: Money of all orders; ``identified_revenue`` that of orders with a customer.
        unmatched_refunds: Negative records without an order to net them against; they are left
            out of the revenue, ``unmatched_refund_amount`` (negative) says how much that is.
        zero_orders: Orders with an amount of zero; they count as purchases.
        columns: Which heading was taken for which canonical column.
        ignored: Headings that nothing was taken from.
        amount_basis: ``net`` (of VAT, known), ``gross`` (includes VAT), or ``as given``.
        rejected: The rows refused, in the order of the file.
        notes: What a careful reader should know (generated order ids, assumed zone, …).
    """

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    orders: int = 0
    unidentified: int = 0
    unidentified_orders: int = 0
    revenue: Decimal = Decimal(0)
    identified_revenue: Decimal = Decimal(0)
    unmatched_refunds: int = 0
    unmatched_refund_amount: Decimal = Decimal(0)
    zero_orders: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    amount_basis: str = "as given"
    rejected: tuple[Reject, ...] = ()
    notes: tuple[Message, ...] = ()
