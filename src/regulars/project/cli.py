"""The entry point of the command line: the library's commands, later the platform's too."""

from regulars.interfaces.cli.app import library_app
from regulars.interfaces.cli.exits import hide_tracebacks


def main() -> None:
    """Run the command line; :class:`regulars.interfaces.cli.exits.Exit` lists its exit codes."""
    hide_tracebacks()
    library_app()(prog_name="regulars")
