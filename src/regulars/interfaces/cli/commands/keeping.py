"""Commands about keeping customers: retention, return curves, cohorts, growth."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.asking import ComparisonOptions, PeriodOption, SegmentOption
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import ORDERS_HELP, OrdersArgument, ReadingOptions
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.progress import Progress
from regulars.kernel.wording import say

if TYPE_CHECKING:
    from regulars.studies.curves import ReturnCurve
    from regulars.studies.retention import Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOptions:
    """Which period is asked about, and how far back its customers are looked for."""

    start: Annotated[
        date | None,
        typer.Option("--from", parser=values.day, metavar="DAY", help="First day of the period."),
    ] = None
    end: Annotated[
        date | None,
        typer.Option("--to", parser=values.day, metavar="DAY", help="First day after the period."),
    ] = None
    lookback: Annotated[
        str | None,
        typer.Option(
            metavar="DAYS|ever",
            help="How far back a customer at the start may have bought: 90d, ever.",
            show_default="as long as the period",
        ),
    ] = None


@with_groups
def retention(  # noqa: PLR0913 - each is a group of options of the command line
    orders: Annotated[
        str | None, typer.Argument(metavar="ORDERS", help=ORDERS_HELP, show_default=False)
    ] = None,
    *,
    window: WindowOptions,
    period: PeriodOption = None,
    by: SegmentOption = None,
    spans: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Subscriptions instead of orders: customer_id, started_on, ended_on.",
        ),
    ] = None,
    comparison: ComparisonOptions,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """How many customers stay: the retention rate, what it is made of, its trend."""
    lookback = None if window.lookback is None else values.lookback(window.lookback)

    def ask(tell: Progress) -> "Retention | NotEnoughEvidence":
        from regulars.studies import retention as studies

        benchmark = comparison.benchmark()
        if spans is not None:
            _refuse_orders(orders, by, lookback)
            return studies.contractual_retention(
                reading.spans(spans),
                as_of=reading.as_of,
                from_=window.start,
                to=window.end,
                period=period,
                target=comparison.target,
                benchmark=benchmark,
            )
        return studies.retention(
            reading.orders(_needed(orders), tell, by=by),
            from_=window.start,
            to=window.end,
            lookback=lookback,
            period=period,
            by=by,
            target=comparison.target,
            benchmark=benchmark,
        )

    output.give(ask)


def _needed(orders: str | None) -> str:
    if orders is None:
        raise OptionError(
            say("Nothing was given to read."),
            accepted=say("Name the orders, or subscriptions by --spans."),
        )
    return orders


def _refuse_orders(*given: object) -> None:
    if any(it is not None for it in given):
        raise OptionError(
            say("--spans takes the place of the orders, and of --by and --lookback with them."),
            accepted=say("Leave these out, or --spans."),
        )


@with_groups
def curve(
    orders: OrdersArgument,
    *,
    kind: Annotated[
        Literal["n-period", "unbounded", "bracket"],
        typer.Option(help="Back at exactly an age, at it or later, or within a bracket of ages."),
    ] = "n-period",
    unit: Annotated[
        Literal["24h", "day", "week", "month", "quarter", "year"] | None,
        typer.Option(
            help="What ages are counted in; 24h: days of 24 hours since the first purchase.",
            show_default="what suits how often customers buy",
        ),
    ] = None,
    brackets: Annotated[
        str | None,
        typer.Option(
            metavar="AGE,AGE,…",
            help="Where each bracket begins, then where the last ends: 1,4,13.",
        ),
    ] = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """How many first-timers come back, by age since their first purchase."""
    ages = values.ages(brackets) if brackets is not None else None

    def ask(tell: Progress) -> "ReturnCurve | NotEnoughEvidence":
        from regulars.studies import curves

        return curves.return_curve(
            reading.orders(orders, tell),
            kind=curves.ReturnKind(kind),
            unit=None if unit is None else curves.AgeUnit(unit),
            brackets=ages,
        )

    output.give(ask)


@with_groups
def cohorts(
    orders: OrdersArgument,
    *,
    period: PeriodOption = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """What becomes of the customers won in each period, in customers and in money."""
    from regulars.studies.cohorts import cohorts as study

    output.give(lambda tell: study(reading.orders(orders, tell), period=period))


@with_groups
def growth(
    orders: OrdersArgument,
    *,
    period: PeriodOption = None,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """Where growth comes from: customers and money won, kept, won back and lost."""
    from regulars.studies.growth import growth as study

    output.give(lambda tell: study(reading.orders(orders, tell), period=period))
