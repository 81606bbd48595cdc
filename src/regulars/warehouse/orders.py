"""The orders of a firm as every study sees them: settled, in one currency, up to a viewpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis.expr.types as ir

from regulars.warehouse.pieces import Pieces
from regulars.warehouse.quality import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Tables that a store holds ready, so that a question need not scan the orders.

    Attributes:
        tables: By name: what :mod:`regulars.studies.refresh` has put there.
        facts: What they were computed for, by name.
    """

    tables: Mapping[str, ir.Table]
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Orders up to and including the day ``as_of``, on any engine that Ibis speaks.

    Attributes:
        purchases: One row an order: ``order_id``, ``customer_id`` (null: a receipt without a
            customer), ``ordered_at`` (UTC), ``ordered_on`` (the day in ``timezone``), ``amount``
            (net of refunds), and where the firm has them ``margin``, ``channel``, ``store`` and
            the columns that were asked to be kept.
        lines: One row an order line: ``order_id``, ``line``, ``product_id``, ``category``,
            ``quantity``, ``amount``; None where the orders came without lines.
        customers: One row a customer: ``customer_id``, ``joined_at`` and segment columns; None
            where the firm gave no such table.
        data_from: The day of the first order: "first ever" means first since then.
        as_of: The last day included: the viewpoint of every answer.
        timezone: The zone in which days are counted.
        currency: The one currency of every amount (ISO 4217); None where the data names none.
        burn_in_days: Days after ``data_from`` in which new customers may be old ones; None: the
            90th percentile of the gap between two purchase days; 0: the data has a beginning.
        quality: What was accepted, what was rejected and why, how much is identified.
        pieces: The orders taken apart, so that later news of them can be joined; None: what is
            settled is all that is known.
        prepared: What a store holds ready; None: the orders come from no store.
    """

    purchases: ir.Table
    lines: ir.Table | None = None
    customers: ir.Table | None = None
    data_from: date
    as_of: date
    timezone: str = "UTC"
    currency: str | None = None
    burn_in_days: int | None = None
    quality: Quality = field(default_factory=Quality)
    pieces: Pieces | None = field(default=None, repr=False)
    prepared: Prepared | None = field(default=None, repr=False)

    @property
    def identified(self) -> ir.Table:
        """The purchases whose customer is known."""
        return self.purchases.filter(self.purchases.customer_id.notnull())
