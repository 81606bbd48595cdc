"""The trail says who saw and changed what, and nobody rewrites it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from regulars.apps.journal.operations import forget_entries, record, record_seen
from regulars.apps.journal.queries import count_entries, list_entries, list_entries_of
from regulars.apps.people.operations import (
    CustomerData,
    assign_contact_person,
    put_customers,
)
from regulars.kernel.actors import COMMAND, WORKER

NOW = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ENTRY = apps.get_model("journal.Entry").objects

pytestmark = pytest.mark.django_db


def test_looking_is_written_down_once_an_hour_for_each_who_looks() -> None:
    assert record_seen(COMMAND, "customer:1", NOW)
    assert not record_seen(COMMAND, "customer:1", NOW + timedelta(minutes=49))
    assert record_seen(WORKER, "customer:1", NOW)
    assert record_seen(COMMAND, "customer:2", NOW)
    assert record_seen(COMMAND, "customer:1", NOW + timedelta(minutes=50))
    assert len(list_entries(subject="customer:1", verb="saw")) == 3


def test_the_trail_is_narrowed_by_each_column_and_paged() -> None:
    for minute, (actor, subject) in enumerate(
        [(COMMAND, "customer:1"), (WORKER, "customer:1"), (COMMAND, "order:1")]
    ):
        record(actor, "changed", subject, NOW + timedelta(minutes=minute))
    newest, middle, oldest = list_entries()
    assert newest.subject == "order:1"
    assert list_entries(actor="worker") == [middle]
    assert list_entries(subject="customer:1") == [middle, oldest]
    assert list_entries(since=middle.at) == [newest, middle]
    assert list_entries(until=middle.at) == [oldest]
    assert list_entries(verb="saw") == []
    assert list_entries(before=newest.id, limit=1) == [middle]
    assert list_entries_of(["customer:1", "order:1"], before=newest.id) == [middle, oldest]


def test_a_page_of_the_trail_is_one_query() -> None:
    for number in range(10):
        record(COMMAND, "changed", f"customer:{number}", NOW)
    with CaptureQueriesContext(connection) as queries:
        assert len(list_entries(actor="command", limit=10)) == 10
    assert len(queries) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"a": 2}},
        {"verb": "x"},
        {"actor": "staff:1"},
        {"subject": "customer:2"},
        {"at": LONG_AGO},
        {"data": {}, "verb": "x"},
    ],
)
def test_the_database_refuses_to_rewrite_an_entry(change: dict[str, object]) -> None:
    record(COMMAND, "changed", "customer:1", NOW, {"a": 1})
    before = list_entries()
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        ENTRY.update(**change)
    assert list_entries() == before


def test_an_erasure_empties_what_was_written_and_leaves_that_it_was_done() -> None:
    record(COMMAND, "changed", "customer:1", NOW, {"a": 1})
    ENTRY.update(data={})
    (entry,) = list_entries()
    assert (entry.actor, entry.verb, entry.data) == ("command", "changed", {})


def test_the_database_refuses_to_delete_a_young_entry() -> None:
    young = datetime.now(UTC) - timedelta(days=89)  # noqa: TID251 - the database has its own clock
    record(COMMAND, "changed", "customer:1", young)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        ENTRY.all().delete()
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        forget_entries(young + timedelta(days=1))
    assert len(list_entries()) == 1


def test_old_entries_go_a_batch_at_a_time() -> None:
    for day in range(3):
        record(COMMAND, "changed", "customer:1", LONG_AGO + timedelta(days=day))
    assert count_entries(LONG_AGO + timedelta(days=2)) == 2
    assert forget_entries(LONG_AGO + timedelta(days=2), most=1) == 1
    assert forget_entries(LONG_AGO + timedelta(days=2)) == 1
    assert len(list_entries()) == 1


def test_a_change_says_which_fields_and_shows_only_what_is_not_personal() -> None:
    put_customers([CustomerData(id="a", name="Ona", language="lt")], actor=COMMAND, now=NOW)
    told = CustomerData(id="a", name="Ieva", language="lv", attributes={"shoe": "43"})
    put_customers([told], actor=COMMAND, now=NOW)
    changed, made = list_entries()
    assert (made.verb, changed.verb) == ("made", "changed")
    assert changed.data == {"fields": ["name", "language", "attributes"], "language": ["lt", "lv"]}
    assert "Ona" not in str(made)


def test_nothing_is_written_where_nothing_changed() -> None:
    put_customers([CustomerData(id="a")], actor=COMMAND, now=NOW)
    before = list_entries()
    number = int(before[0].subject.partition(":")[2])
    put_customers([CustomerData(id="a")], actor=COMMAND, now=NOW)
    assert not assign_contact_person(number, None, actor=COMMAND, now=NOW)
    assert list_entries() == before
