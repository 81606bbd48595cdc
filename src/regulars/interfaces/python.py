"""The way in from Python and notebooks: reading with options by name, and the report as a file."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from regulars.interfaces.clock import now
from regulars.kernel.errors import OptionError
from regulars.kernel.periods import Period
from regulars.kernel.progress import Progress, silent
from regulars.kernel.saving import replacing
from regulars.kernel.wording import say
from regulars.reports.page import render_report
from regulars.studies import refresh as studies
from regulars.studies.picture import Picture, retention_picture
from regulars.studies.refresh import Refreshed
from regulars.studies.retention import Benchmark
from regulars.warehouse import reading
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source

if TYPE_CHECKING:
    from ibis import BaseBackend


class ReadingOptions(TypedDict, total=False):
    """The fields of :class:`regulars.Reading`, as options by name."""

    columns: Mapping[str, str]
    timezone: str
    times_in: str | None
    as_of: date | None
    currency: str | None
    rates: Mapping[str, Decimal] | None
    date_order: Literal["dmy", "mdy", "ymd"] | None
    decimal: Literal[".", ","] | None
    vat: Decimal | None
    table: str | None
    encoding: str | None
    keep: tuple[str, ...]
    burn_in_days: int | None
    customers: Source | None
    products: Source | None
    memory_limit: str | None
    engine: "str | BaseBackend | None"
    now: date | None


def read_orders(
    source: Source, *, progress: Progress = silent, **options: Unpack[ReadingOptions]
) -> Orders:
    """Read the orders of a file, a folder, a database or a table in memory.

    Args:
        source: A path, a database URL, or a pandas, Polars, Arrow or Ibis table.
        progress: Told where reading is.
        **options: How it is to be read: the fields of :class:`regulars.Reading`.

    Returns:
        The orders that every study takes.

    Raises:
        InputError: The source as a whole cannot be used; single rows are rejected instead.
        OptionError: An option has a value that cannot be used.

    >>> import pyarrow as pa
    >>> orders = read_orders(
    ...     pa.table(
    ...         {"kunde": ["a", "b"], "am": ["2024-01-01", "2024-01-05"], "summe": [9.5, 12]}
    ...     ),
    ...     columns={"customer_id": "kunde", "ordered_at": "am", "amount": "summe"},
    ... )
    >>> orders.quality.accepted, orders.as_of
    (2, datetime.date(2024, 1, 5))
    """
    return reading.read_orders(source, Reading(**options), progress=progress)


def refresh(
    store: str | PathLike[str],
    news: Orders | Source,
    *,
    append: bool = False,
    progress: Progress = silent,
    **options: Unpack[ReadingOptions],
) -> Refreshed:
    """Join new orders to those that a store holds, at the cost of the news.

    The store is a source like any other: its answers equal those of a full read of all orders. An
    order that it knows is replaced by what is told of it now; negative records without a sale
    beside them are refunds of the order whose id they bear. The same news twice changes nothing.
    All of it happens, or nothing.

    Args:
        store: A file; it is made where there is none.
        news: New and corrected orders: what :func:`regulars.read_orders` gave, or a source.
        append: Rows have no order ids and are all new orders.
        progress: Told what is being done.
        **options: How the source is to be read: the fields of :class:`regulars.Reading`. Zone and
            currency are the store's where none is given.

    Returns:
        How many orders were new, corrected, or known already.

    Raises:
        InputError: The news or the store cannot be used, or somebody uses the store.
        OptionError: The news has no order ids and ``append`` was not said, or an option does not
            fit what the store holds.

    >>> import tempfile, pathlib, pyarrow as pa
    >>> def told(*orders):
    ...     names = ["order_id", "customer_id", "ordered_at", "amount"]
    ...     return pa.Table.from_pylist([dict(zip(names, order)) for order in orders])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shop = pathlib.Path(folder, "shop.store")
    ...     first = told(("1", "ann", "2024-01-01", 20), ("2", "bob", "2024-01-20", 30))
    ...     then = told(("2", "bob", "2024-01-20", 25), ("3", "ann", "2024-02-08", 40))
    ...     refresh(shop, first).new
    ...     done = refresh(shop, then)
    ...     done.new, done.corrected, done.as_of
    2
    (1, 1, datetime.date(2024, 2, 8))
    """
    return studies.refresh(
        store, news, reading=Reading(**options), append=append, progress=progress
    )


def report(  # noqa: PLR0913 - the options of a whole report, all by name
    orders: Orders | Source,
    out: str | PathLike[str] = "report.html",
    *,
    period: Period | None = None,
    target: float | None = None,
    benchmark: Benchmark | None = None,
    language: str = "en",
    title: str | None = None,
    generated_at: datetime | None = None,
    progress: Progress = silent,
) -> Picture:
    """Ask every question of the orders and write the answers as one HTML file.

    The file needs no network and nothing beside it. It is written whole or not at all.

    Args:
        orders: What :func:`regulars.read_orders` gave, or any source that it takes.
        out: The file to write; an existing one is replaced.
        period: Calendar period of trend, cohorts and growth; default: what suits the firm.
        target: The retention rate that the firm aims at, a share of one.
        benchmark: A rate published elsewhere, with its source, date and country.
        language: ``en``, ``lt``, ``lv``, ``ru`` or ``zh-hans``.
        title: Of the report; default: what it is.
        generated_at: The instant printed on it; default: now.
        progress: Told what is being asked.

    Returns:
        The answers that the report shows.

    Raises:
        InputError: The source cannot be used.
        OptionError: An option cannot be used, or the folder cannot be written in.
    """
    with replacing(_html(Path(out))) as place:
        picture = retention_picture(
            orders, period=period, target=target, benchmark=benchmark, progress=progress
        )
        progress(say("Drawing the report"))
        page = render_report(
            picture, language=language, title=title, generated_at=generated_at or now()
        )
        place.write_text(page, encoding="utf-8")
    return picture


def _html(out: Path) -> Path:
    if out.suffix.lower() not in {".html", ".htm"}:
        raise OptionError(
            say("The report cannot be written to '{name}'.", name=out.name),
            accepted=say("Give it a name that ends in .html."),
        )
    return out
