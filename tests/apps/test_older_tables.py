"""An installation of before is brought up to date with what it had."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from regulars.apps.journal.operations import forget_entries, record
from regulars.apps.people.queries import list_people
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def migrate(*wanted: tuple[str, str]) -> MigrationExecutor:
    """Bring tables to where they were, or all of them up to date."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(wanted) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection)


def test_names_of_before_are_found_and_the_trail_of_before_is_kept() -> None:
    before = [("people", "0001_initial"), ("journal", "0001_initial")]
    try:
        old = migrate(*before).loader.project_state(before).apps
        old.get_model("people", "Customer").objects.create(
            name="Jonas Šimkus", search="jonas simkus", made_at=NOW, changed_at=NOW
        )
    finally:
        migrate()
    (row,) = list_people(search="simk")
    assert row.name == "Jonas Šimkus"
    record(COMMAND, "saw", "customer:1", datetime.now(UTC))  # noqa: TID251 - the database's clock
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        forget_entries(datetime(2199, 1, 1, tzinfo=UTC))
