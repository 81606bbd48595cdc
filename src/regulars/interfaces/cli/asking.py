"""Options that several questions share: the period, the segment, what a rate is held against."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli import values
from regulars.kernel.errors import OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import say

if TYPE_CHECKING:
    from regulars.studies.retention import Benchmark

_PANEL = "What it is compared with"

PeriodOption = Annotated[
    Period | None,
    typer.Option(help="The calendar period.", show_default="what suits how often customers buy"),
]
SegmentOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help="Split by a column of the orders or of --customers: store.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonOptions:
    """What a retention rate is held against, beside the firm's own history."""

    target: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="The rate that you aim at: 60%.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    benchmark_rate: Annotated[
        float | None,
        typer.Option(
            parser=values.share,
            metavar="SHARE",
            help="The rate of others; none is shipped.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    benchmark_source: Annotated[
        str | None, typer.Option(help="Who published it.", rich_help_panel=_PANEL)
    ] = None
    benchmark_date: Annotated[
        date | None,
        typer.Option(
            parser=values.day,
            metavar="DAY",
            help="When it was published.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    benchmark_country: Annotated[
        str | None, typer.Option(help="Where it was measured.", rich_help_panel=_PANEL)
    ] = None

    def benchmark(self) -> "Benchmark | None":
        """The benchmark, or None where none was given.

        Raises:
            OptionError: A part is missing; a rate without its origin compares with nothing.
        """
        rate, source = self.benchmark_rate, self.benchmark_source
        published_on, country = self.benchmark_date, self.benchmark_country
        if rate is None and source is None and published_on is None and country is None:
            return None
        if rate is None or source is None or published_on is None or country is None:
            raise self._half_a_benchmark()
        from regulars.studies.retention import Benchmark

        return Benchmark(rate=rate, source=source, published_on=published_on, country=country)

    def _half_a_benchmark(self) -> OptionError:
        parts = {
            "--benchmark-rate": self.benchmark_rate,
            "--benchmark-source": self.benchmark_source,
            "--benchmark-date": self.benchmark_date,
            "--benchmark-country": self.benchmark_country,
        }
        missing = ", ".join(option for option, value in parts.items() if value is None)
        return OptionError(
            say("The benchmark lacks {options}.", options=missing),
            accepted=say("Give its rate, source, date and country together, or none of them."),
        )
