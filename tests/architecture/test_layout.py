"""The rules of the house that no tool knows."""

import re
from pathlib import Path

import pytest

from architecture.house import ROOT, functions, name_of, outside_blocks, pages, python_files

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}

MAKE = r"(?:^|`|\$ )make ([a-z-]+)"

EVERYWHERE = python_files("src", "tests", "benchmarks", "docs")


@pytest.mark.parametrize("file", EVERYWHERE, ids=name_of)
def test_no_file_is_too_long_to_be_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(file)}:{function.lineno} {function.name}"
        for file in EVERYWHERE
        for function in functions(file)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_no_name_says_nothing() -> None:
    empty = [
        name_of(file)
        for file in EVERYWHERE
        if EMPTY_NAMES & set(Path(name_of(file)).with_suffix("").parts)
    ]
    assert not empty


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        name_of(file)
        for file in python_files("src")
        if file.name == "__init__.py" and not file.read_text(encoding="utf-8").startswith('"""')
    ]
    assert not silent


def test_every_lint_exception_carries_its_reason() -> None:
    bare = [
        f"{name_of(file)}: {line.strip()}"
        for file in EVERYWHERE
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"#\s*noqa(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)?\s*$", line)
    ]
    assert not bare


def test_locks_name_no_registry() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert locks
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert "--hash=sha256:" in text


def test_the_changelog_says_what_comes_next() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_mit() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = outside_blocks(page)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_pages_name_only_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for page in pages()
        for target in re.findall(MAKE, page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named <= targets


def test_decisions_are_numbered_without_gaps() -> None:
    decisions = sorted(file.name[:4] for file in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert decisions == [f"{number + 1:04}" for number in range(len(decisions))]
