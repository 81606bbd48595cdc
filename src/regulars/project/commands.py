"""The platform's commands: run it, and let programs in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language
from regulars.project.opening import open_installation, require_tables

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

keys = typer.Typer(name="key", help="Keys of programs.", no_args_is_help=True)


def mount(app: typer.Typer) -> None:
    """Add the platform's commands to the library's."""
    for command in (up, web, worker):
        app.command(rich_help_panel="Run the platform")(command)
    app.add_typer(keys, rich_help_panel="Run the platform")


def up(
    *,
    data: DataOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
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
        from django.core.management import call_command

        from regulars.project.serving import run_both

        call_command("migrate", interactive=False, verbosity=1)
        if demo:
            from regulars.project.demo import make_demo

            make_demo(datetime.now(UTC), typer.echo)  # noqa: TID251 - the edge
        code = run_both(host, port, exit_when_ready=exit_when_ready, tell=typer.echo)
    raise typer.Exit(code)


def web(
    *, data: DataOption = None, host: HostOption = "127.0.0.1", port: PortOption = 8000
) -> None:
    """Answer requests."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        require_tables()
        from regulars.project.serving import serve

        serve(host, port)


def worker(*, data: DataOption = None) -> None:
    """Do the work that waits in the tables."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        require_tables()
        from regulars.project.worker import run

        run(lambda line: typer.echo(line, err=True))


@keys.command("create")
def create_key(
    *,
    data: DataOption = None,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    role: Annotated[str, typer.Option(help="owner, manager, analyst, agent or auditor.")],
    days: Annotated[
        int | None, typer.Option(min=1, help="How long it lives; for ever where left out.")
    ] = None,
) -> None:
    """Make a key and print it, this once."""
    with refusals(Language.ENGLISH):
        from regulars.apps.accounts.rules import read_role
        from regulars.kernel.actors import COMMAND

        wanted = read_role(role)
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
        )
        typer.echo(made.secret)
