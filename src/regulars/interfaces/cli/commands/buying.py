"""Commands about what is bought: concentration, baskets, consistency, spend."""

from typing import Annotated, Literal

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.asking import PeriodOption
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import OrdersArgument, ReadingOptions


@with_groups
def consistency(
    orders: OrdersArgument,
    *,
    period: PeriodOption = None,
    window: Annotated[
        int | None,
        typer.Option(
            parser=values.days,
            metavar="DAYS",
            help="How soon a good customer buys again: 60d.",
            show_default="the 90th percentile of the firm's gaps",
        ),
    ] = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """Is each new cohort as good as the last while volume grows?"""
    from regulars.studies.consistency import consistency as study

    output.give(
        lambda tell: study(reading.orders(orders, tell), period=period, window_days=window)
    )


@with_groups
def spend(
    orders: OrdersArgument,
    *,
    period: PeriodOption = None,
    against: Annotated[
        Literal["previous", "last_year"] | None,
        typer.Option(
            help="The period before, or the same one a year earlier.",
            show_default="last year where the data reaches back so far",
        ),
    ] = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """Why spend per customer changed: more often, other goods, or dearer baskets."""
    from regulars.studies.spend import spend as study

    output.give(lambda tell: study(reading.orders(orders, tell), period=period, against=against))


@with_groups
def concentration(orders: OrdersArgument, reading: ReadingOptions, output: OutputOptions) -> None:
    """How few customers carry the business: Lorenz curve, Gini, the top shares."""
    from regulars.studies.concentration import concentration as study

    output.give(lambda tell: study(reading.orders(orders, tell)))


@with_groups
def basket(
    orders: OrdersArgument,
    *,
    level: Annotated[
        Literal["category", "product"] | None,
        typer.Option(help="Pairs of what.", show_default="category where it is known"),
    ] = None,
    min_orders: Annotated[
        int | None,
        typer.Option(
            min=1, help="Orders that a pair must be in.", show_default="by the number of orders"
        ),
    ] = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """What is bought together, and what is bought next."""
    from regulars.studies.basket import basket as study

    output.give(
        lambda tell: study(reading.orders(orders, tell), level=level, min_orders=min_orders)
    )
