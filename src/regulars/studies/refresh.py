"""What has changed since the orders were last read? News joined to a store, at the news's cost."""

from dataclasses import dataclass, fields, replace
from datetime import date
from os import PathLike
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from regulars.analytics.keeping import keep
from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, say
from regulars.studies.evidence import read_rhythm
from regulars.studies.standing import GAPS, Standing, standing_after
from regulars.warehouse.engines import Engine, open_engine
from regulars.warehouse.news import ORDERS, News, take_in
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.pieces import ORDER, Pieces, pieces_from
from regulars.warehouse.quality import Quality
from regulars.warehouse.reading import read_news
from regulars.warehouse.remembering import State, read_state, written
from regulars.warehouse.sources import Source
from regulars.warehouse.store import Store, open_for_writing

__all__ = ["Refreshed", "refresh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh has done to a store.

    Attributes:
        new: Orders that the store did not know.
        corrected: Orders that it knew otherwise, refunded ones among them.
        unchanged: Orders told again as they were.
        rejected: Rows of the news that could not be used.
        orders: Orders that the store knows now; ``customers`` likewise.
        data_from: The day of the first order.
        as_of: The last day included.
    """

    new: int
    corrected: int
    unchanged: int
    rejected: int
    orders: int
    customers: int
    data_from: date
    as_of: date

    def json(self) -> dict[str, object]:
        """One object, days as ISO text."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
        }

    def findings(self) -> tuple[Message, ...]:
        """What was done, in two sentences."""
        return (
            say(
                "Orders: {new} new, {corrected} corrected, {unchanged} known already; "
                "rows rejected: {rejected}.",
                new=self.new,
                corrected=self.corrected,
                unchanged=self.unchanged,
                rejected=self.rejected,
            ),
            say(
                "The store now knows {orders} orders of {customers} customers, from {first} to "
                "{last}.",
                orders=self.orders,
                customers=self.customers,
                first=self.data_from,
                last=self.as_of,
            ),
        )


def refresh(
    store: str | PathLike[str],
    news: Orders | Source,
    *,
    reading: Reading | None = None,
    append: bool = False,
    progress: Progress = silent,
) -> Refreshed:
    """Join new orders to those that a store holds; its answers then equal those of a full read.

    An order that the store knows is replaced by what is told of it now. Negative records without
    a sale beside them are refunds of the order whose id they bear, told before or later. The same
    news twice changes nothing. All of it happens, or nothing.

    Args:
        store: A file; it is made where there is none.
        news: New and corrected orders: orders, or a source to read them from.
        reading: How the source is to be read; zone and currency are the store's where none is
            given.
        append: Rows without order ids are taken as new orders, whole files at a time.
        progress: Told what is being done.

    Raises:
        InputError: The news or the store cannot be used, or somebody uses the store.
        OptionError: The news has no order ids and ``append`` was not said, or something in
            ``reading`` does not fit what the store holds.
    """
    path = Path(store)
    orders = _read(path, news, reading or Reading(), progress)
    engine, pieces = _at_hand(orders)
    progress(say("Joining the news"), 0.8)
    with open_for_writing(path, engine) as opened:
        return _join(opened, orders, pieces, append=append)


def _read(path: Path, news: Orders | Source, reading: Reading, progress: Progress) -> Orders:
    if isinstance(news, Orders):
        return news
    if not path.exists():
        return read_news(news, reading, progress)
    with open_for_writing(path, open_engine()) as opened:
        state = _state(opened)
    return read_news(news, reading if state is None else _like(reading, state), progress)


def _like(reading: Reading, state: State) -> Reading:
    """The options with the store's zone and currency where they name none."""
    zone = state.timezone if reading.timezone == Reading().timezone else reading.timezone
    return replace(reading, timezone=zone, currency=reading.currency or state.currency)


def _state(store: Store) -> State | None:
    text = store.state()
    return None if text is None else read_state(text)


def _at_hand(orders: Orders) -> tuple[Engine, Pieces]:
    """The orders taken apart, on an engine that a store can be attached to."""
    pieces = orders.pieces or pieces_from(orders.purchases, orders.lines)
    backend = ibis.get_backend(pieces.sales)
    if orders.pieces is not None and isinstance(backend, Backend):
        return Engine(backend, Path()), pieces
    engine = open_engine()

    def here(table: ir.Table | None) -> ir.Table | None:
        if table is None:
            return None
        return engine.store(engine.connection.from_arrow(table.to_pyarrow()))

    sales = here(pieces.sales)
    assert sales is not None  # noqa: S101 - it was no None
    told = Pieces(
        sales=sales,
        refunds=here(pieces.refunds),
        lines=here(pieces.lines),
        generated=pieces.generated,
    )
    return engine, told


def _join(store: Store, orders: Orders, pieces: Pieces, *, append: bool) -> Refreshed:
    state = _state(store)
    _refuse_misfits(orders, pieces, state, append=append)
    print_ = _fingerprint(pieces) if pieces.generated else None
    if state is not None and print_ is not None:
        if print_ in state.seen:
            return _told(_customers(store), state, None, orders)
        pieces = _renumbered(pieces, store)
    news = take_in(store, pieces, keep)
    standing = standing_after(store, news, state)
    now = _state_after(state, orders, news, standing, print_)
    store.write((*news.changes, *standing.changes), written(now))
    return _told(standing.customers, now, news, orders)


def _refuse_misfits(orders: Orders, pieces: Pieces, state: State | None, *, append: bool) -> None:
    """Refuse news that cannot be joined.

    Raises:
        OptionError: The news has no order ids, or another zone.
        InputError: It has another currency, or ids where the store has none.
    """
    if pieces.generated and not append:
        raise OptionError(
            say("There is no order id, so that an order told twice could not be known."),
            accepted=say("Name its column, or say --append where every row is a new order."),
        )
    if state is None:
        return
    for told, known in ((orders.timezone, state.timezone), (orders.currency, state.currency)):
        if told is not None and known is not None and told != known:
            raise OptionError(_unlike(told, known))
    if pieces.generated != state.generated:
        raise InputError(
            say("Orders with ids and orders without them cannot share a store."),
            accepted=say("Make a store of its own for either."),
        )


def _unlike(told: str, known: str) -> Message:
    return say("The store is in {known}, the news in {told}.", known=known, told=told)


def _fingerprint(pieces: Pieces) -> str:
    """What tells one file without order ids from another, whatever the order of its rows."""
    sales = pieces.sales
    text = (sales[name].cast("string").fill_null("") for name in sales.columns if name != ORDER)
    row = ibis.literal("|").join(list(text)).hash().cast("decimal(38, 0)")
    found = sales.aggregate(rows=sales.count(), sum=row.sum())
    values = found.to_pyarrow().to_pylist()[0]
    return f"{values['rows']}:{values['sum']}"


def _renumbered(pieces: Pieces, store: Store) -> Pieces:
    """Made-up order ids that follow the stored ones."""
    stored = store.table(ORDERS)
    last = 0 if stored is None else stored[ORDER].max().to_pyarrow().as_py()

    def later(table: ir.Table | None) -> ir.Table | None:
        return None if table is None else table.mutate(order_id=table[ORDER] + int(last))

    sales = later(pieces.sales)
    assert sales is not None  # noqa: S101 - it was no None
    return replace(pieces, sales=sales, refunds=later(pieces.refunds), lines=later(pieces.lines))


def _state_after(
    state: State | None, orders: Orders, news: News, standing: Standing, seen: str | None
) -> State:
    told = orders.quality
    known = Quality(amount_basis=told.amount_basis) if state is None else state.quality
    quality = _joined(known, told, news)
    prints = (*(state.seen if state else ()), *([seen] if seen else []))
    return State(
        data_from=standing.data_from,
        as_of=max(state.as_of, orders.as_of) if state else orders.as_of,
        timezone=orders.timezone,
        currency=orders.currency or (state.currency if state else None),
        generated=seen is not None,
        quality=quality,
        facts=standing.facts,
        seen=prints,
    )


def _joined(known: Quality, told: Quality, news: News) -> Quality:
    """What reading found, all news together."""
    every = (*known.rejected, *told.rejected)
    rejected = tuple(
        {
            (one.source, one.line, one.column, one.value, str(one.reason)): one for one in every
        }.values()
    )
    same = known.amount_basis == told.amount_basis
    sums = {name: getattr(known, name) + value for name, value in news.figures.items()}
    return replace(
        known,
        **sums,
        rows=sums["accepted"] + len(rejected),
        columns={**told.columns, **known.columns},
        ignored=tuple(dict.fromkeys((*known.ignored, *told.ignored))),
        amount_basis=known.amount_basis if same else "as given",
        rejected=rejected,
        notes=(*known.notes, *(note for note in told.notes if note not in known.notes)),
    )


def _customers(store: Store) -> int:
    counts = store.table(GAPS)
    return 0 if counts is None else read_rhythm(counts)[0]


def _told(customers: int, state: State, news: News | None, orders: Orders) -> Refreshed:
    return Refreshed(
        new=news.new if news else 0,
        corrected=news.corrected if news else 0,
        unchanged=news.unchanged if news else orders.quality.orders,
        rejected=len(orders.quality.rejected),
        orders=state.quality.orders,
        customers=customers,
        data_from=state.data_from,
        as_of=state.as_of,
    )
