"""Everything known of a person is given out, and forgotten, in every app at once."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import CharField, Field, FileField, ForeignKey, JSONField, TextField

from regulars.apps.journal.events import News
from regulars.apps.journal.operations import announce, find_answer, follow, keep_answer, record
from regulars.apps.journal.queries import list_entries
from regulars.apps.journal.webhooks.operations import WebhookData, add_webhook
from regulars.apps.journal.webhooks.queue import offer_events
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.queries import find_order, list_orders_of
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.events import CustomersChanged, CustomersErased
from regulars.apps.people.operations import (
    CustomerData,
    Privacy,
    add_note,
    assign_contact_person,
    dismiss_suggestion,
    ensure_customers,
    erase_person,
    export_person,
    import_customers,
    merge_records,
    note_erasures,
    put_customers,
    registered,
    replay_erasures,
)
from regulars.apps.people.queries import (
    Erased,
    find_customer,
    get_customer_card,
    list_erasures,
    list_people,
    same_person,
)
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
MARKER = "zyxmarker"
TEXT = (CharField, TextField, JSONField, FileField)
ORDER = OrderData(
    id="o1", customer_id=MARKER, ordered_at=NOW, currency="EUR", amount=Decimal("3.10")
)

pytestmark = pytest.mark.django_db


def tables() -> list[str]:
    """Every table of the platform's own apps."""
    return [
        f"{config.label}.{model.__name__}"
        for config in apps.get_app_configs()
        if config.name.startswith("regulars.apps.")
        for model in config.get_models()
    ]


def columns(label: str) -> "dict[str, Field[object, object]]":
    """The columns of a table."""
    fields = apps.get_model(label)._meta.concrete_fields
    return {field.name: field for field in fields}


def reaching_customers() -> set[str]:
    """Tables from which foreign keys lead to a customer."""
    links = {
        label: {
            f"{field.related_model.__module__.split('.')[-2]}.{field.related_model.__name__}"
            for field in columns(label).values()
            if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
        }
        for label in tables()
    }
    found = {"people.Customer"}
    while more := {label for label, targets in links.items() if targets & found} - found:
        found |= more
    return found


def parts() -> Mapping[str, Privacy]:
    """What each app does for privacy."""
    return {part.app: part for part in registered()}


def test_every_app_says_what_it_holds() -> None:
    assert parts().keys() >= {label.partition(".")[0] for label in tables()}


def test_every_table_that_leads_to_a_customer_is_exported_and_erased() -> None:
    held = {label for part in registered() for label in part.holds}
    assert reaching_customers() <= held
    assert all(part.export and part.erase for part in registered() if part.holds)


def test_every_column_that_could_hold_text_is_declared_personal_or_not_with_a_reason() -> None:
    undeclared = []
    for label in tables():
        part = parts()[label.partition(".")[0]]
        for name, column in columns(label).items():
            held = name in part.holds.get(label, frozenset())
            kept = label in part.keeps or f"{label}.{name}" in part.keeps
            if isinstance(column, TEXT) and held is kept:
                undeclared.append(f"{label}.{name}")
    assert undeclared == []


def test_nothing_is_declared_that_is_not_there() -> None:
    for part in registered():
        for label, held in part.holds.items():
            assert held <= columns(label).keys()
        for name in part.keeps:
            app, table, *column = name.split(".")
            assert set(column) <= columns(f"{app}.{table}").keys()


def person() -> list[int]:
    """Somebody whose every column, in every table, holds the marker."""
    told = CustomerData(id=MARKER, name=MARKER, attributes={MARKER: MARKER})
    put_customers([told, CustomerData(id="other")], actor=COMMAND, now=NOW)
    numbers = ensure_customers([MARKER, "second", "other"], now=NOW)
    merge_records(numbers["second"], numbers[MARKER], actor=COMMAND, now=NOW)
    add_note(numbers[MARKER], MARKER, actor=COMMAND, now=NOW)
    dismiss_suggestion(numbers[MARKER], numbers["other"], actor=COMMAND, now=NOW)
    take_orders([ORDER], actor=COMMAND, now=NOW)
    record(COMMAND, "changed", f"customer:{numbers[MARKER]}", NOW, {"from": MARKER})
    find_answer(COMMAND, MARKER, "f", NOW)
    keep_answer(COMMAND, MARKER, 200, json.dumps({"customer_id": MARKER}))
    follow(News, "nobody", lambda *_: None)
    with transaction.atomic():
        announce(News(), NOW)
    apps.get_model("journal.Handling").objects.update(reason=f"KeyError: {MARKER!r}")
    tell_a_webhook(numbers[MARKER])
    write_to(numbers[MARKER])
    mine = [numbers[MARKER], numbers["second"]]
    import_customers(
        [CustomerData(id=MARKER, name=MARKER, language="lt")], run="1", actor=COMMAND, now=LATER
    )
    fill("people.Customer", {"pk": numbers[MARKER]})
    for label in ("people.Identity", "people.NameWord"):
        fill(label, {"customer": numbers[MARKER]})
    apps.get_model("intake.Run").objects.create(kind="customers", aim="import", asked_at=NOW)
    for label in ("people.Note", "people.Dismissal", "intake.Run"):
        fill(label, {})
    return mine


def write_to(customer: int) -> None:
    """He was written to, said yes to it, and a provider told of it."""
    of_him = {"customer_id": customer}
    making: list[tuple[str, dict[str, object]]] = [
        ("contact.Address", {"channel": "email", "made_at": NOW, "changed_at": NOW}),
        ("contact.Hold", {"kind": "promotion", "placed_at": NOW}),
        ("contact.Credit", {"at": NOW}),
        ("contact.Turn", {}),
    ]
    for label, told in making:
        apps.get_model(label).objects.create(**of_him, **told)
    apps.get_model("contact.ConsentEvent").objects.create(
        **of_him,
        purpose="newsletter",
        channel="email",
        state="granted",
        basis="consent",
        proof={MARKER: MARKER},
        at=NOW,
        recorded_at=NOW,
    )
    batch = apps.get_model("contact.Batch").objects.create(
        sender="test", purpose="service", content={"en": {"body": MARKER}}, made_at=NOW
    )
    delivery = apps.get_model("contact.Delivery").objects.create(
        **of_him, batch=batch, purpose="service", priority=1, made_at=NOW, due_at=NOW
    )
    events = apps.get_model("contact.DeliveryEvent").objects
    events.create(delivery=delivery, event_id="1", kind="bounced", at=NOW, received_at=NOW)
    for label in ("Address", "Hold", "Credit", "Turn", "Delivery", "DeliveryEvent"):
        fill(f"contact.{label}", {})
    # of a message that is not ours the provider told the address
    events.create(event_id="2", kind="bounced", detail=f"no {MARKER}", at=NOW, received_at=NOW)


def tell_a_webhook(customer: int) -> None:
    """A webhook's receiver answered with the marker, also when it was told of others."""
    told = WebhookData(address="https://erp.example/")
    add_webhook(told, private=False, actor=COMMAND, now=NOW)
    with transaction.atomic():
        announce(CustomersChanged((customer,)), NOW)
    offer_events(NOW)
    deliveries = apps.get_model("journal.WebhookDelivery").objects
    deliveries.update(answer=f"duplicate of {MARKER!r}")
    deliveries.filter(customer=customer).update(answer=f"{MARKER} is no customer")


def fill(label: str, which: Mapping[str, int]) -> None:
    """Write the marker into every column that is declared personal."""
    rows = apps.get_model(label).objects.filter(**which)
    for name in parts()[label.partition(".")[0]].holds[label]:
        json_ = isinstance(columns(label)[name], JSONField)
        rows.update(**{name: {MARKER: MARKER} if json_ else MARKER})


def tables_with_marker() -> set[str]:
    """Tables of the whole database in which the marker stands."""
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of the database
            if MARKER in str(cursor.fetchall()):
                found.add(table)
    return found


def test_every_personal_column_of_a_person_is_in_the_export() -> None:
    mine = person()
    told = export_person(mine[1], actor=COMMAND, now=LATER)
    assert json.loads(json.dumps(told, cls=DjangoJSONEncoder)).keys() == {
        "journal",
        "people",
        "contact",
        "orders",
        "intake",
    }
    missing = [
        f"{label}.{column}"
        for part in registered()
        for label, held in part.holds.items()
        for column in held
        if not any(MARKER in str(row[column]) for row in told[part.app][label])
    ]
    assert missing == []
    assert [row["external_id"] for row in told["orders"]["orders.Order"]] == ["o1"]
    exported = list_entries(verb="exported")
    assert {entry.subject for entry in exported} == {f"customer:{number}" for number in mine}


def test_an_erased_person_is_nowhere_in_the_database() -> None:
    mine = person()
    assert {"people_customer", "people_note", "journal_answer"} <= tables_with_marker()
    assert set(erase_person(mine[1], actor=COMMAND, now=LATER)) == set(mine)
    assert tables_with_marker() == set()


def test_of_others_nothing_is_erased() -> None:
    mine = person()
    put_customers([CustomerData(id="other", name="Ona")], actor=COMMAND, now=NOW)
    find_answer(COMMAND, "k", "f", NOW)
    keep_answer(COMMAND, "k", 200, '{"id": "other"}')
    erase_person(mine[0], actor=COMMAND, now=LATER)
    other = find_customer("other")
    assert other is not None
    assert other.name == "Ona"
    kept = find_answer(COMMAND, "k", "f", NOW)
    assert kept is not None
    assert kept.body == '{"id": "other"}'


def test_the_books_are_the_same_after_an_erasure() -> None:
    mine = person()
    erase_person(mine[0], actor=COMMAND, now=LATER)
    order = find_order("o1")
    assert order is not None
    assert (order.amount, order.customer_id) == (Decimal("3.10"), None)
    assert [row.id for row in list_orders_of(mine[0])] == ["o1"]
    assert same_person(mine[0]) == mine


def test_the_same_order_sent_again_names_nobody_again() -> None:
    mine = person()
    erase_person(mine[0], actor=COMMAND, now=LATER)
    take_orders([ORDER], actor=COMMAND, now=LATER)
    assert tables_with_marker() == set()
    take_orders([replace(ORDER, amount=Decimal(4))], actor=COMMAND, now=LATER)
    assert tables_with_marker() == {"people_identity"}


def test_a_retry_whose_answer_was_erased_is_told_so() -> None:
    mine = person()
    erase_person(mine[0], actor=COMMAND, now=LATER)
    answer = find_answer(COMMAND, MARKER, "f", LATER)
    assert answer is not None
    assert (answer.status, answer.same) == (410, True)


def test_whoever_was_erased_stays_erased() -> None:
    mine = person()
    erase_person(mine[0], actor=COMMAND, now=LATER)
    for number in mine:
        with pytest.raises(InputError, match=f"Customer {mine[0]} was erased"):
            erase_person(number, actor=COMMAND, now=LATER)
    with pytest.raises(InputError, match="was erased"):
        add_note(mine[0], "text", actor=COMMAND, now=LATER)
    with pytest.raises(InputError, match="was erased"):
        assign_contact_person(mine[0], None, actor=COMMAND, now=LATER)
    put_customers([CustomerData(id=MARKER, name="Ona")], actor=COMMAND, now=LATER)
    new = find_customer(MARKER)
    assert new is not None
    assert new.number not in mine


def test_whoever_is_not_there_is_neither_exported_nor_erased() -> None:
    with pytest.raises(InputError, match="There is no customer 999"):
        export_person(999, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="There is no customer 999"):
        erase_person(999, actor=COMMAND, now=NOW)
    assert list_entries() == []


def test_an_erasure_is_told_to_followers_and_written_down() -> None:
    mine = person()
    erase_person(mine[0], actor=COMMAND, now=LATER)
    assert {entry.subject for entry in list_entries(verb="erased")} == {
        f"customer:{number}" for number in mine
    }
    event = apps.get_model("journal.Event").objects.filter(name=CustomersErased.__name__).get()
    assert event.data == {"customers": sorted(mine)}
    assert get_customer_card(mine[0]).erased_at == LATER
    assert mine[0] not in {row.number for row in list_people()}


def test_an_erasure_is_written_down_outside_the_database_before_it_is_committed() -> None:
    lines: list[tuple[str, datetime]] = []
    note_erasures("a test", lambda subject, at: lines.append((subject, at)))
    try:
        mine = person()
        erase_person(mine[0], actor=COMMAND, now=LATER)
        assert [Erased.read(*line) for line in lines] == list_erasures()
        assert replay_erasures(list_erasures(), actor=COMMAND, now=LATER) == 0
        assert len(lines) == 2
        assert MARKER not in str(lines)
    finally:
        note_erasures("a test", lambda *_: None)


def test_a_restored_backup_is_erased_again_and_somebody_new_of_that_number_is_not() -> None:
    mine = person()
    with transaction.atomic():
        erase_person(mine[0], actor=COMMAND, now=LATER)
        erased = list_erasures()
        transaction.set_rollback(True)
    assert tables_with_marker() != set()
    assert list_erasures() == []
    assert replay_erasures(erased, actor=COMMAND, now=LATER) == 2
    assert tables_with_marker() == set()
    assert replay_erasures(erased, actor=COMMAND, now=LATER) == 0
    assert list_erasures() == erased
    put_customers([CustomerData(id="new", name=MARKER)], actor=COMMAND, now=LATER)
    new = find_customer("new")
    assert new is not None
    stranger = replace(erased[0], number=new.number)
    assert replay_erasures([stranger], actor=COMMAND, now=LATER) == 0
    assert tables_with_marker() == {"people_customer", "people_nameword"}
