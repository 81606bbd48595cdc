"""The reference says what the product is: nothing more, nothing less."""

import ast
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest

import regulars
from architecture.house import ROOT, SOURCE, fences, name_of, pages
from regulars.interfaces.cli.app import COMMANDS

REFERENCE = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REFERENCE / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "page", ["python.md", "cli.md", "exit-codes.md", "permissions.md", "openapi.json", "api.md"]
)
def test_the_committed_reference_is_what_would_be_written_now(
    page: str, generator: ModuleType
) -> None:
    committed = (REFERENCE / page).read_text(encoding="utf-8")
    assert committed == generator.PAGES[page](), "run make reference"


def test_every_public_name_is_in_the_reference() -> None:
    text = (REFERENCE / "python.md").read_text(encoding="utf-8")
    assert [name for name in regulars.__all__ if f"### {name}\n" not in text] == []


def test_every_command_is_in_the_reference() -> None:
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    names = [
        command.__name__.replace("_", "-")
        for commands in COMMANDS.values()
        for command in commands
    ]
    assert [name for name in names if f"### regulars {name}\n" not in text] == []


def test_every_public_name_says_what_it_is() -> None:
    silent = [name for name in regulars.__all__ if not inspect.getdoc(getattr(regulars, name))]
    assert not silent


def test_what_is_typed_is_what_is_offered() -> None:
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    typed = {
        (node.module, alias.asname)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    offered = {(home, name) for name, home in regulars._HOME.items()}  # noqa: SLF001 - its table
    assert typed == offered


def test_an_unknown_name_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        regulars.nothing  # noqa: B018 - the access is what is tested


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_commands_are_shown_only_where_they_are_run(page: Path) -> None:
    for language, text in fences(page):
        if language != "console":
            assert "$ regulars" not in text
            assert not text.startswith("regulars ")
