"""What became of each message is written down, and nothing stands between two states."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from messages import (
    NOON,
    Fake,
    message,
    outcome_of,
    plan,
    send,
    somebody,
    ways,
)
from regulars.apps.contact.models import Batch, Delivery, Suppression
from regulars.apps.contact.operations.claiming import claim, take_over
from regulars.apps.contact.operations.gating import pass_gate
from regulars.apps.contact.operations.planning import Recipient, plan_deliveries
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.operations.sending import send_due
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.arriving import ATTEMPTS, DOWN, LEASE
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.transports.outgoing import (
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)
from regulars.apps.firm.queries import get_company
from regulars.apps.people.operations import erase_person
from regulars.kernel.actors import COMMAND
from soaking import SOAK

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFTEN = Policy(caps=(), balance_free=366)


def often() -> None:
    """Let the firm write as often as it likes."""
    put_policy(OFTEN, actor=COMMAND, now=NOON)


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


def erase(number: int) -> None:
    erase_person(number, actor=COMMAND, now=NOON)


def test_an_erasure_while_it_is_sent_leaves_no_address_behind() -> None:
    ona = somebody("ona")
    plan("k", ona)
    fake = Fake(before=lambda _: erase(ona))
    send(fake)
    row = Delivery.objects.get()
    assert (row.state, row.destination, row.key) == ("sent", "", "")
    assert Suppression.objects.get().reason == "erasure"


OUTCOMES = st.sampled_from(
    [None, Refused("550"), Refused("550 5.1.1", dead=True), Later("451"), Unsure("cut"), Down("x")]
)


class AnyWeather(TestCase):
    """Whatever providers answer and whenever workers die."""

    @settings(max_examples=12 * SOAK, deadline=None)
    @given(
        outcomes=st.lists(OUTCOMES, min_size=8, max_size=8),
        purpose=st.sampled_from([Purpose.NEWSLETTER, Purpose.SERVICE]),
        dies=st.lists(st.booleans(), min_size=3, max_size=3),
        seed=st.integers(0, 99),
    )
    def test_a_promotion_goes_at_most_once_and_service_ends_in_a_named_state(
        self, outcomes: list[Outcome | None], purpose: Purpose, dies: list[bool], seed: int
    ) -> None:
        """Some histories, each of eight people."""
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
