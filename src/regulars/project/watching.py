"""The commands that have a database read again and again."""

from typing import Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.output import LanguageOption
from regulars.interfaces.cli.reading import TableOptions
from regulars.interfaces.clock import now
from regulars.kernel.wording import say
from regulars.project.commands import DataOption
from regulars.project.importing import how_of, kind_of
from regulars.project.opening import open_installation, require_tables

sources = typer.Typer(
    name="source", help="Databases that are read again and again.", no_args_is_help=True
)
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="What people call it.", show_default=False)
]


@sources.command("add")
@with_groups
def add_source(  # noqa: PLR0913 - each is an option of the command line
    name: NameArgument,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="The database, with ?table=; its password as ${REGULARS_SOURCE_…}.",
            show_default=False,
        ),
    ],
    *,
    data: DataOption = None,
    kind: Annotated[
        str, typer.Option(help="orders, customers, products, refunds, subscriptions or costs.")
    ] = "orders",
    every: Annotated[
        int, typer.Option("--every", min=1, metavar="MINUTES", help="How often it is read.")
    ] = 60,
    reading: TableOptions,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Have the worker read a table or view every so many minutes; told again, change it."""
    with refusals(language):
        wanted = kind_of(kind)
        open_installation(data)
        require_tables()
        from regulars.apps.intake.operations import watch_source
        from regulars.apps.intake.rules import Watched
        from regulars.kernel.actors import COMMAND

        told = Watched(name=name, kind=wanted, url=url, how=how_of(reading), minutes=every)
        watch_source(told, actor=COMMAND, now=now())
        typer.echo(
            in_words(say("{name} is read every {n} minutes.", name=name, n=every), language)
        )


@sources.command("list")
def list_sources(*, data: DataOption = None, language: LanguageOption = Language.ENGLISH) -> None:
    """List the databases that are read, and what came of the last time."""
    with refusals(language):
        open_installation(data)
        require_tables()
        from regulars.apps.intake.queries import list_connections

        for one in list_connections():
            last = "-" if one.last is None else f"import {one.last.id} {one.last.state}"
            typer.echo(f"{one.name}  {one.kind}  {one.minutes} min  {one.url}  {last}")


@sources.command("remove")
def remove_source(
    name: NameArgument, *, data: DataOption = None, language: LanguageOption = Language.ENGLISH
) -> None:
    """Read a database no more; what was imported stays."""
    with refusals(language):
        open_installation(data)
        require_tables()
        from regulars.apps.intake.operations import remove_connection
        from regulars.apps.intake.queries import list_connections
        from regulars.kernel.actors import COMMAND
        from regulars.kernel.errors import OptionError

        found = {one.name: one.id for one in list_connections()}
        if name not in found:
            raise OptionError(
                say("There is no source {name}.", name=name),
                accepted=say("Give one of: {names}.", names=", ".join(found) or "-"),
            )
        remove_connection(found[name], actor=COMMAND, now=now())
