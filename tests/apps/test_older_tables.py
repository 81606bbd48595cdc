"""An installation of before is brought up to date with what it had."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from letters import Posted, send_letters, the_letter
from regulars.apps.journal.operations import forget_entries, record
from regulars.apps.people.queries import list_people
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)

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


def test_letters_of_before_that_wait_go_out_and_no_others() -> None:
    before = [("accounts", "0003_ways_in"), ("contact", "0002_consents_append_only")]
    try:
        old = migrate(*before).loader.project_state(before).apps
        told = {"subject": "Code", "text": "ABCD-EFGH", "made_at": NOW, "until": NOW + DAY}
        for state in ("waiting", "sent", "late", "nobody"):
            old.get_model("accounts", "Mail").objects.create(
                address=f"{state}@shop.example", state=state, due_at=NOW, **told
            )
    finally:
        migrate()
    assert the_letter() == Posted("waiting@shop.example", "Code", "ABCD-EFGH", "planned", "")
    (sent,) = send_letters(NOW)
    assert (sent.to, sent.subject, sent.text) == ("waiting@shop.example", "Code", "ABCD-EFGH")
    assert the_letter() == Posted("waiting@shop.example", "", "", "sent", "")
    assert "accounts_mail" not in connection.introspection.table_names()


def test_a_letter_of_before_that_is_too_late_meanwhile_is_not_sent() -> None:
    before = [("accounts", "0003_ways_in"), ("contact", "0002_consents_append_only")]
    try:
        old = migrate(*before).loader.project_state(before).apps
        old.get_model("accounts", "Mail").objects.create(
            address="a@shop.example", text="x", made_at=NOW, due_at=NOW, until=NOW + DAY
        )
    finally:
        migrate()
    assert send_letters(NOW + DAY) == []
    assert the_letter() == Posted("a@shop.example", "", "", "skipped", "late")
