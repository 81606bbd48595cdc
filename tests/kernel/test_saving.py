"""A file is whole or not there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.kernel.errors import OptionError
from regulars.kernel.saving import check_place, replacing

STOPS_HALFWAY = """
import sys
from pathlib import Path
from regulars.kernel.saving import replacing

with replacing(Path(sys.argv[1])) as place, place.open("w") as file:
    file.write("half of the")
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "answer.csv"
    with replacing(out) as place:
        place.write_text("whole", encoding="utf-8")
        assert not out.exists()
        assert place.parent == tmp_path
        assert place.suffix == ".csv"
    assert out.read_text(encoding="utf-8") == "whole"
    assert [file.name for file in tmp_path.iterdir()] == ["answer.csv"]


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "answer.csv"
    out.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replacing(out) as place:
        raise ZeroDivisionError(place.write_text("half", encoding="utf-8"))
    assert out.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["answer.csv"]


def test_a_killed_run_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "answer.csv"
    out.write_text("old", encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 - the script stands above
        [sys.executable, "-c", STOPS_HALFWAY, str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "half\n"
        run.kill()
    assert out.read_text(encoding="utf-8") == "old"
    (rest,) = set(tmp_path.iterdir()) - {out}
    assert rest.name.startswith(".")


def test_the_reader_of_the_house_may_read_it(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with replacing(tmp_path / "answer.csv") as place:
            place.write_text("whole", encoding="utf-8")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "answer.csv").stat().st_mode) == 0o640


def test_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "answer.csv"
    with pytest.raises(OptionError, match=r"nowhere: No such file.*Name a folder"), replacing(out):
        pytest.fail("there is nowhere to write")


def test_a_place_is_checked_without_a_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "answer.csv")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OptionError, match="nowhere"):
        check_place(tmp_path / "nowhere" / "answer.csv")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OptionError, match="Not a directory"), replacing(tmp_path / "file" / "x"):
        pytest.fail("there is nowhere to write")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="is a folder"), replacing(tmp_path):
        pytest.fail("there is nowhere to write")
