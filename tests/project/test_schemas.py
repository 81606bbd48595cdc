"""A database that has grown with the versions is the same as one that was made today."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from installations import empty

MIGRATING = Path(__file__).with_name("migrating.py")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_earlier_state_with_rows_in_it_becomes_what_a_new_database_is(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shop = empty(kind, tmp_path / "shop", request)
    done = subprocess.run(  # noqa: S603 - the script lies beside
        [sys.executable, MIGRATING],
        env=shop.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert len(told["fresh"]["orders_order"]) > 10
    assert "orders.0001_initial" in told["states"]
    for state, found in told["states"].items():
        assert found == {"lost": [], "otherwise": {}}, state


@pytest.mark.django_db
def test_every_table_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
