"""The entry point of the command line: the library's commands and, where it is, the platform's."""

from importlib.util import find_spec

from regulars.interfaces.cli.app import library_app
from regulars.interfaces.cli.exits import hide_tracebacks


def main() -> None:
    """Run the command line; :class:`regulars.interfaces.cli.exits.Exit` lists its exit codes."""
    hide_tracebacks()
    app = library_app()
    if find_spec("django") is not None:
        from regulars.project import commands, contact_commands, importing, watching

        commands.mount(app)
        contact_commands.mount(app)
        importing.mount(app)
        app.add_typer(watching.sources, rich_help_panel="Run the platform")
    app(prog_name="regulars")
