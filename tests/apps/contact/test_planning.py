"""A sender hands over what should go to whom; again adds nothing."""

from datetime import timedelta

import pytest
from django.db import connection

from messages import NOON, TEXT, message, outcome_of, plan, somebody
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations import planning
from regulars.apps.contact.operations.planning import Recipient, plan_deliveries, revise_batch
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.kernel.errors import InputError, RegularsError

pytestmark = pytest.mark.django_db


def test_planning_again_adds_none_and_others_are_added() -> None:
    ona, jonas = somebody("ona"), somebody("jonas")
    assert plan("issue:1", ona) == 1
    assert plan("issue:1", ona, now=NOON + timedelta(days=1)) == 0
    assert plan("issue:1", ona, jonas, ona) == 1
    assert Delivery.objects.count() == 2


def test_more_than_one_part_is_planned_once_too() -> None:
    numbers = [somebody(f"c{number}", email=None, agreed=()) for number in range(30)]
    told = [Recipient(number) for number in numbers * 100]
    assert plan_deliveries(message(), told, now=NOON) == 30
    assert plan_deliveries(message(), told, now=NOON) == 0


@pytest.mark.django_db(transaction=True)
def test_what_reads_the_deliveries_knows_at_once_that_there_are_many_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite reads a table in the same way however many rows it has")
    monkeypatch.setattr(planning, "_MANY", 3)
    few = [Recipient(somebody(f"c{number}")) for number in range(2)]
    plan_deliveries(message(), few, now=NOON)
    assert _rows_known_of() != 2
    plan_deliveries(
        message(), [Recipient(somebody(f"d{number}")) for number in range(3)], now=NOON
    )
    assert _rows_known_of() == 5


def _rows_known_of() -> int:
    """How many deliveries PostgreSQL takes the table for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'contact_delivery'")
        return int(cursor.fetchone()[0])


def test_another_message_is_another_delivery() -> None:
    ona = somebody("ona")
    assert plan("issue:1", ona) == plan("issue:2", ona) == 1


def test_whoever_is_held_out_has_a_row_that_is_over() -> None:
    ona = somebody("ona")
    told = [Recipient(ona, held_out=True)]
    assert plan_deliveries(message(), told, now=NOON) == 1
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.ended_at) == ("held_out", "held_out", NOON)


@pytest.mark.parametrize(
    ("purpose", "life"),
    [
        (Purpose.SERVICE, None),
        (Purpose.SURVEY, timedelta(days=14)),
        (Purpose.OFFERS, timedelta(days=3)),
    ],
)
def test_what_says_nothing_of_it_is_of_use_as_long_as_suits_its_purpose(
    purpose: Purpose, life: timedelta | None
) -> None:
    later = NOON + timedelta(days=2)
    plan("k", somebody("ona"), purpose=purpose, not_before=later)
    row = Delivery.objects.get()
    assert row.due_at == later
    assert row.valid_until == (life and later + life)
    assert row.priority == purpose.priority


def test_each_recipient_may_have_a_time_and_words_of_his_own() -> None:
    ona, later = somebody("ona"), NOON + timedelta(hours=3)
    end = later + timedelta(hours=1)
    told = Recipient(ona, {"order": "o1"}, not_before=later, valid_until=end)
    plan_deliveries(message(), [told], now=NOON)
    row = Delivery.objects.get()
    assert (row.values, row.due_at, row.valid_until) == ({"order": "o1"}, later, end)


def test_nobody_is_planned_where_one_is_not_known() -> None:
    ona = somebody("ona")
    with pytest.raises(InputError, match="There is no customer 999999"):
        plan("issue:1", ona, 999_999)
    assert not Delivery.objects.exists()


def test_a_message_that_says_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="says nothing"):
        plan("issue:1", somebody("ona"), content={})


@pytest.mark.parametrize(
    ("text", "told"),
    [({"subject": "{{ a | nothing }}"}, "nothing"), ({"title": "News"}, "A text has no title")],
)
def test_a_text_that_is_not_understood_is_refused_before_anybody_is_planned(
    text: dict[str, str], told: str
) -> None:
    with pytest.raises(RegularsError, match=told):
        plan("issue:1", somebody("ona"), content={"en": text})
    assert not Delivery.objects.exists()


def test_a_way_that_nothing_goes_by_is_refused() -> None:
    with pytest.raises(InputError, match="post"):
        plan("issue:1", somebody("ona"), channels=[Channel.POST])


@pytest.mark.parametrize(
    "other", [{"purpose": Purpose.OFFERS}, {"content": {"en": TEXT["en"] | {"subject": "Other"}}}]
)
def test_something_else_under_the_same_key_is_refused(other: dict[str, object]) -> None:
    ona, jonas = somebody("ona"), somebody("jonas")
    plan("issue:1", ona)
    with pytest.raises(InputError, match="something else under issue:1"):
        plan_deliveries(message(**other), [Recipient(jonas)], now=NOON)  # type: ignore[arg-type]
    assert Delivery.objects.count() == 1


def test_what_was_planned_may_be_said_otherwise_until_it_goes() -> None:
    ona = somebody("ona")
    plan("issue:1", ona)
    other = {"en": TEXT["en"] | {"subject": "Other"}}
    assert revise_batch("test", "issue:1", other)
    assert not revise_batch("test", "issue:1", other)
    assert Batch.objects.get().content["en"]["subject"] == "Other"
    # the sender's own rerun neither fails nor brings the old words back
    assert plan("issue:1", ona) == 0
    assert Batch.objects.get().content["en"]["subject"] == "Other"
    with pytest.raises(InputError, match="Nothing was planned"):
        revise_batch("test", "issue:2", other)


def test_a_planned_delivery_waits_without_a_reason() -> None:
    plan("issue:1", somebody("ona"))
    assert outcome_of("issue:1") == ("planned", "")
