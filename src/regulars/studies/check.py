"""How good are the orders that every answer stands on?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, override

import ibis.expr.types as ir

from regulars.analytics import identified as measures
from regulars.kernel.periods import Period
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, choose_period
from regulars.warehouse.orders import Orders
from regulars.warehouse.quality import Quality, Reject
from regulars.warehouse.reading import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """How much of the business has a known customer, in one store or one period.

    Attributes:
        orders: All orders; ``identified_orders`` those with a customer.
        revenue: Money of all; ``identified_revenue`` of those with a customer.
    """

    orders: int
    identified_orders: int
    revenue: Decimal
    identified_revenue: Decimal

    @property
    def share_of_orders(self) -> float | None:
        """Share of orders with a customer; None without orders."""
        return self.identified_orders / self.orders if self.orders else None

    @property
    def share_of_revenue(self) -> float | None:
        """Share of revenue with a customer; None without revenue."""
        return float(self.identified_revenue / self.revenue) if self.revenue else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreIdentified(Identified):
    """How much of one store's business has a known customer; ``store`` None: none was named."""

    store: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodIdentified(Identified):
    """How much of one period's business has a known customer; ``period`` is its first day."""

    period: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Answer):
    """What reading the orders found.

    Attributes:
        evidence: The data behind every answer.
        quality: Rows accepted and rejected, duplicates, refunds, columns, notes.
        overall: All orders.
        stores: By store, the largest first; empty where orders name no store.
        periods: By period, the oldest first; ``period`` says which kind.
        period: The calendar period of ``periods``.
        has_lines: Whether order lines are known; ``has_margin``, ``has_categories`` likewise.
    """

    evidence: Evidence
    quality: Quality
    overall: Identified
    stores: tuple[StoreIdentified, ...]
    periods: tuple[PeriodIdentified, ...]
    period: Period
    has_lines: bool
    has_categories: bool
    has_margin: bool

    @override
    def records(self) -> list[dict[str, object]]:
        """The rejected rows, in the order of their file."""
        return [_reject(row) for row in self.quality.rejected]

    @override
    def json(self) -> dict[str, object]:
        """One object: the counts, the rejected rows, the columns, the identified shares."""
        quality, evidence = self.quality, self.evidence
        return {
            "rows": quality.rows,
            "accepted": quality.accepted,
            "unidentified": quality.unidentified,
            "rejected": self.records(),
            "columns": dict(quality.columns),
            "ignored": list(quality.ignored),
            "duplicates": quality.duplicates,
            "orders": self.overall.orders,
            "customers": evidence.customers,
            "unmatched_refunds": quality.unmatched_refunds,
            "unmatched_refund_amount": float(quality.unmatched_refund_amount),
            "zero_orders": quality.zero_orders,
            "identified": _shares(self.overall),
            "stores": [{"store": row.store, **_shares(row)} for row in self.stores],
            "period": self.period.value,
            "periods": [
                {"period": row.period.isoformat(), **_shares(row)} for row in self.periods
            ],
            "has_lines": self.has_lines,
            "has_categories": self.has_categories,
            "has_margin": self.has_margin,
            "currency": evidence.currency,
            "amount_basis": evidence.amount_basis,
            "timezone": evidence.timezone,
            "data_from": evidence.data_from.isoformat(),
            "as_of": evidence.as_of.isoformat(),
            "notes": [str(note) for note in quality.notes],
        }


def _reject(row: Reject) -> dict[str, object]:
    return {
        "line": row.line,
        "column": row.column,
        "value": row.value,
        "reason": str(row.reason),
        "source": row.source,
    }


def _shares(row: Identified) -> dict[str, object]:
    return {
        "orders": row.orders,
        "identified_orders": row.identified_orders,
        "share_of_orders": row.share_of_orders,
        "revenue": float(row.revenue),
        "identified_revenue": float(row.identified_revenue),
        "share_of_revenue": row.share_of_revenue,
    }


def check(orders: Orders | Basis | Source, *, period: Period | None = None) -> Check:
    """Say what reading the orders found: what was accepted, refused, and how much is identified.

    Args:
        orders: Orders, or a source to read them from.
        period: Of the identified shares over time; None: the one that fits the firm's rhythm.

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "customer_id": ["ann", None, "bob"],
    ...         "ordered_at": ["2024-01-01", "2024-01-02", "not a date"],
    ...         "amount": [80, 20, 5],
    ...     }
    ... )
    >>> found = check(shop)
    >>> found.quality.rows, found.quality.accepted, found.overall.share_of_revenue
    (3, 2, 0.8)
    """
    basis = basis_of(orders)
    purchases, lines = basis.orders.purchases, basis.orders.lines
    kind = period or choose_period(basis.gaps)
    return Check(
        evidence=basis.evidence,
        quality=basis.orders.quality,
        overall=Identified(**_row(measures.identified(purchases))),
        stores=_stores(purchases),
        periods=_periods(purchases, kind),
        period=kind,
        has_lines=lines is not None,
        has_categories=lines is not None and measures.names_any(lines, "category"),
        has_margin="margin" in purchases.columns,
    )


def _row(table: ir.Table) -> dict[str, Any]:
    return _rows(table)[0]


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows


def _stores(purchases: ir.Table) -> tuple[StoreIdentified, ...]:
    if not measures.names_any(purchases, "store"):
        return ()
    return tuple(StoreIdentified(**row) for row in _rows(measures.by_store(purchases)))


def _periods(purchases: ir.Table, period: Period) -> tuple[PeriodIdentified, ...]:
    rows = _rows(measures.by_period(purchases, period))
    return tuple(
        PeriodIdentified(**(row | {"period": period.start(row["period"])})) for row in rows
    )
