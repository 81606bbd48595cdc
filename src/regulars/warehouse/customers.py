"""Tables beside the orders: who the customers are, what the products are."""

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse import aliases, parsing
from regulars.warehouse.dates import Zones, instant_and_day
from regulars.warehouse.engines import Engine
from regulars.warehouse.headings import Wanted
from regulars.warehouse.opening import open_records
from regulars.warehouse.options import Reading
from regulars.warehouse.records import KEPT

_JOINED = "joined_at"


def read_customers(engine: Engine, reading: Reading, id_type: dt.DataType) -> ir.Table | None:
    """The table of customers: ``customer_id``, ``joined_at`` (date) and all other columns.

    Ids take the type that they have in the orders. Of a customer who stands there twice the row
    with the smallest values holds.

    Raises:
        InputError: It has no customer column, or a date that cannot be read.
    """
    if reading.customers is None:
        return None
    wanted = Wanted(
        ranks=aliases.CUSTOMERS, required={"customer_id": (("customer_id",),)}, keep_rest=True
    )
    records = open_records(engine, reading.customers, wanted, Reading(encoding=reading.encoding))
    table = records.table
    seen = parsing.survey(table, day=(_JOINED,), number=(), key=("customer_id",))
    names = table.columns
    columns: dict[str, ir.Value] = {}
    if _JOINED in table.columns:
        heading = records.columns[_JOINED]
        parsing.refuse_ambiguous(table, heading, _JOINED, seen, reading)
        table, moment = parsing.when(table, _JOINED, seen, reading)
        zones = Zones(reading.timezone, reading.times_in or "UTC")
        columns[_JOINED] = instant_and_day(moment, zones)[1]
        _refuse_unread(table.filter(moment.at.isnull() & ~parsing.blank(table[_JOINED])), heading)
    columns["customer_id"] = parsing.identifier(table.customer_id, "customer_id", seen).cast(
        id_type
    )
    columns |= {name.removeprefix(KEPT): table[name] for name in names if name.startswith(KEPT)}
    chosen = table.select(**columns)
    known = chosen.filter(chosen.customer_id.notnull())
    once = known.group_by("customer_id").agg(
        **{name: known[name].min() for name in columns if name != "customer_id"}
    )
    return engine.keep(once, "customers")


def _refuse_unread(bad: ir.Table, heading: str) -> None:
    first = bad.order_by("record").limit(1).to_pyarrow().to_pylist()
    for row in first:
        raise InputError(
            say(
                "Line {line} of the customers: {value} in {heading} is not a date.",
                line=row["record"],
                value=str(row[_JOINED]),
                heading=heading,
            ),
            accepted=say("Accepted are dates such as 2024-03-31 or 31.03.2024."),
        )


def read_products(engine: Engine, reading: Reading) -> ir.Table | None:
    """The table of products: ``product_key`` (text) and ``category_of_product``."""
    if reading.products is None:
        return None
    wanted = Wanted(
        ranks=aliases.PRODUCTS,
        required={"product_id": (("product_id",),), "category": (("category",),)},
    )
    records = open_records(engine, reading.products, wanted, Reading(encoding=reading.encoding))
    table = records.table
    seen = parsing.survey(table, day=(), number=(), key=("product_id",))
    keyed = table.select(
        product_key=parsing.identifier(table.product_id, "product_id", seen).cast("string"),
        category_of_product=parsing.known_text(table.category),
    )
    once = keyed.group_by("product_key").agg(category_of_product=keyed.category_of_product.min())
    return engine.keep(once, "products")
