"""The pictures of the two real shops, as the command makes them."""

from pathlib import Path

import pytest

from interfaces.conftest import Run
from regulars.interfaces.cli.commands.demonstrating import SHOPS


@pytest.mark.journey
def test_the_demo_shows_two_real_shops(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "2,469 households" in result.stdout
    assert "23,570 customers" in result.stdout
    assert "for research and education" in result.stdout
    assert "MIT licence" in result.stdout
    files = {file.name: file.stat().st_size for file in (tmp_path / "out").iterdir()}
    assert set(files) == {shop.file for shop in SHOPS}
    assert max(files.values()) < 3_000_000
