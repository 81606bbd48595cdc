"""Whatever happened until the last moment is heeded: caps, turns, nights, merges, a no."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from messages import (
    NOON,
    Fake,
    message,
    outcome_of,
    plan,
    said,
    send,
    somebody,
)
from regulars.apps.contact.models import Delivery, Suppression
from regulars.apps.contact.operations.claiming import claim
from regulars.apps.contact.operations.gating import pass_gate
from regulars.apps.contact.operations.holds import give_credit, place_hold, release_holds
from regulars.apps.contact.operations.planning import Recipient, plan_deliveries
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.registry import register_still_due
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.firm.queries import get_company
from regulars.apps.people.operations import erase_person, merge_records, part_records
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFTEN = Policy(caps=(), balance_free=366)


def often() -> None:
    """Let the firm write as often as it likes."""
    put_policy(OFTEN, actor=COMMAND, now=NOON)


def test_of_three_programmes_in_the_same_second_exactly_one_goes_by_priority() -> None:
    ona, fake = (
        somebody("ona", agreed=[Purpose.NEWSLETTER, Purpose.OFFERS, Purpose.EVENTS]),
        Fake(),
    )
    plan("issue:1", ona)
    plan("event:1", ona, purpose=Purpose.EVENTS)
    plan("offer:1", ona, purpose=Purpose.OFFERS, valid_until=NOON + HOUR)
    send(fake)
    assert len(fake.sent) == 1
    assert outcome_of("event:1") == ("sent", "")
    assert outcome_of("issue:1") == ("planned", "frequency")
    assert outcome_of("offer:1") == ("skipped", "frequency")
    assert Delivery.objects.get(batch__dedupe_key="issue:1").due_at == NOON + DAY


def test_of_three_programmes_the_important_one_goes_even_if_another_worker_has_it_still() -> None:
    ona = somebody("ona", agreed=[Purpose.NEWSLETTER, Purpose.EVENTS])
    plan("event:1", ona, purpose=Purpose.EVENTS)
    plan("issue:1", ona)
    assert claim("first", now=NOON, most=1) == 1
    assert claim("second", now=NOON, most=1) == 1
    policy, firm = get_policy(), get_company()
    assert pass_gate("second", policy, firm, now=NOON, most=9).ready == []
    (ready,) = pass_gate("first", policy, firm, now=NOON, most=9).ready
    assert ready.row.batch.dedupe_key == "event:1"
    assert outcome_of("issue:1") == ("planned", "frequency")


def test_promotions_are_weighed_against_what_was_done_for_the_customer() -> None:
    policy = Policy(caps=(), balance_free=1, balance_factor=1)
    put_policy(policy, actor=COMMAND, now=NOON)
    ona, fake = somebody("ona"), Fake()
    for number in range(3):
        plan(f"issue:{number}", ona)
    send(fake)
    assert (len(fake.sent), outcome_of("issue:1")) == (1, ("skipped", "balance"))
    assert give_credit(ona, "praise", "case:1", at=NOON)
    assert not give_credit(ona, "praise", "case:1", at=NOON)
    plan("issue:9", ona)
    send(fake)
    assert outcome_of("issue:9") == ("sent", "")


def test_a_survey_asks_a_person_once_in_so_many_days_whichever_record_it_was_planned_for() -> None:
    ona, jonas, fake = somebody("ona"), somebody("jonas"), Fake()
    plan("nps:1", ona, purpose=Purpose.SURVEY)
    send(fake)
    merge_records(ona, jonas, actor=COMMAND, now=NOON)
    plan("nps:2", jonas, purpose=Purpose.SURVEY, valid_until=NOON + 200 * DAY, now=NOON)
    send(fake, NOON + DAY)
    assert outcome_of("nps:2") == ("planned", "asked")
    part_records(ona, actor=COMMAND, now=NOON)
    plan("nps:3", jonas, purpose=Purpose.SURVEY, now=NOON + DAY)
    send(fake, NOON + DAY)
    assert outcome_of("nps:3") == ("sent", "")


def test_two_surveys_at_once_ask_once() -> None:
    ona, fake = somebody("ona"), Fake()
    plan("nps:1", ona, purpose=Purpose.SURVEY)
    plan("csat:1", ona, purpose=Purpose.SURVEY)
    send(fake)
    assert len(fake.sent) == 1
    assert outcome_of("csat:1") == ("skipped", "asked")


def test_quiet_hours_are_those_of_the_recipient_and_his_zone_may_change() -> None:
    fake = Fake()
    far = somebody("far", time_zone="Pacific/Kiritimati")
    near = somebody("near", time_zone="Pacific/Pago_Pago")
    evening = NOON.replace(hour=10)  # midnight there, eleven at night here
    plan("birthday:2026", far, near, valid_until=evening + DAY, now=evening)
    send(fake, evening)
    rows = {row.customer_id: row for row in Delivery.objects.all()}
    assert {row.reason for row in rows.values()} == {"quiet"}
    assert rows[far].due_at == NOON.replace(hour=18)
    assert rows[near].due_at == NOON.replace(hour=19)
    somebody("far", time_zone="Pacific/Pago_Pago", email=None, agreed=())
    send(fake, rows[far].due_at)
    assert outcome_of("birthday:2026", far) == ("planned", "quiet")
    send(fake, rows[near].due_at)
    assert sorted(fake.went_to) == ["far@example.com", "near@example.com"]


def test_a_greeting_that_would_come_a_day_late_is_dropped_with_its_reason() -> None:
    ona, fake = somebody("ona", time_zone="Europe/Vilnius"), Fake()
    evening = NOON.replace(hour=20)
    midnight = NOON.replace(hour=22)
    plan("birthday:2026", ona, purpose=Purpose.CARE, valid_until=midnight, now=evening)
    send(fake, evening)
    assert outcome_of("birthday:2026") == ("skipped", "quiet")


@pytest.mark.parametrize(
    ("hour", "goes"),
    [("2027-03-28 00:45", False), ("2027-03-28 01:15", True), ("2027-10-30 23:45", False)],
)
def test_on_the_nights_when_clocks_change_it_goes_once(hour: str, *, goes: bool) -> None:
    """Quiet until half past three, which one night does not have and another has twice."""
    policy = Policy(quiet_from=time(21), quiet_until=time(3, 30))
    put_policy(policy, actor=COMMAND, now=NOON)
    now = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    ona, fake = somebody("ona", time_zone="Europe/Vilnius"), Fake()
    plan("k", ona, purpose=Purpose.CARE, now=now)
    send(fake, now)
    assert (outcome_of("k") == ("sent", "")) == goes
    for minutes in range(0, 300, 15):
        send(fake, now + minutes * MINUTE)
    assert len(fake.sent) == 1


@pytest.mark.parametrize("purpose", [Purpose.NEWSLETTER, Purpose.SURVEY])
def test_people_who_share_an_address_get_one_mail_of_a_kind_that_nobody_must_get(
    purpose: Purpose,
) -> None:
    often()
    ona = somebody("ona", email="home@example.com")
    jonas = somebody("jonas", email="home@example.com")
    fake = Fake()
    plan("k", ona, jonas, purpose=purpose)
    send(fake)
    send(fake, NOON + DAY)
    assert fake.went_to == ["home@example.com"]
    assert outcome_of("k", jonas) == ("skipped", "has_it")


def test_people_who_share_an_address_each_get_what_is_service() -> None:
    ona = somebody("ona", email="home@example.com")
    jonas = somebody("jonas", email="home@example.com")
    fake = Fake()
    plan("k", ona, jonas, purpose=Purpose.SERVICE)
    send(fake)
    assert fake.went_to == ["home@example.com"] * 2


def test_somebody_merged_between_plan_and_claim_gets_it_once() -> None:
    often()
    ona, jonas, fake = somebody("ona"), somebody("jonas"), Fake()
    plan("k", ona, jonas)
    merge_records(ona, jonas, actor=COMMAND, now=NOON)
    send(fake)
    assert len(fake.sent) == 1
    assert sorted(row.state for row in Delivery.objects.all()) == ["sent", "skipped"]
    assert Delivery.objects.get(state="skipped").reason == "has_it"


def test_somebody_merged_between_two_parts_gets_it_once() -> None:
    often()
    ona, jonas, fake = somebody("ona"), somebody("jonas"), Fake()
    plan("k", ona, jonas)
    send(fake, most=1)
    merge_records(ona, jonas, actor=COMMAND, now=NOON)
    send(fake)
    assert len(fake.sent) == 1
    assert outcome_of("k", jonas) == ("skipped", "has_it")


def unsubscribes(number: int) -> None:
    said(number, Purpose.NEWSLETTER, Consent.WITHDRAWN)


def bounces(number: int) -> None:
    (address,) = Delivery.objects.filter(customer=number).values_list("customer_id")
    assert address
    suppress(number, Withheld.HARD_BOUNCE)


def complains(number: int) -> None:
    suppress(number, Withheld.COMPLAINT)


def is_erased(number: int) -> None:
    erase_person(number, actor=COMMAND, now=NOON)


def complains_to_staff(number: int) -> None:
    place_hold(
        number, Kind.PROMOTION, reason="complaint", source="case:1", actor=COMMAND, now=NOON
    )


def suppress(number: int, reason: Withheld) -> None:
    from regulars.apps.contact.models import Address  # noqa: PLC0415 - the test's shortcut

    address = Address.objects.get(customer=number)
    Suppression.objects.create(
        key=address.key,
        channel="email",
        scope=Scope.PROMOTION,
        reason=reason,
        at=NOON,
        by=str(COMMAND),
    )


HAPPENS = [
    (unsubscribes, "no_consent"),
    (bounces, "suppressed"),
    (complains, "suppressed"),
    (is_erased, "erased"),
    (complains_to_staff, "hold"),
]


@pytest.mark.parametrize(("happens", "reason"), HAPPENS)
def test_what_happens_between_plan_and_claim_is_heeded(happens: object, reason: str) -> None:
    ona, fake = somebody("ona"), Fake()
    plan("k", ona)
    assert callable(happens)
    happens(ona)
    send(fake)
    assert (fake.sent, outcome_of("k")) == ([], ("skipped", reason))


@pytest.mark.parametrize(("happens", "reason"), HAPPENS)
def test_what_happens_between_claim_and_send_is_heeded(happens: object, reason: str) -> None:
    ona = somebody("ona")
    plan("k", ona)
    claim("mine", now=NOON, most=9)
    assert callable(happens)
    happens(ona)
    gated = pass_gate("mine", get_policy(), get_company(), now=NOON, most=9)
    assert gated.ready == []
    assert outcome_of("k") == ("skipped", reason)


def test_whoever_subscribes_again_gets_the_next_one() -> None:
    often()
    ona, fake = somebody("ona"), Fake()
    said(ona, Purpose.NEWSLETTER, Consent.WITHDRAWN, at=NOON - DAY)
    plan("k1", ona)
    send(fake)
    said(ona, Purpose.NEWSLETTER, Consent.GRANTED, at=NOON)
    plan("k2", ona)
    send(fake)
    assert (outcome_of("k1"), outcome_of("k2")) == (("skipped", "no_consent"), ("sent", ""))


def test_a_no_of_one_record_holds_for_the_person_and_parting_takes_it_back() -> None:
    often()
    ona, jonas, fake = somebody("ona"), somebody("jonas"), Fake()
    said(ona, Purpose.NEWSLETTER, Consent.WITHDRAWN, at=NOON - DAY)
    merge_records(ona, jonas, actor=COMMAND, now=NOON)
    plan("k1", jonas)
    send(fake)
    part_records(ona, actor=COMMAND, now=NOON)
    plan("k2", jonas)
    send(fake)
    assert (outcome_of("k1"), outcome_of("k2")) == (("skipped", "no_consent"), ("sent", ""))


def test_a_hold_is_released_by_what_it_was_placed_for() -> None:
    often()
    ona, fake = somebody("ona"), Fake()
    complains_to_staff(ona)
    assert not place_hold(
        ona, Kind.PROMOTION, reason="complaint", source="case:1", actor=COMMAND, now=NOON
    )
    plan("k1", ona)
    plan("receipt", ona, purpose=Purpose.SERVICE)
    send(fake)
    assert (outcome_of("k1"), outcome_of("receipt")) == (("skipped", "hold"), ("sent", ""))
    assert release_holds("case:1", actor=COMMAND, now=NOON) == 1
    assert release_holds("case:1", actor=COMMAND, now=NOON) == 0
    plan("k2", ona)
    send(fake)
    assert outcome_of("k2") == ("sent", "")


@pytest.fixture
def asked() -> Iterator[list[tuple[str, list[int]]]]:
    """A sender who is asked, and whose answer is that nobody bought but the first."""
    calls: list[tuple[str, list[int]]] = []

    def still_due(key: str, numbers: Sequence[int], _now: object) -> dict[int, str]:
        calls.append((key, sorted(numbers)))
        return {min(numbers): "bought since"}

    register_still_due("asked", still_due)
    yield calls
    register_still_due("asked", lambda *_: {})


def test_the_sender_is_asked_once_for_all_of_a_batch(asked: list[tuple[str, list[int]]]) -> None:
    ona, jonas, fake = somebody("ona"), somebody("jonas"), Fake()
    told = message("k", sender="asked")
    plan_deliveries(told, [Recipient(ona), Recipient(jonas)], now=NOON)
    send(fake)
    assert asked == [("k", sorted([ona, jonas]))]
    assert fake.went_to == ["jonas@example.com"]
    row = Delivery.objects.get(customer_id=ona)
    assert (row.state, row.reason, row.detail) == ("skipped", "not_due", "bought since")
