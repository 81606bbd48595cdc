"""The command that draws the whole picture into one HTML file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli.asking import ComparisonOptions, PeriodOption
from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.languages import Language
from regulars.interfaces.cli.output import (
    LanguageOption,
    notice,
    print_answer,
    print_json,
    save_json,
)
from regulars.interfaces.cli.reading import OrdersArgument, ReadingOptions
from regulars.interfaces.cli.waiting import waiting
from regulars.kernel.saving import check_place
from regulars.kernel.wording import say

if TYPE_CHECKING:
    from regulars.studies.picture import Picture

_STDOUT = Path("-")


@with_groups
def report(  # noqa: PLR0913 - each is an option of the command line
    orders: OrdersArgument,
    *,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The report, one HTML file that opens offline.")
    ] = Path("report.html"),
    json: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="All answers for programs too; - is the standard output."
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    period: PeriodOption = None,
    comparison: ComparisonOptions,
    reading: ReadingOptions,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """The retention picture: every question answered, in one HTML file and in the terminal."""
    with refusals(language):
        from regulars.interfaces import python

        benchmark = comparison.benchmark()
        if json is not None and json != _STDOUT:
            check_place(json)
        with waiting(language) as tell:
            picture = python.report(
                reading.orders(orders, tell),
                out,
                period=period,
                target=comparison.target,
                benchmark=benchmark,
                language=language.value,
                title=title,
                progress=tell,
            )
        _hand_over(picture, json, language)
        notice(say("The report is in {path}.", path=str(out)), language)


def _hand_over(picture: "Picture", json: Path | None, language: Language) -> None:
    if json == _STDOUT:
        print_json(picture.json())
        return
    print_answer(picture, language)
    if json is not None:
        save_json(picture.json(), json)
        notice(say("Wrote {path}.", path=str(json)), language)
