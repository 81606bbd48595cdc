"""The platform's commands: run it, and let programs in."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language
from regulars.project.environment import METRICS_PORT
from regulars.project.opening import (
    answering_database,
    make_ready,
    open_installation,
    require_tables,
)

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


def up(
    *,
    data: DataOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    metrics_port: MetricsOption = None,
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
        make_ready()
        if demo:
            from regulars.project.demo import make_demo

            make_demo(datetime.now(UTC), typer.echo)  # noqa: TID251 - the edge
        from regulars.project.serving import run_both

        code = run_both(
            host,
            port,
            metrics_port=metrics_port,
            exit_when_ready=exit_when_ready,
            tell=typer.echo,
        )
    raise typer.Exit(code)


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
        from regulars.project.worker import run

        run()


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
        require_tables()
        from regulars.project.backup.taking import take_backup

        now = datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it
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

        typer.echo(restore_backup(file, data=folder, erase_again=erase_again))


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

        now = datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it
        made = make_key(
            name,
            wanted,
            actor=COMMAND,
            now=now,
            expires_at=None if days is None else now + timedelta(days=days),
            scopes=scopes,
        )
        typer.echo(made.secret)
