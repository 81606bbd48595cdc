"""Commands about what is to come: forecasts, values, customers at risk, the budget."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.asking import SegmentOption
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.output import OutputOptions
from regulars.interfaces.cli.reading import ORDERS_HELP, OrdersArgument, ReadingOptions
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.progress import Progress
from regulars.kernel.wording import say

if TYPE_CHECKING:
    from regulars.estimation.budget import Response
    from regulars.studies.forecast import Forecast
    from regulars.studies.renewals import RenewalForecast

_PANEL_WIN, _PANEL_KEEP = "Winning customers", "Keeping customers"

MarginOption = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE|column",
        help="The share of revenue that stays with you: 30%, or a column of the orders.",
        show_default="none: the figures are revenue",
    ),
]
HorizonOption = Annotated[
    int | None,
    typer.Option(
        parser=values.days, metavar="DAYS", help="How far to look ahead.", show_default="365"
    ),
]
_HORIZON, _THRESHOLD, _GIVEN_UP = 365, 0.5, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOptions:
    """Which model is asked, on which days it is tried, and how far it looks."""

    model: Annotated[
        Literal["best", "bg-nbd", "mbg-nbd", "pareto-nbd", "own-rate"],
        typer.Option(help="The model; best: the one that erred least on the days held out."),
    ] = "best"
    calibrate_to: Annotated[
        date | None,
        typer.Option(
            parser=values.day,
            metavar="DAY",
            help="The last day to learn from.",
            show_default="two thirds of the days",
        ),
    ] = None
    holdout_to: Annotated[
        date | None,
        typer.Option(
            parser=values.day,
            metavar="DAY",
            help="The last day to try the model on.",
            show_default="the last day",
        ),
    ] = None
    unit: Annotated[Literal["day", "week"], typer.Option(help="What times are counted in.")] = (
        "week"
    )
    horizon: Annotated[
        float | None,
        typer.Option(
            metavar="UNITS",
            help="How many units to look ahead.",
            show_default="as far as the days held out",
        ),
    ] = None
    corrected: Annotated[
        bool | None,
        typer.Option(
            "--corrected/--plain",
            help="Correct the total for the bias that earlier days show.",
            show_default="where the days held out confirm it",
        ),
    ] = None
    by: SegmentOption = None


@with_groups
def forecast(
    orders: Annotated[
        str | None, typer.Argument(metavar="ORDERS", help=ORDERS_HELP, show_default=False)
    ] = None,
    *,
    trial: TrialOptions,
    spans: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Subscriptions instead of orders: customer_id, started_on, ended_on.",
        ),
    ] = None,
    every: Annotated[
        Period, typer.Option(help="What lies between renewals: month, quarter or year.")
    ] = Period.MONTH,
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """How many purchases are to come, and how far off that would have been.

    With --by: customers told apart by a column, how they differ, and whether that helps.

    With --spans: how many contracts are renewed, by how often they were renewed before.
    """

    def ask(tell: Progress) -> "Forecast | RenewalForecast | NotEnoughEvidence":
        if spans is not None:
            _refuse_beside_spans(orders, trial)
            from regulars.studies.renewals import renewal_forecast

            return renewal_forecast(reading.spans(spans), period=every, as_of=reading.as_of)
        from regulars.studies.forecast import forecast as study

        return study(
            reading.orders(_needed(orders), tell, by=trial.by),
            model=trial.model,
            calibrate_to=trial.calibrate_to,
            holdout_to=trial.holdout_to,
            unit=trial.unit,
            horizon=trial.horizon,
            corrected=trial.corrected,
            by=trial.by,
        )

    output.give(ask)


def _needed(orders: str | None) -> str:
    if orders is None:
        raise OptionError(
            say("Nothing was given to read."),
            accepted=say("Name the orders, or subscriptions by --spans."),
        )
    return orders


def _refuse_beside_spans(orders: str | None, trial: TrialOptions) -> None:
    if orders is not None or trial != TrialOptions():
        raise OptionError(
            say("--spans takes the place of the orders and of how they are tried."),
            accepted=say("Leave these out, or --spans."),
        )


@with_groups
def value(  # noqa: PLR0913 - each is an option of the command line
    orders: OrdersArgument,
    *,
    margin: MarginOption = None,
    horizon: HorizonOption = None,
    discount: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Yearly interest: 10%.",
            show_default="10% with a margin, none without",
        ),
    ] = None,
    model: Annotated[
        Literal["best", "bg-nbd", "mbg-nbd", "pareto-nbd"],
        typer.Option(help="The model of purchases; best never takes bg-nbd."),
    ] = "best",
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """What each customer is still worth, and how sure that is."""
    from regulars.studies.value import value as study

    output.give(
        lambda tell: study(
            reading.orders(orders, tell),
            margin=values.margin(margin),
            horizon_days=_HORIZON if horizon is None else horizon,
            discount=discount,
            model=model,
        )
    )


@with_groups
def at_risk(  # noqa: PLR0913 - each is an option of the command line
    orders: OrdersArgument,
    *,
    limit: Annotated[int, typer.Option(min=1, help="At most so many customers.")] = 100,
    threshold: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Who is less likely than this to be still a customer.",
            show_default="50%",
        ),
    ] = None,
    given_up: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Not who is less likely than this.",
            show_default="10%",
        ),
    ] = None,
    margin: MarginOption = None,
    horizon: HorizonOption = None,
    model: Annotated[
        Literal["best", "mbg-nbd", "pareto-nbd"], typer.Option(help="The model of purchases.")
    ] = "best",
    reading: ReadingOptions,
    output: OutputOptions,
) -> None:
    """Whom to call today: customers about to be lost, by what would go with them."""
    from regulars.studies.at_risk import at_risk as study

    output.give(
        lambda tell: study(
            reading.orders(orders, tell),
            margin=values.margin(margin),
            limit=limit,
            threshold=_THRESHOLD if threshold is None else threshold,
            given_up=_GIVEN_UP if given_up is None else given_up,
            horizon_days=_HORIZON if horizon is None else horizon,
            model=model,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WinningOptions:
    """What spending on prospects achieves."""

    acquisition_spend: Annotated[
        float | None,
        typer.Option(help="Spent on a prospect today.", rich_help_panel=_PANEL_WIN),
    ] = None
    acquisition_rate: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Share of prospects won by it: 20%.",
            rich_help_panel=_PANEL_WIN,
        ),
    ] = None
    acquisition_ceiling: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Share that no spending could exceed.",
            rich_help_panel=_PANEL_WIN,
        ),
    ] = None

    def response(self) -> "Response | None":
        """What spending achieves, or None where something is missing."""
        return _response(self.acquisition_spend, self.acquisition_rate, self.acquisition_ceiling)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingOptions:
    """What spending on customers achieves."""

    retention_spend: Annotated[
        float | None,
        typer.Option(help="Spent on a customer a period today.", rich_help_panel=_PANEL_KEEP),
    ] = None
    retention_rate: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Share of customers kept by it: 40%.",
            rich_help_panel=_PANEL_KEEP,
        ),
    ] = None
    retention_ceiling: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="Share that no spending could exceed.",
            rich_help_panel=_PANEL_KEEP,
        ),
    ] = None

    def response(self) -> "Response | None":
        """What spending achieves, or None where something is missing."""
        return _response(self.retention_spend, self.retention_rate, self.retention_ceiling)


def _response(spend: float | None, rate: float | None, ceiling: float | None) -> "Response | None":
    if spend is None or rate is None or ceiling is None:
        return None
    from regulars.estimation.budget import Response

    return Response(spend=spend, rate=rate, ceiling=ceiling)


@with_groups
def budget(
    *,
    winning: WinningOptions,
    keeping: KeepingOptions,
    margin: Annotated[
        float | None, typer.Option(help="Money that a customer leaves a period.")
    ] = None,
    discount: Annotated[
        float | None,
        typer.Option(parser=values.share, metavar="SHARE", help="Interest a period: 20%."),
    ] = None,
    total: Annotated[
        float | None,
        typer.Option(
            help="The most to spend on a prospect, over his life if he is won.",
            show_default="no limit",
        ),
    ] = None,
    output: OutputOptions,
) -> None:
    """How much to spend on winning customers, and how much on keeping them."""
    from regulars.studies.budget import budget as study

    output.give(
        lambda _tell: study(
            acquisition=winning.response(),
            retention=keeping.response(),
            margin=margin,
            discount=discount,
            total=total,
        )
    )
