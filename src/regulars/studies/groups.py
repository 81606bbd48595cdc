"""By what are customers told apart, and are there enough of each kind to learn from?"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regulars.analytics.histories import history_counts
from regulars.analytics.keeping import keep
from regulars.analytics.segments import customer_segments
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import say
from regulars.studies.evidence import Basis

_MOST = 20
_FEWEST = 30  # customers who came back: only they say how a group leaves


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Customers told apart by a column.

    Attributes:
        column: The column.
        names: Its values among the customers known by a day, the one of most customers first.
        customers: How many customers of each were known by then.
        of: ``customer_id`` · ``segment`` of every customer, later ones too.
    """

    column: str
    names: tuple[str, ...]
    customers: tuple[int, ...]
    of: ir.Table

    def numbers(self, segments: pa.ChunkedArray) -> npt.NDArray[np.intp]:
        """The number of each group; one more than the last for a group that came later."""
        places = pc.fill_null(pc.index_in(segments, pa.array(self.names)), len(self.names))
        return np.asarray(places.to_numpy().astype(np.intp))


def groups_of(basis: Basis, column: str, until: date) -> Groups | NotEnoughEvidence:
    """The groups of the customers known by a day, each large enough to learn from.

    A customer belongs to the group of his card, where the customers have the column, else to that
    of the first day on which he bought.

    Raises:
        OptionError: There is no such column, or it has one value only, or very many.
    """
    orders = basis.orders
    check_column(column, orders.purchases, orders.customers)
    of = keep(customer_segments(orders.purchases, "ordered_on", column, orders.customers))
    rows = history_counts(basis.days, until, until, of).to_pyarrow().to_pylist()
    customers, back = Counter[str](), Counter[str]()
    for row in rows:
        customers[row["segment"]] += row["customers"]
        back[row["segment"]] += row["customers"] if row["x"] else 0
    names = sorted(customers, key=lambda it: (-customers[it], it))
    if not 1 < len(names) <= _MOST:
        raise OptionError(
            say(
                "The column {column} has {values} different values among the customers known by "
                "{until}.",
                column=column,
                values=len(names),
                until=until,
            ),
            accepted=say("It takes from 2 to {most}: put figures into classes first.", most=_MOST),
        )
    if few := [it for it in names if back[it] < _FEWEST]:
        return _too_few(few, [it for it in names if it not in few], until)
    return Groups(column, tuple(names), tuple(customers[it] for it in names), of)


def _too_few(few: list[str], enough: list[str], until: date) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say(
            "Fewer than {fewest} customers of {groups} came back by {until}.",
            fewest=_FEWEST,
            groups=", ".join(few),
            until=until,
        ),
        (
            say(
                "a column of larger groups; large enough here: {groups}",
                groups=", ".join(enough) or "—",
            ),
        ),
    )


def check_column(column: str, *tables: ir.Table | None) -> None:
    """Refuse a column that the tables do not have, or that no split can be made by.

    Raises:
        OptionError: It is none of the firm's own columns.
    """
    own = {"order_id", "customer_id", "ordered_at", "ordered_on", "amount", "margin"}
    own |= {"started_on", "ended_on", "joined_at"}
    known = sorted({name for table in tables if table is not None for name in table.columns} - own)
    if column not in known:
        raise OptionError(
            say("There is no column {column} to split by.", column=column),
            accepted=say("There is: {columns}.", columns=", ".join(known) or "—"),
        )
