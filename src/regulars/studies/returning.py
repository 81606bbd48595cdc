"""Where waits and regulars are read from: the purchase days, or what a store holds of them."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis.expr.types as ir

from regulars.analytics import merging
from regulars.analytics import repeat as measures
from regulars.analytics.joining import joined_since
from regulars.analytics.keeping import keep
from regulars.studies.evidence import Basis
from regulars.studies.path import STEPS


class Returns(Protocol):
    """What the study of repeat purchases counts."""

    def waits(self, upto: int) -> ir.Table:
        """:func:`regulars.analytics.repeat.waits`."""

    def regulars(self, purchases: int) -> ir.Table:
        """:func:`regulars.analytics.repeat.regulars`."""


@dataclass(frozen=True, slots=True)
class _Walked:
    """Counted from every purchase day in its order."""

    sequence: ir.Table
    gap: int

    def waits(self, upto: int) -> ir.Table:
        return measures.waits(self.sequence, upto)

    def regulars(self, purchases: int) -> ir.Table:
        return measures.regulars(self.sequence, purchases, self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Counted from a store's histories and finished waits."""

    returns: ir.Table
    histories: ir.Table
    known_from: date
    as_of: date
    gap: int

    def waits(self, upto: int) -> ir.Table:
        return merging.waits(
            self.returns, self.histories, known_from=self.known_from, as_of=self.as_of, upto=upto
        )

    def regulars(self, purchases: int) -> ir.Table:
        return merging.regulars(
            self.histories,
            known_from=self.known_from,
            as_of=self.as_of,
            purchases=purchases,
            gap=self.gap,
        )


def returns_of(basis: Basis, gap: int, upto: int) -> Returns:
    """What a store holds where it was counted for this question, else the purchase days.

    Args:
        basis: The orders.
        gap: The longest gap of a regular, in days.
        upto: The last purchase day whose waits are wanted.
    """
    orders, known_from = basis.orders, basis.evidence.burn_in_until
    joined = joined_since(orders.customers, orders.data_from)
    prepared, histories = basis.prepared, basis.histories
    asked = {"gap": gap, "known_from": known_from.toordinal()}
    usual = joined is None and upto <= STEPS
    if prepared and histories is not None and usual and prepared.facts == asked:
        return _Held(
            returns=prepared.tables["returns"],
            histories=histories,
            known_from=known_from,
            as_of=orders.as_of,
            gap=gap,
        )
    sequence = measures.purchase_sequence(
        basis.days, joined, known_from=known_from, as_of=orders.as_of, gap=gap
    )
    return _Walked(keep(sequence), gap)
