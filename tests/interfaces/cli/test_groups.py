"""A command takes dataclasses; the command line shows their fields."""

import inspect
from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from regulars.interfaces.cli.groups import with_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """Options for the test."""

    colour: Annotated[str, typer.Option(help="Which colour.")] = "white"
    coats: Annotated[int, typer.Option("--layers")] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Brush:
    """More options for the test."""

    width: Annotated[int, typer.Option()]


@with_groups
def paint(wall: Annotated[str, typer.Argument()], paint: Paint, brush: Brush) -> None:
    """Paint a wall."""
    typer.echo(f"{wall} {paint.colour} {paint.coats} {brush.width}")


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(paint)
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.output


def test_fields_become_options_with_their_defaults() -> None:
    assert run("north", "--width", "3") == (0, "north white 1 3\n")


def test_options_fill_the_fields() -> None:
    assert run("north", "--width", "3", "--colour", "red", "--layers", "2") == (
        0,
        "north red 2 3\n",
    )


def test_a_field_without_a_default_is_required() -> None:
    code, output = run("north")
    assert code == 2
    assert "--width" in output


def test_the_command_keeps_its_name_and_words() -> None:
    assert (paint.__name__, inspect.getdoc(paint)) == ("paint", "Paint a wall.")
    assert list(inspect.signature(paint).parameters) == ["wall", "colour", "coats", "width"]
