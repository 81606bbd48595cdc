"""The library's commands, gathered."""

from typing import Annotated

import typer

from regulars.interfaces.cli.commands.buying import basket, concentration, consistency, spend
from regulars.interfaces.cli.commands.checking import check
from regulars.interfaces.cli.commands.demonstrating import demo
from regulars.interfaces.cli.commands.expecting import at_risk, budget, forecast, value
from regulars.interfaces.cli.commands.keeping import cohorts, curve, growth, retention
from regulars.interfaces.cli.commands.refreshing import refresh
from regulars.interfaces.cli.commands.reporting import report
from regulars.interfaces.cli.commands.returning import repeat, rfm
from regulars.interfaces.cli.commands.simulating import simulate
from regulars.interfaces.cli.exits import hide_tracebacks, show_tracebacks

_START = "Start here"
_QUESTIONS = "One command a question"
_AHEAD = "What to expect"
_KEEP = "Keep what was read"
_TRY = "Try it without data of your own"

COMMANDS = {
    _START: (report, check),
    _QUESTIONS: (
        retention,
        curve,
        cohorts,
        growth,
        consistency,
        spend,
        repeat,
        rfm,
        concentration,
        basket,
    ),
    _AHEAD: (forecast, value, at_risk, budget),
    _KEEP: (refresh,),
    _TRY: (demo, simulate),
}
"""Every command of the library, by the heading that it stands under in ``--help``."""


def library_app() -> typer.Typer:
    """The command line of the library; the project adds to it what the platform brings."""
    app = typer.Typer(
        name="regulars",
        help="Know, keep and reward the customers who come back.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(regulars)
    for panel, commands in COMMANDS.items():
        for command in commands:
            app.command(rich_help_panel=panel)(command)
    return app


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer passes the option's value
    if wanted:
        from importlib.metadata import version

        typer.echo(version("regulars"))
        raise typer.Exit


def regulars(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show the whole trace of a bug.")
    ] = False,
) -> None:
    """Know, keep and reward the customers who come back.

    Exit codes: 0 answered · 1 a bug · 2 the command line cannot be used · 3 not enough evidence ·
    4 the data cannot be used · 130 interrupted.
    """
    (show_tracebacks if traceback else hide_tracebacks)()
