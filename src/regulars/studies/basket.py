"""What is bought together, and what comes next?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, override

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.analytics import basket as measures
from regulars.analytics.identified import names_any
from regulars.analytics.keeping import keep
from regulars.estimation.association import Lifts, expected_next, lifts, ratios_to_expected
from regulars.estimation.interval import Estimate, wilson
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import say, say_count
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

STAGES = (1, 2, 3, 4, 5, 7, 10, 15, 25, 50)
"""The last purchase day of each stage of a customer's history; the last stage is open."""

_FEWEST = 10  # fewer orders or customers than this are an anecdote
_NEXT_AMONG = 50  # next items are counted among so many, as their number grows with its square

type Level = Literal["category", "product"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two items found in the same orders.

    Attributes:
        a: The item that comes first by name; ``b`` the other.
        orders: Orders with both; ``orders_a`` and ``orders_b`` with each.
        support: Share of all orders that have both.
        a_to_b: Share of the orders with ``a`` that also have ``b``; ``b_to_a`` the reverse.
        lift: How many times more often they meet than if each were put into orders at random:
            ``support / (share with a * share with b)``; 1 is no connection.
        real: Whether the lift differs from 1 even though so many pairs were looked at: its
            interval excludes 1 at a confidence shared out among them all (Bonferroni).
    """

    a: str
    b: str
    orders: int
    orders_a: int
    orders_b: int
    support: Estimate
    a_to_b: Estimate
    b_to_a: Estimate
    lift: Estimate
    real: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItem:
    """An item new to the customer on the purchase day after the one when he began with another.

    Attributes:
        after: The item he bought for the first time.
        then: The item that his next purchase day brought, never bought before.
        customers: Customers who did; ``of`` who could have: they came again and had not yet
            bought ``then``.
        share: ``customers / of``.
        expected: Customers expected if what they had just begun to buy made no difference: as
            many take up ``then`` as of all customers at the same stage of their history.
        lift: ``customers / expected`` with an exact Poisson interval.
        real: As on :class:`Pair`.
    """

    after: str
    then: str
    customers: int
    of: int
    share: Estimate
    expected: float
    lift: Estimate
    real: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket(Answer):
    """Cross-selling pairs and the next thing that customers take up.

    Attributes:
        evidence: The data behind the answer.
        level: Whether items are categories or products.
        orders: Orders with at least one item, unidentified ones included.
        items: Different items; ``frequent_items`` those in at least ``min_orders`` orders.
        min_orders: A pair is looked at only when at least so many orders have both.
        pairs_found: Pairs that reach it; ``pairs`` holds the strongest of them.
        pairs: The strongest first, by the lower end of the lift's interval that allows for all.
        next_items: The strongest first, likewise, among the most frequent items; empty where too
            few customers are known or come again.
        confidence: Coverage of every interval, each taken alone: the strongest of many pairs look
            stronger than they are, which ``real`` allows for.
    """

    evidence: Evidence
    level: Level
    orders: int
    items: int
    frequent_items: int
    min_orders: int
    pairs_found: int
    pairs: tuple[Pair, ...]
    next_items: tuple[NextItem, ...]
    confidence: float

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a pair."""
        return [_pair(pair) for pair in self.pairs]

    @override
    def json(self) -> dict[str, object]:
        """One object: what was looked at, the pairs, the next items."""
        return {
            "level": self.level,
            "orders": self.orders,
            "items": self.items,
            "frequent_items": self.frequent_items,
            "min_orders": self.min_orders,
            "pairs_found": self.pairs_found,
            "pairs": self.records(),
            "next_items": [_next(item) for item in self.next_items],
            "confidence": self.confidence,
            "as_of": self.evidence.as_of.isoformat(),
        }


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "a": pair.a,
        "b": pair.b,
        "orders": pair.orders,
        "orders_a": pair.orders_a,
        "orders_b": pair.orders_b,
        "support": pair.support.value,
        "a_to_b": pair.a_to_b.value,
        "b_to_a": pair.b_to_a.value,
        "lift": pair.lift.value,
        "low": pair.lift.low,
        "high": pair.lift.high,
        "real": pair.real,
    }


def _next(item: NextItem) -> dict[str, object]:
    return {
        "after": item.after,
        "then": item.then,
        "customers": item.customers,
        "of": item.of,
        "share": item.share.value,
        "expected": item.expected,
        "lift": item.lift.value,
        "low": item.lift.low,
        "high": item.lift.high,
        "real": item.real,
    }


def basket(
    orders: Orders | Basis | Source,
    *,
    level: Level | None = None,
    min_orders: int | None = None,
    limit: int = 50,
    confidence: float = 0.95,
) -> Basket | NotEnoughEvidence:
    """Say which items are bought together, and which ones customers take up next.

    Of ``n`` orders with items, ``n_a`` have a, ``n_b`` have b and ``n_ab`` both:
    ``support = n_ab / n``, ``a_to_b = n_ab / n_a`` (Wilson), ``lift = n_ab * n / (n_a * n_b)``
    (large-sample interval of its logarithm). Orders of unknown customers count. An item that an
    order gave back in full is not in it. Next items are on :class:`NextItem`.

    Args:
        orders: Orders with lines, or a source to read them from.
        level: Pairs of categories or of products; None: categories where they are known.
        min_orders: Look only at pairs that meet in at least so many orders; None: one in a
            thousand, and no fewer than 10.
        limit: The strongest so many pairs, and next items, are returned.
        confidence: Coverage of every interval.

    Raises:
        OptionError: An argument cannot be used.

    Source: Agrawal, Imielinski & Swami 1993; Brin et al. 1997 (lift, there "interest").

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "order_id": ["1", "1", "2", "3"] * 10,
    ...         "customer_id": ["ann", "ann", "bob", "cat"] * 10,
    ...         "ordered_at": ["2024-01-01"] * 40,
    ...         "product_id": ["tea", "honey", "rye", "tea"] * 10,
    ...         "amount": [3, 5, 2, 3] * 10,
    ...     }
    ... )
    >>> [(pair.a, pair.b) for pair in basket(shop, min_orders=1).pairs]
    [('honey', 'tea')]
    """
    _check_options(level, min_orders, limit)
    basis = basis_of(orders)
    lines = basis.orders.lines
    kind = level or _level(lines)
    column = "category" if kind == "category" else "product_id"
    if lines is None or not names_any(lines, column):
        return _no_lines(kind)
    held = keep(measures.contents(basis.orders.purchases, lines, column))
    # nunique() is an estimate on ClickHouse
    total = _number(held.select("order_id").distinct().count())
    if not total:
        return _no_lines(kind)
    least = min_orders or max(_FEWEST, -(-total // 1000))
    return _answer(basis, held, kind, _Scope(total, least, limit, confidence))


def _answer(
    basis: Basis, held: ir.Table, level: Level, scope: "_Scope"
) -> Basket | NotEnoughEvidence:
    counts = measures.item_orders(held).to_pyarrow()
    items = _Items.of(counts, scope.least)
    pairs, found = _pairs(keep(measures.coded(held, items.names)), items, scope)
    if not found:
        return _no_pairs(scope.least)
    return Basket(
        evidence=basis.evidence,
        level=level,
        orders=scope.total,
        items=counts.num_rows,
        frequent_items=len(items.names),
        min_orders=scope.least,
        pairs_found=found,
        pairs=pairs,
        next_items=_next_items(basis, held, items, scope),
        confidence=scope.confidence,
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """Orders in all, the fewest that count, how many rows are returned, and how sure."""

    total: int
    least: int
    limit: int
    confidence: float

    def shared(self, items: int, *, ordered: bool) -> float:
        """The confidence of each interval so that all of them hold together (Bonferroni)."""
        pairs = items * (items - 1) // (1 if ordered else 2)
        return 1 - (1 - self.confidence) / max(pairs, 1)


@dataclass(frozen=True, slots=True)
class _Items:
    """Frequent items, the most frequent first, and in how many orders each is."""

    names: list[str]
    orders: NDArray[np.int64]

    @classmethod
    def of(cls, counts: pa.Table, least: int) -> "_Items":
        rows = [row for row in counts.to_pylist() if row["orders"] >= least]
        rows.sort(key=lambda row: (-row["orders"], row["item"]))
        orders = np.array([row["orders"] for row in rows], dtype=np.int64)
        return cls([row["item"] for row in rows], orders)


def _check_options(level: str | None, min_orders: int | None, limit: int) -> None:
    if level not in {None, "category", "product"}:
        raise OptionError(
            say("There is no level {level}.", level=str(level)),
            accepted=say("Ask for category or product."),
        )
    if limit < 1 or (min_orders is not None and min_orders < 1):
        raise OptionError(say("A limit below 1 cannot be used."), accepted=say("Give 1 or more."))


def _level(lines: ir.Table | None) -> Level:
    return "category" if lines is not None and names_any(lines, "category") else "product"


def _no_lines(level: Level) -> NotEnoughEvidence:
    if level == "category":
        needs = say("order lines with the category of each product")
    else:
        needs = say("order lines with a product each")
    return NotEnoughEvidence(say("The orders do not say what was bought."), (needs,))


def _no_pairs(least: int) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say_count(
            "No two items meet in {n} order or more.",
            "No two items meet in {n} orders or more.",
            n=least,
        ),
        (say("more orders with several items, or a lower least number of orders"),),
    )


def _number(value: ir.IntegerScalar) -> int:
    return int(value.to_pyarrow().as_py())


def _pairs(coded: ir.Table, items: _Items, scope: _Scope) -> tuple[tuple[Pair, ...], int]:
    found = measures.pair_orders(coded, scope.least).to_pyarrow()
    a, b, both = (found[name].to_numpy().astype(np.int64) for name in ("a", "b", "orders"))

    def lift(confidence: float) -> Lifts:
        return lifts(both, items.orders[a], items.orders[b], scope.total, confidence)

    alone, together = lift(scope.confidence), lift(scope.shared(len(items.names), ordered=False))
    rows = _strongest(together, a, b, items.names)[: scope.limit]
    estimates = [_lift(alone, row, scope.total, "log-normal", scope.confidence) for row in rows]
    pairs = (
        _pair_of((int(a[row]), int(b[row]), int(both[row])), items, scope, (estimate, real))
        for row, estimate, real in zip(rows, estimates, _differs(together, rows), strict=True)
    )
    return tuple(pairs), both.size


def _differs(lift: Lifts, rows: Sequence[int]) -> list[bool]:
    return [bool(lift.low[row] > 1 or lift.high[row] < 1) for row in rows]


def _strongest(
    lift: Lifts, a: NDArray[np.int64], b: NDArray[np.int64], names: Sequence[str]
) -> list[int]:
    """The rows by the lower end of their interval, downwards; equal ones by name."""
    place = np.argsort(np.argsort(np.array(names, dtype=object), kind="stable"), kind="stable")
    rows: list[int] = np.lexsort((place[b], place[a], -lift.low)).tolist()
    return rows


def _pair_of(
    counts: tuple[int, int, int], items: _Items, scope: _Scope, found: tuple[Estimate, bool]
) -> Pair:
    first, second, both = counts
    one, other = sorted((first, second), key=items.names.__getitem__)
    n_one, n_other = int(items.orders[one]), int(items.orders[other])
    lift, real = found
    return Pair(
        a=items.names[one],
        b=items.names[other],
        orders=both,
        orders_a=n_one,
        orders_b=n_other,
        support=wilson(both, scope.total, scope.confidence),
        a_to_b=wilson(both, n_one, scope.confidence),
        b_to_a=wilson(both, n_other, scope.confidence),
        lift=lift,
        real=real,
    )


def _lift(lift: Lifts, row: int, n: int, method: str, confidence: float) -> Estimate:
    return Estimate(
        value=float(lift.value[row]),
        low=float(lift.low[row]),
        high=float(lift.high[row]),
        n=n,
        method=method,
        confidence=confidence,
    )


def _next_items(
    basis: Basis, held: ir.Table, items: _Items, scope: _Scope
) -> tuple[NextItem, ...]:
    names = items.names[:_NEXT_AMONG]
    numbered = keep(measures.visits(basis.days))
    coded = measures.coded(held, names)
    first = keep(measures.beginnings(coded, basis.orders.purchases, numbered))
    took, of, expected = _cube(first, numbered, len(names))
    a, b = np.nonzero(took >= _FEWEST)
    counted = (took[a, b], of[a, b], expected[a, b])
    together = ratios_to_expected(counted[0], counted[2], scope.shared(len(names), ordered=True))
    rows = _strongest(together, a, b, names)[: scope.limit]
    alone = ratios_to_expected(counted[0], counted[2], scope.confidence)
    return tuple(
        NextItem(
            after=names[a[row]],
            then=names[b[row]],
            customers=int(counted[0][row]),
            of=int(counted[1][row]),
            share=wilson(int(counted[0][row]), int(counted[1][row]), scope.confidence),
            expected=float(counted[2][row]),
            lift=_lift(alone, row, int(counted[1][row]), "poisson", scope.confidence),
            real=real,
        )
        for row, real in zip(rows, _differs(together, rows), strict=True)
    )


def _cube(first: ir.Table, numbered: ir.Table, n: int) -> tuple[NDArray[np.float64], ...]:
    """Customers who took up b after a, who could have, and who were expected to: (a, b)."""
    stages = len(STAGES) + 1
    began = _dense(measures.started(first, STAGES), ("code", "stage"), "customers", (n, stages))
    taken = _dense(measures.taken(first, STAGES), ("code", "stage"), "customers", (n, stages))
    all_visits = _dense(measures.visit_counts(numbered, STAGES), ("stage",), "visits", (stages,))
    pairs = measures.nexts(first, STAGES).to_pyarrow()
    past = _filled(pairs, ("a", "b", "stage"), "past", (n, n, stages))
    took = _filled(pairs, ("a", "b", "stage"), "took", (n, n, stages)).sum(axis=2)
    after = np.zeros((n, stages))
    rows = measures.visits_after(first, STAGES).to_pyarrow()
    codes = rows["code"].to_numpy()
    for stage in range(stages):
        after[codes, stage] = rows[f"stage_{stage}"].to_numpy()
    of = (began[:, None, :] - past).sum(axis=2)
    return took, of, expected_next(began, past, taken, all_visits - after)


def _dense(
    table: ir.Table, keys: tuple[str, ...], value: str, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    return _filled(table.to_pyarrow(), keys, value, shape)


def _filled(
    rows: pa.Table, keys: tuple[str, ...], value: str, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    filled = np.zeros(shape)
    filled[tuple(rows[key].to_numpy() for key in keys)] = rows[value].to_numpy()
    return filled
