"""The platform's commands: run it, and let programs in."""

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language
from regulars.project.environment import METRICS_PORT, OWNER_EMAIL
from regulars.project.opening import (
    answering_database,
    make_ready,
    open_installation,
    require_tables,
    require_ways_out,
)
from regulars.project.staff_commands import staff

if TYPE_CHECKING:
    from regulars.project.doors import Owner

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder of this installation; REGULARS_DATA where it is left out.",
        show_default=False,
    ),
]
HostOption = Annotated[str, typer.Option("--host", help="Where to listen.")]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")]
MetricsOption = Annotated[
    int | None,
    typer.Option(
        "--metrics-port",
        min=1,
        max=65534,
        envvar=METRICS_PORT,
        help="Serve figures for Prometheus there, on this machine alone.",
        show_default=False,
    ),
]

keys = typer.Typer(name="key", help="Keys of programs.", no_args_is_help=True)


def mount(app: typer.Typer) -> None:
    """Add the platform's commands to the library's."""
    for command in (up, web, worker, backup, restore):
        app.command(rich_help_panel="Run the platform")(command)
    app.add_typer(keys, rich_help_panel="Run the platform")
    app.add_typer(staff, rich_help_panel="Run the platform")


def up(  # noqa: PLR0913 - one option an argument
    *,
    data: DataOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    metrics_port: MetricsOption = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="EMAIL",
            envvar=OWNER_EMAIL,
            help="The first owner, where there is none yet; owner@localhost where left out.",
            show_default=False,
        ),
    ] = None,
    exit_when_ready: Annotated[
        bool, typer.Option("--exit-when-ready", help="Stop as soon as it answers.")
    ] = False,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Fill it with a demo company: real orders, invented people."),
    ] = False,
) -> None:
    """Bring the tables up to date, then run web server and worker side by side."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        changed = make_ready()
        if demo:
            from regulars.project.demo import make_demo

            make_demo(_now(), typer.echo)
        from regulars.project.doors import ensure_owner, told_of_tables
        from regulars.project.serving import run_both

        found = ensure_owner(owner, _now())
        typer.echo(str(told_of_tables(changed)))
        code = run_both(
            host,
            port,
            metrics_port=metrics_port,
            exit_when_ready=exit_when_ready,
            tell=lambda _: _welcome(found, host, port),
        )
    raise typer.Exit(code)


def _welcome(found: "Owner", host: str, port: int) -> None:
    """Say where it is, and how the first owner comes in."""
    from regulars.project.doors import address_of, told_at_the_door, told_of_mail

    address = address_of(host, port)
    typer.echo(f"{address}/")
    for told in told_at_the_door(found, address, _now()):
        typer.echo(str(told))
    if mail := told_of_mail():
        typer.echo(str(mail))


def web(
    *,
    data: DataOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    metrics_port: MetricsOption = None,
) -> None:
    """Answer requests."""
    with refusals(Language.ENGLISH):
        _choose_metrics(metrics_port)
        open_installation(data)
        require_tables()
        from regulars.project.serving import serve

        serve(host, port)


def worker(*, data: DataOption = None, metrics_port: MetricsOption = None) -> None:
    """Do the work that waits in the tables."""
    with refusals(Language.ENGLISH):
        _choose_metrics(metrics_port)
        open_installation(data)
        require_tables()
        require_ways_out()
        from regulars.project.worker import run

        run()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it


def _choose_metrics(port: int | None) -> None:
    """Leave word for the process that serves, which reads its environment."""
    os.environ[METRICS_PORT] = "" if port is None else str(port)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    data: DataOption = None,
    with_secret: Annotated[
        bool, typer.Option("--with-secret", help="Keep the folder's signing secret too.")
    ] = False,
) -> None:
    """Write every table and file into one file, as of one instant, while the platform runs."""
    with refusals(Language.ENGLISH):
        folder = open_installation(data)
        require_tables(earlier=True)
        from regulars.project.backup.taking import take_backup

        now = _now()
        taken = take_backup(file, data=folder, now=now, with_secret=with_secret)
        typer.echo(taken)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What regulars backup wrote.")],
    *,
    data: DataOption = None,
) -> None:
    """Make an empty installation what a backup says, on SQLite or PostgreSQL."""
    with refusals(Language.ENGLISH):
        folder = open_installation(data)
        answering_database()
        from regulars.project.backup.erasures import erase_again
        from regulars.project.backup.restoring import restore_backup

        now = datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it
        again = partial(erase_again, now=now)
        typer.echo(restore_backup(file, data=folder, erase_again=again))


@keys.command("create")
def create_key(
    *,
    data: DataOption = None,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    role: Annotated[str, typer.Option(help="owner, manager, analyst, agent or auditor.")],
    days: Annotated[
        int | None, typer.Option(min=1, help="How long it lives; for ever where left out.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="A permission of the role that the key gets, as orders:write; may be repeated. "
            "All of them where it is left out.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a key and print it, this once."""
    with refusals(Language.ENGLISH):
        from regulars.apps.accounts.rules import check_scopes, read_permission, read_role
        from regulars.kernel.actors import COMMAND

        wanted = read_role(role)
        scopes = None if scope is None else frozenset(map(read_permission, scope))
        if scopes is not None:
            check_scopes(wanted, scopes)
        open_installation(data)
        require_tables()
        from regulars.apps.accounts.operations import make_key

        now = _now()
        made = make_key(
            name,
            wanted,
            actor=COMMAND,
            now=now,
            expires_at=None if days is None else now + timedelta(days=days),
            scopes=scopes,
        )
        typer.echo(made.secret)
