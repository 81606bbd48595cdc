"""The command that makes orders whose truth is known."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.languages import Language
from regulars.interfaces.cli.output import LanguageOption, notice
from regulars.interfaces.cli.waiting import waiting
from regulars.kernel.wording import say

_FIRST_DAY = date(2024, 1, 1)


@with_groups
def simulate(  # noqa: PLR0913 - each is an option of the command line
    *,
    customers: Annotated[int, typer.Option(min=1, help="Customers won over the span.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same orders.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Orders: .csv, .csv.gz or .parquet.")],
    truth: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What is true of each customer, as a second file."),
    ] = None,
    start: Annotated[
        date | None,
        typer.Option(
            parser=values.day, metavar="DAY", help="First day.", show_default=str(_FIRST_DAY)
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Number of days.")] = 731,
    growth: Annotated[
        float, typer.Option(help="Growth of new customers in a year; .1 is ten per cent.")
    ] = 0.1,
    season: Annotated[
        float, typer.Option(help="Half the yearly swing as a share of mean trade.")
    ] = 0.2,
    identified: Annotated[
        float, typer.Option(min=0, max=1, help="Share of receipts with a customer.")
    ] = 1.0,
    refunds: Annotated[
        float, typer.Option(min=0, max=1, help="Share of orders refunded in full.")
    ] = 0.0,
    lines: Annotated[
        bool, typer.Option("--lines", help="Order lines with products and categories.")
    ] = False,
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="Currency of the amounts.")
    ] = "EUR",
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Orders of a firm that never was, with a known truth, to learn on and to test with."""
    with refusals(language):
        from regulars.estimation.simulation import Assortment, Firm
        from regulars.studies.simulation import simulate as study

        firm = Firm(
            growth=growth,
            season=season,
            identified=identified,
            refunds=refunds,
            assortment=Assortment() if lines else None,
        )
        simulation = study(
            customers, seed, firm=firm, start=start or _FIRST_DAY, days=days, currency=currency
        )
        with waiting(language) as tell:
            simulation.write(out, truth=truth, progress=tell)
        for path in filter(None, (out, truth)):
            notice(say("Wrote {path}.", path=str(path)), language)
