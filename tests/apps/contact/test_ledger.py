"""Whatever is said in whatever order, the last word of a person counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.apps.contact.operations.consents import ConsentData, record_consents, withdraw
from regulars.apps.contact.queries.consents import consent_of, list_consent_events
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.people.operations import ensure_customers, merge_records, part_records
from regulars.apps.people.queries import canonical_ids
from regulars.kernel.actors import COMMAND
from soaking import SOAK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EMAIL, NEWS = Channel.EMAIL, Purpose.NEWSLETTER
YES, NO, ASKED = Consent.GRANTED, Consent.WITHDRAWN, Consent.PENDING


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def customer(id_: str) -> int:
    return ensure_customers([id_], now=NOW)[id_]


def said(number: int, state: Consent, minute: int) -> ConsentData:
    return ConsentData(customer=number, purpose=NEWS, channel=EMAIL, state=state, at=at(minute))


def record(told: ConsentData) -> None:
    record_consents([told], actor=COMMAND, now=at(60))


def refuse(number: int, minute: int) -> int:
    return withdraw(number, [NEWS], [EMAIL], proof={}, actor=COMMAND, now=at(minute))


def state(number: int) -> Consent | None:
    return consent_of([number], NEWS, EMAIL)[number]


words = st.sampled_from([YES, NO, ASKED, Consent.OBJECTED])
places, minutes = st.integers(0, 3), st.integers(0, 9)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), places, words, minutes),
        st.tuples(st.just("refuse"), places, minutes),
        st.tuples(st.just("merge"), places, places),
        st.tuples(st.just("part"), places),
    ),
    max_size=14,
)


class Listener:
    """Keeps every word that it heard in a list, and reads all of it whenever it is asked."""

    def __init__(self) -> None:
        self.numbers = [customer(f"c{place}") for place in range(4)]
        self._heard: list[tuple[int, datetime, int, Consent]] = []

    def last_word(self, number: int) -> Consent | None:
        """What the person of a number said last."""
        roots = canonical_ids(self.numbers)
        theirs = [it for it in self._heard if roots[it[0]] == roots[number]]
        return max(theirs, key=lambda it: (it[1], it[2]))[3] if theirs else None

    def say(self, place: int, word: Consent, minute: int) -> None:
        """Somebody says something."""
        told = (self.numbers[place], at(minute), word)
        if told not in [(number, when, said) for number, when, _, said in self._heard]:
            self._heard.append((told[0], told[1], len(self._heard), word))
        record(said(told[0], word, minute))

    def refuse(self, place: int, minute: int) -> None:
        """Somebody follows a link."""
        number = self.numbers[place]
        before = self.last_word(number)
        assert refuse(number, minute) == (before in {None, YES, ASKED})
        row = list_consent_events(number)[0]
        if before in {None, YES, ASKED}:
            self._heard.append((row.customer, row.at, len(self._heard), row.state))
        assert self.last_word(number) in {NO, Consent.OBJECTED}

    def merge(self, place: int, into: int) -> None:
        """Two turn out to be one."""
        roots = canonical_ids(self.numbers)
        one, other = self.numbers[place], self.numbers[into]
        if roots[one] != roots[other]:
            merge_records(one, other, actor=COMMAND, now=NOW)

    def part(self, place: int) -> None:
        """They turn out not to be."""
        number = self.numbers[place]
        if canonical_ids([number])[number] != number:
            part_records(number, actor=COMMAND, now=NOW)


class TestLedger(TestCase):
    """Whatever is said, in whatever order it arrives, merged and parted meanwhile."""

    @settings(max_examples=20 * SOAK, deadline=None)
    @given(steps=steps)
    def test_the_last_word_of_a_person_counts(self, steps: list[tuple[str, Any]]) -> None:
        """An independent listener says what it is."""
        listener = Listener()
        for name, *told in steps:
            getattr(listener, name)(*told)
            words = {number: listener.last_word(number) for number in listener.numbers}
            assert {number: state(number) for number in words} == words
