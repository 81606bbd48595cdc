"""What is imported when: the library and its help come up without anything heavy."""

import subprocess
import sys

import pytest

HEAVY = (
    "adbc_driver_manager",
    "altair",
    "babel",
    "duckdb",
    "ibis",
    "jinja2",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "scipy",
    "sqlglot",
    "vl_convert",
)


def loaded_by(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter has loaded after running the code."""
    question = f"{code}\nimport sys\nprint(*(set({HEAVY!r}) & set(sys.modules)))"
    run = subprocess.run(  # noqa: S603 - the code stands below
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert loaded_by("import regulars") == set()


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_by("import regulars.project.cli") == set()


@pytest.mark.parametrize("name", ["Period", "NotEnoughEvidence", "Money"])
def test_the_kernels_words_load_nothing_heavy(name: str) -> None:
    assert loaded_by(f"from regulars import {name}") == set()


def test_asking_a_question_draws_no_chart() -> None:
    assert "altair" not in loaded_by("from regulars import retention")
