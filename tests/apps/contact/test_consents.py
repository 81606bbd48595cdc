"""What people said is only added to; the last word counts, of whichever record."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from regulars.apps.contact.models import ConsentEvent, Suppression, Wording
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.asking import ASK_AGAIN, ask_consent, confirm_consent
from regulars.apps.contact.operations.consents import (
    ConsentData,
    CustomerConsent,
    import_consents,
    put_consent,
    record_consents,
    withdraw,
)
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.operations.wordings import put_wording
from regulars.apps.contact.privacy import erase, export
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.consents import (
    consent_of,
    list_consent_events,
    list_consents,
    list_wordings,
)
from regulars.apps.contact.queries.suppressions import SuppressionRow, suppressed_at
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.consents import Said, problems_of_said
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import (
    Basis,
    Channel,
    Consent,
    Purpose,
    Scope,
    Withheld,
)
from regulars.apps.journal.models import Event
from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import undo_run
from regulars.apps.people.operations import (
    CustomerData,
    ensure_customers,
    erase_person,
    import_customers,
    merge_records,
    part_records,
)
from regulars.apps.people.queries import get_number
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome, Undone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EMAIL, NEWS = Channel.EMAIL, Purpose.NEWSLETTER
YES, NO, ASKED = Consent.GRANTED, Consent.WITHDRAWN, Consent.PENDING


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def customer(id_: str = "ona") -> int:
    return ensure_customers([id_], now=NOW)[id_]


def said(
    number: int,
    state: Consent = YES,
    minutes: int = 0,
    purpose: Purpose = NEWS,
    channel: Channel = EMAIL,
) -> ConsentData:
    return ConsentData(
        customer=number, purpose=purpose, channel=channel, state=state, at=at(minutes)
    )


def record(*told: ConsentData) -> int:
    return record_consents(told, actor=COMMAND, now=at(60))


def refuse(number: int, minutes: int = 30, purposes: Sequence[Purpose] = (NEWS,)) -> int:
    return withdraw(number, purposes, [EMAIL], proof={"link": "x"}, actor=COMMAND, now=at(minutes))


def reach(number: int, *values: str) -> None:
    told = [AddressData(EMAIL, value) for value in values]
    put_addresses(number, told, actor=COMMAND, now=NOW)


def ask(number: int, minutes: int = 0, address: str = "") -> int | None:
    told = replace(said(number, minutes=minutes), address=address, wording="v2", language="lt")
    return ask_consent(told, actor=COMMAND, now=at(minutes))


def confirm(event: int | None, minutes: int = 10) -> bool:
    assert event is not None
    return confirm_consent(event, proof={"ip": "192.0.2.1"}, actor=COMMAND, now=at(minutes))


def state(number: int, purpose: Purpose = NEWS, channel: Channel = EMAIL) -> Consent | None:
    return consent_of([number], purpose, channel)[number]


def list_suppressed(number: int) -> list[SuppressionRow]:
    return suppressed_at([row.key for row in list_addresses(number)])


def suppress(value: str, scope: Scope, reason: Withheld) -> None:
    Suppression.objects.create(
        key=address_key(EMAIL, value), channel="email", scope=scope, reason=reason, at=NOW, by="x"
    )


@pytest.mark.django_db
def test_the_same_again_is_kept_once() -> None:
    ona = customer()
    told = [said(ona), said(ona, NO, 5), said(ona)]
    assert record(*told) == 2
    entries, news = len(list_entries()), Event.objects.count()
    assert record(*reversed(told)) == 0
    assert (len(list_entries()), Event.objects.count()) == (entries, news)
    assert [row.state for row in list_consent_events(ona)] == [NO, YES]
    assert state(ona) is NO


@pytest.mark.django_db
def test_what_was_said_earlier_does_not_count_however_late_it_is_told() -> None:
    ona = customer()
    record(said(ona, NO, 10))
    record(said(ona, YES, 5))
    assert state(ona) is NO
    assert state(ona, Purpose.OFFERS) is None
    assert state(ona, NEWS, Channel.PHONE) is None


@pytest.mark.django_db
def test_saying_it_now_is_new_only_if_it_is_something_else() -> None:
    ona = customer()
    assert put_consent(said(ona), actor=COMMAND, now=NOW)
    assert not put_consent(said(ona, minutes=5), actor=COMMAND, now=NOW)
    assert put_consent(replace(said(ona, minutes=6), wording="v2"), actor=COMMAND, now=NOW)
    assert put_consent(said(ona, NO, 7), actor=COMMAND, now=NOW)
    assert len(list_consent_events(ona)) == 3


@pytest.mark.django_db
def test_a_no_of_one_record_counts_for_the_person_by_its_time() -> None:
    ona, other = customer(), customer("other")
    record(said(ona, YES, 5), said(other, NO, 10))
    assert (state(ona), state(other)) == (YES, NO)
    merge_records(other, ona, actor=COMMAND, now=NOW)
    assert (state(ona), state(other)) == (NO, NO)
    record(said(ona, YES, 20))
    assert (state(ona), state(other)) == (YES, YES)
    part_records(other, actor=COMMAND, now=NOW)
    assert (state(ona), state(other)) == (YES, NO)


@pytest.mark.django_db
def test_withdrawing_stands_behind_a_clock_that_is_ahead_and_is_written_once() -> None:
    ona = customer()
    record(said(ona, YES, 50))
    assert refuse(ona, 30) == 1
    assert state(ona) is NO
    assert refuse(ona, 31) == 0
    assert refuse(ona, 32, [NEWS, Purpose.OFFERS, Purpose.SERVICE]) == 1
    assert state(ona, Purpose.SERVICE) is None
    event = list_consents(ona)[0]
    assert (event.proof, event.basis) == ({"link": "x"}, Basis.CONSENT)


@pytest.mark.django_db
def test_a_link_withdraws_for_the_record_it_was_made_for() -> None:
    ona, other = customer(), customer("other")
    record(said(ona), said(other))
    merge_records(other, ona, actor=COMMAND, now=NOW)
    assert refuse(other) == 1
    assert (state(ona), list_consent_events(ona)[0].customer) == (NO, other)
    assert refuse(ona) == 0


@pytest.mark.django_db
def test_nobody_who_was_erased_says_anything() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    event = ask(ona)
    record(said(ona))
    erase_person(ona, actor=COMMAND, now=NOW)
    assert refuse(ona) == 0
    with pytest.raises(InputError, match="erased"):
        record(said(ona, minutes=1))
    with pytest.raises(InputError, match="no customer 0"):
        record(said(0))
    assert not confirm(event)


@pytest.mark.django_db
def test_a_yes_counts_once_it_is_confirmed() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    event = ask(ona)
    assert state(ona) is ASKED
    assert ask(ona, 1) is None
    assert confirm(event)
    row = list_consents(ona)[0]
    assert (row.state, row.basis, row.wording, row.language) == (YES, Basis.CONSENT, "v2", "lt")
    assert row.proof["ip"] == "192.0.2.1"
    assert row.proof["asked"] == event
    assert list_addresses(ona)[0].verified_at == at(10)
    assert not confirm(event)
    assert ask(ona, 20) is None


@pytest.mark.django_db
def test_a_confirmation_older_than_a_no_does_nothing() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    old = ask(ona)
    assert refuse(ona, 5) == 1
    assert not confirm(old)
    assert state(ona) is NO
    new = ask(ona, 20)
    assert not confirm(old, 21)
    assert confirm(new, 22)
    assert state(ona) is YES


@pytest.mark.django_db
def test_of_two_questions_either_answer_counts() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    first = ask(ona)
    second = ask(ona, int(ASK_AGAIN.total_seconds() // 60))
    assert second is not None
    assert confirm(first, 61)
    assert not confirm(second, 62)
    assert [row.state for row in list_consent_events(ona)] == [YES, ASKED, ASKED]


@pytest.mark.django_db
def test_a_link_to_an_address_that_is_hers_no_longer_does_nothing() -> None:
    ona = customer()
    reach(ona, "old@a.lt")
    old = ask(ona)
    reach(ona, "new@a.lt")
    assert not confirm(old)
    assert state(ona) is ASKED
    new = ask(ona, 1)  # another address: nobody need wait
    assert confirm(new)


@pytest.mark.django_db
def test_a_no_between_counts_of_whichever_record() -> None:
    ona, other = customer(), customer("other")
    reach(ona, "ona@a.lt")
    event = ask(ona)
    record(said(other, NO, 5))
    merge_records(ona, other, actor=COMMAND, now=NOW)
    assert not confirm(event)
    part_records(ona, actor=COMMAND, now=NOW)
    assert confirm(event)


@pytest.mark.django_db
def test_an_address_of_a_merged_record_is_asked_and_confirmed() -> None:
    ona, other = customer(), customer("other")
    reach(other, "ona@a.lt")
    merge_records(other, ona, actor=COMMAND, now=NOW)
    assert confirm(ask(ona))
    assert state(other) is YES


@pytest.mark.django_db
def test_nobody_is_asked_where_he_would_not_be_written_to() -> None:
    ona = customer()
    with pytest.raises(InputError, match="no address of the kind email"):
        ask(ona)
    reach(ona, "first@a.lt", "second@a.lt")
    with pytest.raises(InputError, match="is not the address that is used"):
        ask(ona, address="Second@a.lt")
    assert ask(ona, address="FIRST@a.lt") is not None


@pytest.mark.django_db
def test_a_yes_counts_at_once_where_the_firm_says_so_and_by_post() -> None:
    ona = customer()
    by_post = replace(said(ona, channel=Channel.POST), proof={"card": "12"})
    ask_consent(by_post, actor=COMMAND, now=NOW)
    assert state(ona, NEWS, Channel.POST) is YES
    put_policy(Policy(double_opt_in=False), actor=COMMAND, now=NOW)
    ask(ona)
    assert state(ona) is YES


@pytest.mark.django_db
def test_whoever_subscribes_again_is_written_to_again() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    record(said(ona))
    suppress("ona@a.lt", Scope.PROMOTION, Withheld.COMPLAINT)
    suppress("ona@a.lt", Scope.SURVEYS, Withheld.COMPLAINT)
    suppress("ona@a.lt", Scope.ALL, Withheld.HARD_BOUNCE)
    suppress("other@a.lt", Scope.ALL, Withheld.MANUAL)
    refuse(ona, 5)
    assert confirm(ask(ona, 6))
    [left] = list_suppressed(ona)
    assert (left.scope, left.reason) == (Scope.SURVEYS, Withheld.COMPLAINT)
    assert Suppression.objects.filter(lifted_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_whoever_was_erased_comes_back_by_double_opt_in() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    old = ask(ona)
    erase([ona], [])
    assert not confirm(old)
    again = customer("again")
    reach(again, "ona@a.lt")
    assert [row.reason for row in list_suppressed(again)] == [Withheld.ERASURE]
    assert confirm(ask(again))
    assert list_suppressed(again) == []
    assert state(again) is YES


@pytest.mark.django_db
def test_an_erasure_empties_the_proof_and_leaves_that_it_was_said() -> None:
    ona = customer()
    reach(ona, "ona@a.lt")
    record(replace(said(ona), proof={"ip": "192.0.2.7"}, address="ona@a.lt"))
    assert "192.0.2.7" in json.dumps(export([ona], []), default=str)
    erase([ona], [])
    [row] = list_consent_events(ona)
    assert (row.state, row.proof, row.address, row.at) == (YES, {}, None, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "'granted'"),
        ("at", "recorded_at"),
        ("actor", "'staff:1'"),
        ("proof", '\'{"ip": "198.51.100.1"}\''),
        ("wording", "'v9'"),
    ],
)
def test_the_database_itself_keeps_what_was_said(column: str, value: str) -> None:
    ona = customer()
    record(replace(said(ona, NO), proof={"ip": "192.0.2.7"}))
    for statement in (
        f"UPDATE contact_consentevent SET {column} = {value}",  # noqa: S608 - a test's own
        "DELETE FROM contact_consentevent",
    ):
        with (
            pytest.raises(DatabaseError, match="only added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    ConsentEvent.objects.update(proof={}, address=None)
    assert list_consent_events(ona)[0].proof == {}


@pytest.mark.django_db
def test_old_consents_are_imported_with_their_proof_once_and_undone() -> None:
    told = [
        CustomerConsent(
            customer_id=id_,
            purpose=NEWS,
            channel=EMAIL,
            state=YES,
            at=at(minutes),
            wording="2019",
            language="lt",
            proof={"form": "shop", "ip": "192.0.2.1"},
            address="ona@a.lt",
        )
        for id_, minutes in (("a", 1), ("b", 1), ("a", 1), ("a", 2))
    ]
    mine = customer("a")
    record(said(mine, NO, -1))

    def run(name: str, minute: int) -> dict[Outcome, int]:
        return dict(import_consents(told, run=name, actor=COMMAND, now=at(minute)))

    assert run("r1", 70) == {Outcome.CREATED: 3, Outcome.UNCHANGED: 1}
    assert run("r2", 80) == {Outcome.CREATED: 0, Outcome.UNCHANGED: 4}
    proof = list_consents(mine)[0].proof
    assert proof == {
        "form": "shop",
        "ip": "192.0.2.1",
        "address": "ona@a.lt",
        "address_key": address_key(EMAIL, "ona@a.lt"),
    }
    assert list_entries(subject="run:r1")[0].data == {"count": 3}
    became = []
    while step := undo_run("r1", actor=COMMAND, now=at(90)):
        became.append(step)
    assert became == [{Undone.REMOVED: 3}, {Undone.REMOVED: 1}]
    assert [row.state for row in list_consent_events(mine)] == [NO]
    with pytest.raises(InputError):
        get_number("b")


@pytest.mark.django_db
def test_what_somebody_said_keeps_his_record_when_its_import_is_undone() -> None:
    import_customers([CustomerData(id="a", name="Ona")], run="r1", actor=COMMAND, now=NOW)
    number = get_number("a")
    record(said(number, NO))
    assert undo_run("r1", actor=COMMAND, now=NOW) == {Undone.LEFT: 1}
    assert state(number) is NO


@pytest.mark.django_db
def test_a_wording_stays_as_it_was_shown() -> None:
    def put(text: str, version: str = "v1") -> bool:
        return put_wording(NEWS, version, "lt", text, actor=COMMAND, now=NOW)

    assert put("Sutinku gauti naujienlaiškį.")
    assert not put("Sutinku gauti naujienlaiškį.")
    with pytest.raises(InputError, match="Give the new words another version"):
        put("Sutinku su viskuo.")
    with pytest.raises(InputError, match="A text has 1 to 10,000"):
        put(" ", "v2")
    assert [row.text for row in list_wordings(NEWS)] == ["Sutinku gauti naujienlaiškį."]
    assert list_wordings(Purpose.OFFERS) == []
    for write in (Wording.objects.all().delete, lambda: Wording.objects.update(text="x")):
        with pytest.raises(DatabaseError, match="stays as it was shown"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": Purpose.SERVICE}, "purpose"),
        ({"at": NOW + timedelta(seconds=1)}, "at"),
        ({"at": datetime(1970, 1, 1, tzinfo=UTC)}, "at"),
        ({"language": "?"}, "language"),
        ({"language": "aaa-bbbbbbbb"}, "language"),
        ({"wording": "v\n1"}, "wording"),
        ({"wording": "v" * 41}, "wording"),
        ({"proof": {"text": "x" * 10_000}}, "proof"),
    ],
)
def test_what_cannot_have_been_said_is_refused(change: dict[str, object], field: str) -> None:
    told = Said(purpose=NEWS, channel=EMAIL, state=YES, at=NOW)
    assert not list(problems_of_said(told, NOW))
    [problem] = problems_of_said(replace(told, **change), NOW)  # type: ignore[arg-type]
    assert problem.field == field
    assert "ive" in str(problem.message) or "has 1 to" in str(problem.message)
