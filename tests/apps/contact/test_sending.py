"""What is due goes out once, each fate is written down, and nothing stands between two states."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from messages import (
    NOON,
    TEXT,
    Fake,
    message,
    outcome_of,
    plan,
    said,
    send,
    somebody,
    ways,
)
from regulars.apps.contact.models import Batch, Delivery, Suppression
from regulars.apps.contact.operations.claiming import claim, take_over
from regulars.apps.contact.operations.gating import pass_gate
from regulars.apps.contact.operations.holds import give_credit, place_hold, release_holds
from regulars.apps.contact.operations.planning import Recipient, plan_deliveries
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.operations.sending import send_due
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.registry import register_still_due
from regulars.apps.contact.rules.arriving import ATTEMPTS, DOWN, LEASE
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.contact.transports.outgoing import (
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)
from regulars.apps.firm.queries import get_company
from regulars.apps.people.operations import erase_person, merge_records, part_records
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFTEN = Policy(caps=(), balance_free=366)


def often() -> None:
    """Let the firm write as often as it likes."""
    put_policy(OFTEN, actor=COMMAND, now=NOON)


def test_what_is_planned_goes_once() -> None:
    ona = somebody("ona")
    plan("issue:1", ona)
    fake = Fake()
    assert send(fake) == 1
    assert send(fake) == 0
    assert fake.went_to == ["ona@example.com"]
    row = Delivery.objects.get()
    assert (row.state, row.channel, row.destination) == ("sent", "email", "ona@example.com")
    assert (row.gone_at, row.ended_at, row.attempts) == (NOON, NOON, 1)
    assert (row.transport, row.provider_id) == ("fake", f"p{row.pk}")


def test_it_is_said_in_the_language_and_by_the_name_of_the_recipient() -> None:
    content = TEXT | {"lt": {"subject": "Naujienos", "body": "Labas, {{ customer.greeting }}!"}}
    ona = somebody("ona", name="Jonas Jonaitis", language="lt")
    piet = somebody("piet", name="Piet", language="nl")
    plan("issue:1", ona, piet, content=content)
    fake = Fake()
    send(fake)
    lithuanian, english = fake.sent
    assert lithuanian.subject == "Naujienos"
    assert "Labas, Jonai!" in lithuanian.text
    assert "Labas, Jonai!" in lithuanian.html
    assert english.subject == "News"


def test_nothing_goes_before_its_time_and_nothing_after() -> None:
    ona, fake = somebody("ona"), Fake()
    plan("issue:1", ona, not_before=NOON + HOUR, valid_until=NOON + 2 * HOUR)
    assert send(fake, NOON) == 0
    assert send(fake, NOON + 2 * HOUR) == 1
    assert (fake.sent, outcome_of("issue:1")) == ([], ("skipped", "late"))


def test_the_more_important_goes_first() -> None:
    often()
    ona, fake = somebody("ona", agreed=[Purpose.NEWSLETTER, Purpose.OFFERS]), Fake()
    plan("issue:1", ona)
    plan("offer:1", ona, purpose=Purpose.OFFERS, content={"en": TEXT["en"] | {"subject": "Offer"}})
    plan("receipt:1", ona, purpose=Purpose.SERVICE, content={"en": {"subject": "Receipt"}})
    send(fake)
    assert [outgoing.subject for outgoing in fake.sent] == ["Receipt", "Offer", "News"]


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


def test_a_paused_batch_waits_and_the_rest_goes_when_it_is_resumed() -> None:
    numbers = [somebody(f"c{number}") for number in range(5)]
    fake = Fake()
    plan("k", *numbers)
    send(fake, most=2)
    Batch.objects.update(paused_at=NOON)
    assert send(fake) == 0
    Batch.objects.update(paused_at=None)
    send(fake)
    assert sorted(fake.went_to) == sorted(f"c{number}@example.com" for number in range(5))


def test_a_phone_number_alone_is_enough() -> None:
    ona, fake = somebody("ona", email=None, phone="+37060012345"), Fake()
    said(ona, Purpose.NEWSLETTER, Consent.GRANTED, channel=Channel.PHONE, at=NOON - DAY)
    plan("k", ona)
    send(fake)
    assert (fake.went_to, fake.sent[0].text) == (["+37060012345"], "Hi")


def test_one_broken_recipient_does_not_stop_the_run() -> None:
    content = {"en": {"subject": "{{ price | money: currency }}", "body": "x"}}
    numbers = [somebody(f"c{number}") for number in range(25)]
    told = [
        Recipient(number, {"price": "none" if place == 7 else "3.10", "currency": "EUR"})
        for place, number in enumerate(numbers)
    ]
    fake = Fake(outcomes={"c3@example.com": Refused("550 no"), "c4@example.com": Later("451")})
    plan_deliveries(message("k", content=content), told, now=NOON)
    send(fake)
    assert len(fake.sent) == 22
    assert outcome_of("k", numbers[7]) == ("failed", "no_text")
    assert outcome_of("k", numbers[3]) == ("failed", "refused")
    assert outcome_of("k", numbers[4]) == ("planned", "retry")


def test_a_transport_that_fails_is_asked_no_more_and_the_rest_goes_another_time() -> None:
    def fails(outgoing: Outgoing) -> None:
        if outgoing.to == "c1@example.com":
            raise ValueError("an adapter of others")

    numbers = [somebody(f"c{number}") for number in range(3)]
    plan("k", *numbers)
    fake = Fake(before=fails)
    send(fake)
    assert outcome_of("k", numbers[0]) == ("sent", "")
    assert outcome_of("k", numbers[1]) == ("uncertain", "cut_off")
    assert outcome_of("k", numbers[2]) == ("planned", "")


def test_what_cannot_be_written_at_all_stops_no_other() -> None:
    often()
    ona, fake = somebody("ona"), Fake()
    plan("k1", ona)
    plan("k2", ona)
    Batch.objects.filter(dedupe_key="k1").update(content={})
    send(fake)
    assert (outcome_of("k1"), outcome_of("k2")) == (("failed", "no_text"), ("sent", ""))


def test_where_nobody_lives_nothing_goes_any_more() -> None:
    often()
    ona, fake = (
        somebody("ona"),
        Fake(outcomes={"ona@example.com": Refused("550 5.1.1", dead=True)}),
    )
    plan("k1", ona)
    send(fake)
    plan("k2", ona, purpose=Purpose.SERVICE)
    send(fake)
    assert outcome_of("k1") == ("failed", "refused")
    assert outcome_of("k2") == ("skipped", "suppressed")


def test_what_may_pass_is_tried_again_later_and_later_and_given_up_in_the_end() -> None:
    ona, fake = somebody("ona"), Fake(outcomes={"ona@example.com": Later("451 later")})
    plan("k", ona, purpose=Purpose.SERVICE)
    now, waits = NOON, list[timedelta]()
    row = Delivery.objects.get()
    for _ in range(ATTEMPTS):
        assert send(fake, now) == 1
        row.refresh_from_db()
        assert send(fake, row.due_at - timedelta(seconds=1)) == 0
        waits.append(row.due_at - now)
        now = row.due_at
    assert waits[:-1] == sorted(waits[:-1])
    assert (row.state, row.reason, row.attempts) == ("failed", "retry", ATTEMPTS)
    assert row.detail == "451 later"


def test_a_provider_says_how_long_it_wants_to_be_left_alone() -> None:
    ona, fake = somebody("ona"), Fake(outcomes={"ona@example.com": Later("429", 900)})
    plan("k", ona)
    send(fake)
    assert Delivery.objects.get().due_at == NOON + 15 * MINUTE


def test_a_provider_that_is_down_is_left_alone_and_costs_no_attempt() -> None:
    numbers = [somebody(f"c{number}") for number in range(3)]
    plan("k", *numbers)
    fake = Fake(outcomes={f"c{number}@example.com": Down("refused") for number in range(3)})
    send(fake)
    rows = list(Delivery.objects.all())
    assert {(row.state, row.reason) for row in rows} == {("planned", "provider_down")}
    assert {(row.due_at, row.attempts) for row in rows} == {(NOON + DOWN, 0)}
    assert {row.due_at for row in rows} == {NOON + DOWN}
    fake.outcomes = {}
    send(fake, NOON + MINUTE)
    assert len(fake.sent) == 3


@pytest.mark.parametrize(
    ("purpose", "state"), [(Purpose.NEWSLETTER, "uncertain"), (Purpose.SERVICE, "planned")]
)
def test_where_nobody_knows_a_promotion_is_never_sent_again_and_service_is(
    purpose: Purpose, state: str
) -> None:
    ona, fake = somebody("ona"), Fake(outcomes={"ona@example.com": Unsure("cut off")})
    plan("k", ona, purpose=purpose)
    send(fake)
    assert Delivery.objects.get().state == state
    fake.outcomes = {}
    send(fake, NOON + HOUR)
    assert len(fake.sent) == (0 if state == "uncertain" else 1)


def test_every_attempt_has_the_same_message_id_and_each_delivery_its_own() -> None:
    ona, jonas = somebody("ona"), somebody("jonas")
    seen: list[Outgoing] = []
    fake = Fake(outcomes={"ona@example.com": Later("451")}, before=seen.append)
    plan("k", ona, jonas)
    send(fake)
    fake.outcomes = {}
    send(fake, NOON + MINUTE)
    ids = {outgoing.to: set[str]() for outgoing in seen}
    for outgoing in seen:
        ids[outgoing.to].add(outgoing.message_id)
    assert (len(seen), [len(it) for it in ids.values()]) == (3, [1, 1])


def test_throttled_domains_get_so_many_a_minute_and_others_are_not_held_up() -> None:
    put_policy(Policy(caps=(), throttles={"slow.example": 2}), actor=COMMAND, now=NOON)
    slow = [somebody(f"s{number}", email=f"s{number}@slow.example") for number in range(5)]
    plan("k", *slow, somebody("ona"))
    fake = Fake(at_once=2)
    send(fake)
    assert len(fake.sent) == 3
    assert Delivery.objects.filter(reason="throttle", due_at=NOON + MINUTE).count() == 3
    send(fake, NOON + MINUTE)
    send(fake, NOON + 2 * MINUTE)
    assert len(fake.sent) == 6


def test_a_worker_that_died_before_sending_leaves_all_to_the_next() -> None:
    ona, fake = somebody("ona"), Fake()
    plan("k", ona)
    claim("dead", now=NOON, most=9)
    assert send(fake, NOON + LEASE / 2) == 0
    send(fake, NOON + LEASE + MINUTE)
    assert outcome_of("k") == ("sent", "")


@pytest.mark.parametrize(
    ("purpose", "after"),
    [
        (Purpose.NEWSLETTER, ("uncertain", "worker_died")),
        (Purpose.SURVEY, ("uncertain", "worker_died")),
        (Purpose.SERVICE, ("sent", "")),
        (Purpose.CARE, ("sent", "")),
    ],
)
def test_a_worker_that_died_while_sending_leaves_a_named_state(
    purpose: Purpose, after: tuple[str, str]
) -> None:
    ona, fake = somebody("ona"), Fake()
    plan("k", ona, purpose=purpose)
    claim("dead", now=NOON, most=9)
    assert pass_gate("dead", get_policy(), get_company(), now=NOON, most=9).ready
    later = NOON + LEASE + MINUTE
    send(fake, later)
    send(fake, later)
    assert outcome_of("k") == after


def test_a_slow_worker_whose_lease_was_taken_over_still_tells_what_went() -> None:
    """Another worker's clock is ten minutes ahead: it takes over what is being sent."""
    often()
    ona, other = somebody("ona"), Fake()
    plan("k", ona)

    def take_it_over(_: Outgoing) -> None:
        assert take_over(NOON + 10 * MINUTE) == 1
        assert outcome_of("k") == ("uncertain", "worker_died")
        send(other, NOON + 10 * MINUTE)

    fake = Fake(before=take_it_over)
    send(fake)
    assert (len(fake.sent), other.sent) == (1, [])
    assert outcome_of("k") == ("sent", "")


def test_a_worker_with_a_clock_ahead_never_sends_what_another_has_claimed_twice() -> None:
    often()
    numbers = [somebody(f"c{number}") for number in range(30)]
    plan("k", *numbers)
    ahead = Fake()

    def meanwhile(_: Outgoing) -> None:
        send(ahead, NOON + 10 * MINUTE)

    fake = Fake(at_once=5, before=meanwhile)
    send(fake)
    send(ahead, NOON + 30 * MINUTE)
    everybody = fake.went_to + ahead.went_to
    assert len(everybody) == len(set(everybody)) == 30


def test_what_a_slow_worker_did_not_hand_over_in_time_goes_another_time() -> None:
    numbers = [somebody(f"c{number}") for number in range(6)]
    plan("k", *numbers)
    clock = [NOON]

    def slowly(_: Outgoing) -> None:
        clock[0] += MINUTE

    fake = Fake(before=slowly)
    send_due(ways(fake), lambda: clock[0])
    assert len(fake.sent) == 3
    assert Delivery.objects.filter(state="planned", gone_at__isnull=True).count() == 3
    fake.before = lambda _: None
    send(fake, clock[0])
    assert sorted(fake.went_to) == sorted(f"c{number}@example.com" for number in range(6))


def test_an_erasure_while_it_is_sent_leaves_no_address_behind() -> None:
    ona = somebody("ona")
    plan("k", ona)
    fake = Fake(before=lambda _: is_erased(ona))
    send(fake)
    row = Delivery.objects.get()
    assert (row.state, row.destination, row.key) == ("sent", "", "")
    assert Suppression.objects.get().reason == "erasure"


def test_only_promotions_and_what_can_be_stopped_name_a_way_out() -> None:
    often()
    ona, fake = somebody("ona"), Fake()
    plan("k1", ona)
    plan("k2", ona, purpose=Purpose.SERVICE)
    send(fake)
    service, newsletter = fake.sent
    assert service.headers == {}
    assert newsletter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert newsletter.headers["List-Unsubscribe"].strip("<>") in newsletter.text


OUTCOMES = st.sampled_from(
    [None, Refused("550"), Refused("550 5.1.1", dead=True), Later("451"), Unsure("cut"), Down("x")]
)


class AnyWeather(TestCase):
    """Whatever providers answer and whenever workers die."""

    @settings(max_examples=40, deadline=None)
    @given(
        outcomes=st.lists(OUTCOMES, min_size=8, max_size=8),
        purpose=st.sampled_from([Purpose.NEWSLETTER, Purpose.SERVICE]),
        dies=st.lists(st.booleans(), min_size=3, max_size=3),
        seed=st.integers(0, 99),
    )
    def test_a_promotion_goes_at_most_once_and_service_ends_in_a_named_state(
        self, outcomes: list[Outcome | None], purpose: Purpose, dies: list[bool], seed: int
    ) -> None:
        """Forty histories, each of eight people."""
        often()
        numbers = [somebody(f"c{number}") for number in range(8)]
        answers = {
            f"c{number}@example.com": told
            for number, told in enumerate(outcomes)
            if told is not None
        }
        plan("k", *numbers, purpose=purpose, valid_until=NOON + 4 * DAY)
        handed: list[str] = []
        fake = Fake(outcomes=answers, at_once=3, before=lambda it: handed.append(it.to))
        now, luck = NOON, random.Random(seed)  # noqa: S311 - no secret
        for death in dies:
            if death:
                claim("dead", now=now, most=luck.randrange(1, 5))
                if luck.random() < 0.5:
                    pass_gate("dead", get_policy(), get_company(), now=now, most=2)
            send(fake, now, most=luck.randrange(1, 9))
            now += luck.choice([MINUTE, 10 * MINUTE, HOUR])
        fake.outcomes = {}
        for _ in range(4):
            send(fake, now)
            now += DAY
        if purpose is Purpose.NEWSLETTER:
            went = fake.went_to
            assert len(went) == len(set(went))
        states = {row.state for row in Delivery.objects.all()}
        assert states <= {"sent", "skipped", "failed", "uncertain"}
        if purpose is Purpose.SERVICE:
            assert "uncertain" not in states


def test_it_is_locked_by_rows_where_the_database_can() -> None:
    assert connection.features.has_select_for_update_skip_locked == (
        connection.vendor == "postgresql"
    )
