"""Options that say how an order file is to be read; every command that takes orders has them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.clock import today
from regulars.kernel.progress import Progress

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from regulars.warehouse.options import Reading
    from regulars.warehouse.orders import Orders

_PANEL = "How the orders are read"


class DateOrder(StrEnum):
    """In which order a date such as 03/04/2020 is written."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


ORDERS_HELP = (
    "CSV, TSV, Parquet, Excel, JSON lines, gzip of these, a folder of them, or a database URL."
)
OrdersArgument = Annotated[
    str, typer.Argument(metavar="ORDERS", help=ORDERS_HELP, show_default=False)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """How a table of any kind is read, as the command line says it."""

    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=HEADING,…",
            help="Which heading, or which column counted from 1, is which: "
            "customer_id=Kunde,ordered_at=Datum,amount=Summe.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    table: Annotated[
        str | None,
        typer.Option(help="Table of a database, or sheet of a workbook.", rich_help_panel=_PANEL),
    ] = None
    timezone: Annotated[
        str, typer.Option(help="The zone in which days are counted.", rich_help_panel=_PANEL)
    ] = "UTC"
    times_in: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="The zone of times that are written without one.",
            show_default="UTC",
            rich_help_panel=_PANEL,
        ),
    ] = None
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="The currency of the amounts: EUR.", rich_help_panel=_PANEL
        ),
    ] = None
    vat: Annotated[
        Decimal | None,
        typer.Option(
            parser=values.decimal,
            metavar="PERCENT",
            help="VAT that the amounts include; it is taken off.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    date_order: Annotated[
        DateOrder | None,
        typer.Option(help="How 03/04/2020 is to be read.", rich_help_panel=_PANEL),
    ] = None
    decimal: Annotated[
        DecimalMark | None,
        typer.Option(help="What stands before the decimals.", rich_help_panel=_PANEL),
    ] = None
    encoding: Annotated[
        str | None,
        typer.Option(
            help="Encoding of a text that is not Unicode: windows-1257.", rich_help_panel=_PANEL
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions(TableOptions):
    """How orders are read, as the command line says it."""

    customers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Customers: customer_id, joined_at, columns of your own for --by.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    products: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Products: product_id, category.", rich_help_panel=_PANEL
        ),
    ] = None
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=values.day,
            metavar="DAY",
            help="The last day included.",
            show_default="the last order's day",
            rich_help_panel=_PANEL,
        ),
    ] = None
    rates: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE=RATE,…",
            help="What one unit of another currency is worth in --currency: USD=0.92.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    burn_in: Annotated[
        int | None,
        typer.Option(
            parser=values.days,
            metavar="DAYS",
            help="How long new customers may be old ones: 90d; 0: the data begins with the firm.",
            show_default="the 90th percentile of the gap between two purchases",
            rich_help_panel=_PANEL,
        ),
    ] = None
    memory_limit: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="Memory for the orders, then disk: 2GB.", rich_help_panel=_PANEL
        ),
    ] = None
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where answers are computed: postgresql://…, clickhouse://…, spark://…, "
            "duckdb://…; ORDERS may name its table.",
            show_default="DuckDB in this process",
            rich_help_panel=_PANEL,
        ),
    ] = None

    def reading(self, *, keep: tuple[str, ...] = ()) -> "Reading":
        """What the warehouse needs to know, the clock read here and nowhere below.

        Args:
            keep: Columns of the firm's own that a question asks for.
        """
        from regulars.warehouse.options import Reading

        return Reading(
            columns=values.pairs(self.columns or ()),
            table=self.table,
            customers=self.customers,
            products=self.products,
            as_of=self.as_of,
            timezone=self.timezone,
            times_in=self.times_in,
            currency=self.currency,
            rates=values.rates(self.rates or ()) or None,
            vat=self.vat,
            date_order=self.date_order.value if self.date_order else None,
            decimal=self.decimal.value if self.decimal else None,
            encoding=self.encoding,
            burn_in_days=self.burn_in,
            memory_limit=self.memory_limit,
            engine=self.engine,
            keep=keep,
            now=today(),
        )

    def spans(self, source: str) -> "ir.Table":
        """The subscriptions of a file or a database."""
        from regulars.warehouse.spans import read_spans

        return read_spans(source, self.reading())

    def orders(self, source: str, tell: Progress, *, by: str | None = None) -> "Orders":
        """The orders of a file, a folder or a database.

        Args:
            source: What the command line names.
            tell: Told where reading is.
            by: The column that the question is split by.
        """
        from regulars.warehouse.reading import read_orders

        keep = () if by is None else (by,)
        return read_orders(source, self.reading(keep=keep), progress=tell)
