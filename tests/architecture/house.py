"""Where the house is, for the tests that look at all of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "regulars"


def python_files(*folders: str) -> list[Path]:
    """Python files under the folders, by path."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def pages() -> list[Path]:
    """Pages written for people, by path."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def name_of(file: Path) -> str:
    """The file's path inside the repository."""
    return file.relative_to(ROOT).as_posix()


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def fences(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page in order: what each is written in, and its text."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```([a-z]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language, in order."""
    return [text for written_in, text in fences(page) if written_in == language]


def outside_blocks(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
