"""What every study gives back: frozen, typed, with the evidence it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from regulars.kernel.wording import Message

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What stands beside every number: the data that it was computed from.

    Attributes:
        data_from: The day of the first order; "first" means first since then.
        as_of: The last day included.
        burn_in_until: Before this day new and returning customers are "at most" figures.
        customers: Identified customers with a purchase.
        orders: Orders, unidentified ones included.
        identified_orders: Share of orders with a customer; ``identified_revenue`` that of money.
        rejected: Rows that could not be read.
        currency: Currency of every amount (ISO 4217), None where the data names none.
        timezone: Zone in which days are counted.
        amount_basis: ``net``, ``gross`` or ``as given``.
    """

    data_from: date
    as_of: date
    burn_in_until: date
    customers: int
    orders: int
    identified_orders: float
    identified_revenue: float | None
    rejected: int
    currency: str | None
    timezone: str
    amount_basis: str


class Answer:
    """A study's result: ``records()`` and ``json()`` for programs, the rest for people."""

    __slots__ = ()

    def records(self) -> list[dict[str, object]]:
        """The rows of the answer's main table, keys and types as in its JSON contract."""
        raise NotImplementedError

    def json(self) -> object:
        """The answer as ``--json`` prints it."""
        return self.records()

    def table(self) -> pa.Table:
        """The rows as an Arrow table: pandas, Polars and DuckDB take it as it is."""
        return pa.Table.from_pylist(self.records())

    def chart(self) -> "alt.Chart | alt.LayerChart":
        """The answer drawn; raises LookupError where no presenter was registered."""
        return _presenter().chart(self)

    def findings(self) -> Sequence[Message]:
        """The answer in plain sentences, the most important first."""
        return _presenter().findings(self)

    def _repr_html_(self) -> str:
        return _presenter().html(self)


class Presenter(Protocol):
    """How answers are drawn; the reports floor provides it (``regulars.reports.presenter``)."""

    def chart(self, answer: Answer) -> "alt.Chart | alt.LayerChart":
        """Draw one answer."""

    def findings(self, answer: Answer) -> Sequence[Message]:
        """Say one answer in words."""

    def html(self, answer: Answer) -> str:
        """Show one answer in a notebook."""


_presenters: list[Presenter] = []


def present_with(presenter: Presenter) -> None:
    """Register who draws answers; called once by ``regulars`` itself."""
    _presenters[:] = [presenter]


def _presenter() -> Presenter:
    if not _presenters:
        raise LookupError("import regulars, then ask the answer to draw itself")
    return _presenters[0]
