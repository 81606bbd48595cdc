"""The command that joins new orders to those of a store."""

from pathlib import Path
from typing import Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.output import LanguageOption, page, print_json
from regulars.interfaces.cli.reading import OrdersArgument, ReadingOptions
from regulars.interfaces.cli.waiting import waiting


@with_groups
def refresh(  # noqa: PLR0913 - each is a group of options of the command line
    store: Annotated[
        Path,
        typer.Argument(
            metavar="STORE", help="A file, made where there is none.", show_default=False
        ),
    ],
    orders: OrdersArgument,
    *,
    append: Annotated[
        bool,
        typer.Option("--append", help="Rows have no order ids and are all new orders."),
    ] = False,
    keep: Annotated[
        str | None,
        typer.Option(metavar="COLUMN,…", help="Columns of your own to keep for --by."),
    ] = None,
    reading: ReadingOptions,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")] = False,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Join new orders to a store, at the cost of the news; every question takes the store."""
    with refusals(language):
        from regulars.studies.refresh import refresh as study

        kept = tuple(name.strip() for name in keep.split(",")) if keep else ()
        with waiting(language) as tell:
            done = study(
                store, orders, reading=reading.reading(keep=kept), append=append, progress=tell
            )
        if as_json:
            print_json(done.json())
            return
        for sentence in done.findings():
            page().print(in_words(sentence, language))
