"""The command line as a process: what a shell sees of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REGULARS = str(Path(sys.executable).with_name("regulars"))
BIG = ["simulate", "--customers", "3000000", "--seed", "1"]


def start(*words: object) -> subprocess.Popen[str]:
    """The command line on its own, its output caught."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [REGULARS, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    with start(*words) as process:
        out, err = process.communicate()
    return process.returncode, out, err


def wait_until_writing(process: subprocess.Popen[str], folder: Path) -> None:
    """Until half of a file is there; the process ends only by a signal."""
    while not any(file.stat().st_size for file in folder.glob(".*.part*")):
        assert process.poll() is None, process.communicate()


def test_an_answer_is_all_of_stdout(shop: Path) -> None:
    code, out, err = ended("growth", shop, "--json")
    assert (code, err) == (0, "")
    json.loads(out)


def test_no_evidence_is_code_3(shop: Path) -> None:
    code, out, err = ended("basket", shop, "--json")
    assert (code, err) == (3, "")
    assert set(json.loads(out)) == {"not_enough_evidence"}


def test_a_missing_file_is_code_4() -> None:
    code, out, err = ended("check", "nowhere.csv")
    assert (code, out) == (4, "")
    assert err.startswith("regulars: ")
    assert "Traceback" not in err


def test_a_wrong_command_is_code_2() -> None:
    code, out, err = ended("retain")
    assert (code, out) == (2, "")
    assert "retain" in err


BUG = """
import sys
from regulars.studies import check

def fail(*_):
    raise ZeroDivisionError("by none")

check.check = fail
sys.argv = ["regulars", *sys.argv[1:]]
from regulars.project.cli import main
main()
"""


@pytest.mark.parametrize(("word", "traces"), [("--traceback", 1), (None, 0)])
def test_a_bug_is_code_1_and_its_trace_is_there_for_who_wants_it(
    word: str | None, traces: int, shop: Path
) -> None:
    words = [*([word] if word else []), "check", str(shop)]
    done = subprocess.run(  # noqa: S603 - the script stands above
        [sys.executable, "-c", BUG, *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "ZeroDivisionError: by none" in done.stderr
    assert done.stderr.count("Traceback") == traces


def test_a_reader_may_leave_early(shop: Path) -> None:
    with start("rfm", shop, "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


@pytest.mark.parametrize("name", ["orders.csv", "orders.parquet"])
def test_a_killed_run_leaves_no_half_written_file(name: str, tmp_path: Path) -> None:
    with start(*BIG, "--out", tmp_path / name) as process:
        wait_until_writing(process, tmp_path)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / name).exists()


@pytest.fixture
def _at_a_keyboard() -> Iterator[None]:
    """A shell starts what runs in the background deaf to the keyboard, and children inherit it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_at_a_keyboard")
def test_an_interrupted_run_is_code_130_and_cleans_up(tmp_path: Path) -> None:
    with start(*BIG, "--out", tmp_path / "orders.csv") as process:
        wait_until_writing(process, tmp_path)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    code, out, err = ended("simulate", "--customers", 5, "--seed", 1, "--out", tmp_path / "a.csv")
    assert (code, out) == (0, "")
    assert err == f"Wrote {tmp_path / 'a.csv'}.{os.linesep}"
