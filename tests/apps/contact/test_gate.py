"""The gate is pure: the same facts give the same decision, and every no has its reason."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.apps.contact.rules.gate import AHEAD, Defer, Facts, Held, Send, Skip, Way, decide
from regulars.apps.contact.rules.policy import Cap, Policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.contact.rules.quiet import quiet_until
from regulars.apps.contact.rules.states import Reason

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
POLICY = Policy()
EMAIL = Way(Channel.EMAIL, "a@example.com", "k", said=Consent.GRANTED)
PHONE = Way(Channel.PHONE, "+37060012345", "p", said=Consent.GRANTED)
DAY = timedelta(days=1)
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, tzinfo=None))
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


def facts(purpose: Purpose = Purpose.NEWSLETTER, **told: object) -> Facts:
    """Of somebody who may be written to at noon."""
    given_ = {"purpose": purpose, "zone": UTC_ZONE, "ways": (EMAIL,)} | told
    return Facts(**given_)  # type: ignore[arg-type]


def test_it_lets_through_what_nothing_holds_back() -> None:
    assert decide(facts(), POLICY, NOON) == Send(EMAIL)


@pytest.mark.parametrize(
    ("told", "skip"),
    [
        ({"not_due": "bought since"}, Skip(Reason.NOT_DUE, "bought since")),
        ({"valid_until": NOON}, Skip(Reason.LATE)),
        ({"stopped": True}, Skip(Reason.CANCELLED)),
        ({"erased": True}, Skip(Reason.ERASED)),
        ({"has_it": True}, Skip(Reason.HAS_IT)),
        ({"ways": ()}, Skip(Reason.NO_ADDRESS)),
        ({"holds": (Held(Kind.PROMOTION, "complaint", None),)}, Skip(Reason.HOLD, "complaint")),
    ],
)
def test_it_refuses_for_good_with_the_reason(told: dict[str, object], skip: Skip) -> None:
    assert decide(replace(facts(), **told), POLICY, NOON) == skip  # type: ignore[arg-type]


def test_the_sender_is_asked_before_anything_else() -> None:
    told = facts(not_due="bought since", erased=True, ways=(), valid_until=NOON)
    assert decide(told, POLICY, NOON) == Skip(Reason.NOT_DUE, "bought since")


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("scope", list(Scope))
def test_a_suppression_holds_back_its_scope_and_nothing_else(
    purpose: Purpose, scope: Scope
) -> None:
    way = Way(Channel.EMAIL, "a", "k", ((scope, Withheld.MANUAL),), Consent.GRANTED)
    covered = {
        Scope.ALL: set(Kind),
        Scope.PROMOTION: {Kind.PROMOTION},
        Scope.SURVEYS: {Kind.SURVEY},
    }
    decision = decide(facts(purpose, ways=(way,)), POLICY, NOON)
    if purpose.kind in covered[scope]:
        assert decision == Skip(Reason.SUPPRESSED, "manual")
    else:
        assert decision == Send(way)


def test_suppression_is_told_before_consent() -> None:
    way = Way(Channel.EMAIL, "a", "k", ((Scope.ALL, Withheld.COMPLAINT),), Consent.WITHDRAWN)
    assert decide(facts(ways=(way,)), POLICY, NOON) == Skip(Reason.SUPPRESSED, "complaint")


@pytest.mark.parametrize("said", [None, *Consent])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_promotions_take_a_yes_and_all_else_but_service_heeds_a_no(
    purpose: Purpose, said: Consent | None
) -> None:
    way = Way(Channel.EMAIL, "a", "k", said=said)
    no = said in {Consent.WITHDRAWN, Consent.OBJECTED}
    refused = {Kind.PROMOTION: said is not Consent.GRANTED, Kind.SERVICE: False}
    decision = decide(facts(purpose, ways=(way,)), POLICY, NOON)
    assert isinstance(decision, Skip) is refused.get(purpose.kind, no)


def test_the_first_way_that_is_open_is_taken() -> None:
    shut = Way(Channel.EMAIL, "a", "k", said=Consent.WITHDRAWN)
    assert decide(facts(ways=(shut, PHONE)), POLICY, NOON) == Send(PHONE)


def test_whoever_shares_an_address_gets_one_mail_unless_it_is_service() -> None:
    there = Way(Channel.EMAIL, "a", "k", said=Consent.GRANTED, has_it=True)
    assert decide(facts(ways=(there,)), POLICY, NOON) == Skip(Reason.HAS_IT, "address")
    assert decide(facts(Purpose.SERVICE, ways=(there,)), POLICY, NOON) == Send(there)


def test_a_hold_of_another_class_or_one_that_ended_holds_nothing() -> None:
    holds = (Held(Kind.SURVEY, "asked", None), Held(Kind.PROMOTION, "quiet group", NOON))
    assert decide(facts(holds=holds), POLICY, NOON) == Send(EMAIL)


def test_a_hold_with_an_end_is_waited_for() -> None:
    holds = (Held(Kind.PROMOTION, "quiet group", NOON + DAY),)
    assert decide(facts(holds=holds), POLICY, NOON) == Defer(
        NOON + DAY, Reason.HOLD, "quiet group"
    )


def test_whoever_was_asked_is_not_asked_again_before_his_time() -> None:
    told = facts(Purpose.SURVEY, asked_until=NOON + DAY)
    assert decide(told, POLICY, NOON) == Defer(NOON + DAY, Reason.ASKED)
    assert decide(told, POLICY, NOON + DAY) == Send(EMAIL)


def test_what_would_wait_until_it_is_of_no_use_is_skipped_for_that_reason() -> None:
    evening = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    late = facts(valid_until=datetime(2026, 11, 24, 0, tzinfo=UTC))
    assert decide(late, POLICY, evening) == Skip(Reason.QUIET)
    assert decide(late, POLICY, evening - timedelta(hours=1)) == Send(EMAIL)


def test_service_goes_at_night_and_however_often() -> None:
    told = facts(Purpose.SERVICE, went=[NIGHT] * 50, asked_until=NIGHT + DAY)
    assert decide(told, POLICY, NIGHT) == Send(EMAIL)


def test_without_credits_promotions_stop_at_what_weighs_nothing_and_praise_lets_more_go() -> None:
    policy = Policy(caps=(), balance_free=2, balance_factor=1)
    went = [NOON - 3 * DAY, NOON - 2 * DAY]
    assert decide(facts(went=went), policy, NOON) == Defer(
        NOON - 3 * DAY + timedelta(days=90), Reason.BALANCE, "2 of 2"
    )
    assert decide(facts(went=went, credits=1), policy, NOON) == Send(EMAIL)
    none = Policy(caps=(), balance_free=0)
    assert decide(facts(), none, NOON) == Skip(Reason.BALANCE, "0 of 0")


def test_what_is_more_important_and_not_decided_yet_is_waited_for() -> None:
    policy = Policy(caps=(Cap(Kind.PROMOTION, 1, DAY),))
    assert decide(facts(ahead=1), policy, NOON) == Defer(
        NOON + AHEAD, Reason.FREQUENCY, "1 in 24 h"
    )


@given(
    went=st.lists(st.integers(0, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))),
    most=st.integers(0, 5),
    hours=st.integers(1, 24 * 40),
    now=MOMENTS,
)
def test_a_cap_counts_what_went_in_a_window_that_moves_with_the_clock(
    went: list[timedelta], most: int, hours: int, now: datetime
) -> None:
    """Over summer time and month ends: the window is so many hours, whatever the calendar says."""
    cap = Cap(Kind.PROMOTION, most, timedelta(hours=hours))
    policy = Policy(caps=(cap,), balance_free=366, quiet_from=time(0), quiet_until=time(0))
    at = [now - ago for ago in went]
    decision = decide(facts(went=at), policy, now)
    within = sum(timedelta(0) <= now - it < cap.window for it in at)
    assert isinstance(decision, Send) == (within < most)
    if isinstance(decision, Defer) and most:
        assert now < decision.until <= now + cap.window
        later = decide(facts(went=at), policy, decision.until)
        assert isinstance(later, Send)
        before = decide(facts(went=at), policy, decision.until - timedelta(seconds=1))
        assert isinstance(before, Defer)


@given(now=MOMENTS, zone=ZONES, begins=CLOCKS, ends=CLOCKS)
@example(
    datetime(2027, 3, 28, 0, 15, tzinfo=UTC), ZoneInfo("Europe/Vilnius"), time(22), time(3, 30)
)
@example(
    datetime(2026, 10, 25, 0, 15, tzinfo=UTC), ZoneInfo("Europe/Vilnius"), time(22), time(3, 30)
)
@example(
    datetime(2026, 12, 31, 10, 30, tzinfo=UTC), ZoneInfo("Pacific/Kiritimati"), time(21), time(8)
)
@example(
    datetime(2026, 12, 31, 10, 30, tzinfo=UTC), ZoneInfo("Pacific/Pago_Pago"), time(21), time(8)
)
@example(
    datetime(2027, 4, 3, 14, 45, tzinfo=UTC), ZoneInfo("Australia/Lord_Howe"), time(21), time(2)
)
def test_quiet_hours_end_at_the_recipients_hour_and_never_in_the_middle_of_the_night(
    now: datetime, zone: ZoneInfo, begins: time, ends: time
) -> None:
    until = quiet_until(now, zone, begins, ends)
    clock = now.astimezone(zone).time()
    quiet = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    assert (until is not None) == quiet
    if until is not None:
        assert now < until <= now + timedelta(hours=50)
        # it is over then, or the night has no such hour: nobody is disturbed in his quiet hours
        assert quiet_until(until, zone, begins, ends) is None


@given(now=MOMENTS, zone=ZONES)
def test_whatever_the_zone_nothing_but_service_goes_in_quiet_hours(
    now: datetime, zone: ZoneInfo
) -> None:
    decision = decide(facts(zone=zone), POLICY, now)
    clock = now.astimezone(zone).time()
    if isinstance(decision, Send):
        assert time(8) <= clock < time(21)
    else:
        assert isinstance(decision, Defer)
        assert decision.until.astimezone(zone).time() >= time(8)
