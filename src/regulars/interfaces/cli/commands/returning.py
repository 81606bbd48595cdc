"""Commands about coming back: from first-timer to regular, and who is who."""

from typing import Annotated

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import OrdersArgument, ReadingOptions


@with_groups
def repeat(
    orders: OrdersArgument,
    *,
    purchases: Annotated[
        int | None,
        typer.Option(
            min=2, help="Purchases that make a regular.", show_default="from the firm's own orders"
        ),
    ] = None,
    gap: Annotated[
        int | None,
        typer.Option(
            parser=values.days,
            metavar="DAYS",
            help="Days that may lie between a regular's purchases: 60d.",
            show_default="from the firm's own orders",
        ),
    ] = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """How first-timers become regulars, and how long it takes them."""
    from regulars.studies.repeat import repeat as study

    output.give(
        lambda tell: study(reading.orders(orders, tell), purchases=purchases, gap_days=gap)
    )


@with_groups
def rfm(orders: OrdersArgument, reading: ReadingOptions, output: OutputOptions) -> None:
    """Who is who: recency, frequency and money of each customer, in named segments."""
    from regulars.studies.rfm import rfm as study

    output.give(lambda tell: study(reading.orders(orders, tell)))
