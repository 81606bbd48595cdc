"""The firm says who it is and how long it keeps what; what is too old goes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from regulars.apps.firm import models
from regulars.apps.firm.operations import apply_retention, put_company, set_retention
from regulars.apps.firm.queries import (
    RetentionRow,
    count_too_old,
    get_company,
    list_retention,
)
from regulars.apps.firm.rules import Company, Weekday, problems_of_company
from regulars.apps.journal.operations import find_answer, record
from regulars.apps.journal.queries import count_answers, list_entries
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.queries import find_order
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import (
    CustomerData,
    add_note,
    ensure_customers,
    merge_records,
    put_customers,
)
from regulars.apps.people.queries import find_customer, get_customer_card
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import OptionError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=800)

pytestmark = pytest.mark.django_db


def period(kind: str) -> RetentionRow:
    """How long something is kept."""
    return next(row for row in list_retention() if row.kind == kind)


def keep(kind: str, days: int | None) -> bool:
    return set_retention(kind, days, actor=COMMAND, now=NOW)


def went(kind: str) -> int:
    """Apply every period, and say how much of one kind went."""
    apply_retention(NOW)
    applied = list_entries(verb="applied retention", subject=f"retention:{kind}")
    return sum(int(str(entry.data["count"])) for entry in applied)


def test_a_firm_that_said_nothing_has_no_name() -> None:
    assert get_company() == Company()
    assert list(problems_of_company(Company())) == []


def test_the_firm_says_who_it_is() -> None:
    told = Company(name="Corner", address="Main Street 1", currency="PLN", language="lt")
    told = replace(told, time_zone="Europe/Vilnius", week_start=Weekday.SUNDAY)
    assert put_company(told, actor=COMMAND, now=NOW)
    assert not put_company(told, actor=COMMAND, now=NOW)
    assert get_company() == told
    put_company(replace(told, name="Corner shop"), actor=COMMAND, now=NOW)
    assert list_entries()[0].data == {"name": ["Corner", "Corner shop"]}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Company(name="x" * 201), "name"),
        (Company(address="x" * 2001), "address"),
        (Company(currency="euro"), "currency"),
        (Company(time_zone="Vilnius"), "time_zone"),
        (Company(language="?"), "language"),
    ],
)
def test_what_cannot_be_of_a_firm_is_named_by_its_field(told: Company, field: str) -> None:
    assert [it.field for it in problems_of_company(told)] == [field]


def test_there_is_one_firm() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Company.objects.create(pk=2, week_start="monday")


def test_nothing_personal_goes_unless_the_firm_says_so() -> None:
    days = {row.kind: row.days for row in list_retention()}
    assert days == {
        "answers": 7,
        "webhooks": 30,
        "news": 30,
        "trail": None,
        "replaced": 90,
        "letters": 30,
        "ways in": 1,
        "customers": None,
        "messages": None,
        "order-links": None,
    }
    ensure_customers(["a"], now=OLD)
    record(COMMAND, "saw", "customer:1", OLD)
    assert apply_retention(NOW) == 0
    assert find_customer("a") is not None


@pytest.mark.parametrize(("kind", "days"), [("trail", 89), ("customers", 0), ("answers", 36_501)])
def test_a_period_that_is_too_short_or_long_is_refused(kind: str, days: int) -> None:
    with pytest.raises(OptionError, match=f"{kind} cannot be kept for .* Give .* days"):
        keep(kind, days)
    assert list_entries() == []


def test_what_nobody_keeps_has_no_period() -> None:
    kinds = "answers, webhooks, news, trail, replaced, letters, ways in, customers"
    with pytest.raises(OptionError, match=f"Give one of {kinds}"):
        keep("shoes", 100)
    with pytest.raises(OptionError, match="Nothing is kept under the name shoes"):
        count_too_old("shoes", 100, NOW)


def test_a_period_is_set_once_and_taken_back() -> None:
    assert keep("trail", 365)
    assert not keep("trail", 365)
    assert period("trail").days == 365
    assert keep("trail", None)
    assert period("trail").days is None
    assert [entry.data["days"] for entry in list_entries()] == [[365, None], [None, 365]]


def test_old_answers_go_by_themselves_once_a_day() -> None:
    find_answer(COMMAND, "k", "f", NOW - timedelta(days=8))
    find_answer(COMMAND, "l", "f", NOW - timedelta(days=6))
    assert apply_retention(NOW) == 1
    assert count_answers(NOW) == 1
    assert apply_retention(NOW + timedelta(hours=23)) == 0
    assert apply_retention(NOW + timedelta(hours=25)) == 1
    assert count_answers(NOW) == 0


def test_a_new_period_holds_at_once_and_is_written_down() -> None:
    record(COMMAND, "saw", "customer:1", OLD)
    apply_retention(NOW)
    keep("trail", 700)
    assert count_too_old("trail", 700, NOW) == 1
    assert apply_retention(NOW) == 1
    applied = list_entries(verb="applied retention")
    assert [(entry.subject, entry.data) for entry in applied] == [
        ("retention:trail", {"count": 1, "days": 700})
    ]
    assert count_too_old("trail", 700, NOW) == 0


def test_more_than_a_batch_goes_batch_by_batch() -> None:
    ensure_customers([f"c{number}" for number in range(201)], now=OLD)
    keep("customers", 365)
    assert count_too_old("customers", 365, NOW) == 201
    assert [apply_retention(NOW) for _ in range(3)] == [200, 1, 0]
    assert count_too_old("customers", 365, NOW) == 0


def order(customer: str, at: datetime) -> None:
    """An order of somebody."""
    told = OrderData(
        id=f"o{customer}", customer_id=customer, ordered_at=at, currency="EUR", amount=Decimal(5)
    )
    take_orders([told], actor=COMMAND, now=at)


def test_only_who_did_nothing_for_so_long_is_erased_with_all_his_records() -> None:
    told = [CustomerData(id=id_, name=id_) for id_ in ("quiet", "noted", "twin", "other")]
    put_customers(told, actor=COMMAND, now=OLD)
    numbers = ensure_customers(["quiet", "noted", "twin", "other"], now=OLD)
    merge_records(numbers["twin"], numbers["quiet"], actor=COMMAND, now=OLD)
    order("bought", NOW - timedelta(days=10))
    order("long ago", OLD)
    add_note(numbers["noted"], "Called.", actor=COMMAND, now=NOW - timedelta(days=1))
    put_customers([CustomerData(id="other", name="New")], actor=COMMAND, now=NOW)
    keep("customers", 365)
    assert went("customers") == 3
    for gone in ("quiet", "twin", "long ago"):
        assert find_customer(gone) is None
    for kept in ("noted", "other", "bought"):
        assert find_customer(kept) is not None
    assert get_customer_card(numbers["twin"]).erased_at == NOW


def test_who_is_busy_under_another_record_is_not_erased() -> None:
    numbers = ensure_customers(["quiet", "busy"], now=OLD)
    merge_records(numbers["busy"], numbers["quiet"], actor=COMMAND, now=OLD)
    order("busy", NOW)
    keep("customers", 365)
    assert went("customers") == 0
    assert find_customer("quiet") is not None


def test_old_orders_no_longer_say_who_bought_and_stay_in_the_books() -> None:
    order("a", OLD)
    order("b", NOW)
    keep("order-links", 730)
    assert count_too_old("order-links", 730, NOW) == 1
    assert went("order-links") == 1
    old, new = find_order("oa"), find_order("ob")
    assert old is not None
    assert new is not None
    assert (old.customer_id, old.amount, new.customer_id) == (None, Decimal(5), "b")
    order("a", OLD)
    again = find_order("oa")
    assert again is not None
    assert again.customer_id is None
