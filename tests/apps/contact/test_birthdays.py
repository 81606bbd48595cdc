"""A sender that greets on birthdays: once a year, on the day where the customer is, or not at all.

The sender stands here for programmes to come: all that it needs of the door out is tested.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from messages import Fake, message, outcome_of, send, somebody
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.planning import Recipient, plan_deliveries
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import find_customer
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OF_AGE = 18


def born(id_: str, birthday: Birthday | None, zone: str = "UTC") -> int:
    """A customer with a birthday; told again, it is another one."""
    row = find_customer(id_)
    number = row.number if row else somebody(id_, agreed=())
    told = CustomerData(id=id_, name=id_, birthday=birthday, time_zone=zone)
    put_customers([told], actor=COMMAND, now=datetime(2026, 1, 1, tzinfo=UTC))
    return number


def greet(now: datetime, *ids: str, in_march: bool = False) -> int:
    """Plan greetings for whoever's birthday it is where he is, at nine in the morning there."""
    due = []
    for id_ in ids:
        row = find_customer(id_)
        assert row is not None
        day, zone = row.birthday, ZoneInfo(row.time_zone)
        today = now.astimezone(zone).date()
        if day is None or day.in_year(today.year, in_march=in_march) != today:
            continue
        if day.year is not None and today.year - day.year < OF_AGE:
            continue
        morning = datetime.combine(today, time(9), zone)
        midnight = datetime.combine(today + DAY, time(), zone)
        key = f"birthday:{today.year}"
        due.append((key, Recipient(row.number, not_before=morning, valid_until=midnight)))
    return sum(
        plan_deliveries(message(key, purpose=Purpose.CARE), [recipient], now=now)
        for key, recipient in due
    )


def every_hour(first: datetime, hours: int, *ids: str, in_march: bool = False) -> Fake:
    """Plan and send for a while; what went."""
    fake = Fake()
    for hour in range(hours):
        now = first + timedelta(hours=hour)
        greet(now, *ids, in_march=in_march)
        send(fake, now)
    return fake


@pytest.mark.parametrize(
    ("year", "in_march", "day"),
    [(2027, False, (2, 28)), (2027, True, (3, 1)), (2028, False, (2, 29)), (2028, True, (2, 29))],
)
def test_who_was_born_on_a_leap_day_is_greeted_once_a_year(
    year: int, day: tuple[int, int], *, in_march: bool
) -> None:
    born("leap", Birthday(2, 29, 1996))
    fake = every_hour(datetime(year, 2, 27, tzinfo=UTC), 4 * 24, "leap", in_march=in_march)
    assert len(fake.sent) == 1
    gone = Delivery.objects.get().gone_at
    assert gone is not None
    assert (gone.month, gone.day, gone.hour) == (*day, 9)


def test_a_birthday_told_on_the_day_itself_after_the_run_is_greeted_that_day() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    born("ona", None)
    assert greet(noon - timedelta(hours=3), "ona") == 0
    born("ona", Birthday(11, 23, 1990))
    fake = every_hour(noon, 12, "ona")
    assert len(fake.sent) == 1


def test_a_birthday_moved_to_a_later_day_of_a_year_is_not_greeted_twice_that_year() -> None:
    born("ona", Birthday(11, 23, 1990))
    every_hour(datetime(2026, 11, 23, tzinfo=UTC), 24, "ona")
    born("ona", Birthday(12, 1, 1990))
    again = every_hour(datetime(2026, 12, 1, tzinfo=UTC), 24, "ona")
    assert again.sent == []
    next_year = every_hour(datetime(2027, 12, 1, tzinfo=UTC), 24, "ona")
    assert len(next_year.sent) == 1


def test_a_year_that_nobody_knows_is_no_hindrance_and_children_are_not_greeted() -> None:
    born("ona", Birthday(11, 23))
    born("child", Birthday(11, 23, 2015))
    fake = every_hour(datetime(2026, 11, 23, tzinfo=UTC), 24, "ona", "child")
    assert fake.went_to == ["ona@example.com"]


def test_the_same_birthday_at_both_ends_of_the_world_is_kept_at_nine_of_each() -> None:
    born("far", Birthday(11, 23, 1990), "Pacific/Kiritimati")
    born("near", Birthday(11, 23, 1990), "Pacific/Pago_Pago")
    fake = every_hour(datetime(2026, 11, 22, tzinfo=UTC), 4 * 24, "far", "near")
    assert fake.went_to == ["far@example.com", "near@example.com"]
    gone = dict(Delivery.objects.values_list("customer__name", "gone_at"))
    assert gone["far"] == datetime(2026, 11, 22, 19, tzinfo=UTC)
    assert gone["near"] == datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_a_greeting_found_in_the_evening_waits_for_no_next_day() -> None:
    born("ona", Birthday(11, 23, 1990))
    evening = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    fake = every_hour(evening, 24, "ona")
    assert fake.sent == []
    assert outcome_of("birthday:2026") == ("skipped", "quiet")
