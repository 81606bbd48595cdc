"""Addresses are written one way, belong to people and not to records, and make households."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.apps.contact.models import Address, ConsentEvent, Suppression
from regulars.apps.contact.operations.addresses import (
    AddressData,
    CustomerAddress,
    import_addresses,
    put_addresses,
    remove_address,
)
from regulars.apps.contact.operations.consents import CustomerConsent, import_consents
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.privacy import erase, export
from regulars.apps.contact.queries.addresses import household_of, households_of, list_addresses
from regulars.apps.contact.rules.addresses import (
    MOST_ADDRESSES,
    address_key,
    masked,
    problems_of_address,
    read_address,
)
from regulars.apps.contact.rules.households import MOST_OF_A_HOUSEHOLD, MOST_SHARING
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.journal.models import Event, Written
from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import undo_run
from regulars.apps.people.operations import (
    CustomerData,
    ensure_customers,
    import_customers,
    merge_records,
    part_records,
)
from regulars.apps.people.queries import get_number
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome, Undone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EMAIL, PHONE, POST = Channel.EMAIL, Channel.PHONE, Channel.POST

any_text = st.text(max_size=60)
labels = st.from_regex(r"[a-zA-Z0-9ąčęšžßñ]{1,10}", fullmatch=True)
local_parts = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}(\.[a-z]{1,5})?", fullmatch=True)
emails = st.builds("{}@{}.{}".format, local_parts, labels, st.sampled_from(["lt", "COM", "рф"]))
phones = st.builds("+370 6{}".format, st.from_regex(r"[0-9]{7}", fullmatch=True))
post_lines = st.lists(st.text("abc ąŽé'.,12", max_size=12), max_size=5).map("\n".join)


def email(value: str) -> AddressData:
    return AddressData(EMAIL, value)


def customers(count: int) -> list[int]:
    ids = [f"c{place:03}" for place in range(count)]
    return sorted(ensure_customers(ids, now=NOW).values())


def put(customer: int, *told: AddressData, at: datetime = NOW, complete: bool = True) -> bool:
    return put_addresses(customer, told, actor=COMMAND, now=at, complete=complete)


def values(customer: int) -> list[str]:
    return [row.value for row in list_addresses(customer)]


@pytest.mark.parametrize(
    ("channel", "told", "read"),
    [
        (EMAIL, " Ona.Onaite+shop@Example.COM ", "ona.onaite+shop@example.com"),
        (EMAIL, "ona@KAVINĖ.lt", "ona@xn--kavin-b0a.lt"),
        (EMAIL, "ona@xn--kavin-b0a.lt", "ona@xn--kavin-b0a.lt"),
        (EMAIL, "ｏｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ona@example.com"),  # noqa: RUF001 - full width
        (PHONE, "8 612 34567", "+37061234567"),
        (PHONE, "(+370) 612-34.567", "+37061234567"),
        (PHONE, "00 49 30 901820", "+4930901820"),
        (POST, "  Ona  Onaitė \r\n\r\n Vilniaus g. 1\nLT-44240 Kaunas", None),
    ],
)
def test_an_address_has_one_way_of_writing(channel: Channel, told: str, read: str | None) -> None:
    expected = "Ona Onaitė\nVilniaus g. 1\nLT-44240 Kaunas" if read is None else read
    assert read_address(channel, told, "LT") == expected


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (EMAIL, ""),
        (EMAIL, "ona"),
        (EMAIL, "ona@"),
        (EMAIL, "@example.com"),
        (EMAIL, "ona@example"),
        (EMAIL, "ona@example.123"),
        (EMAIL, "ona@-example.com"),
        (EMAIL, "ona@exa_mple.com"),
        (EMAIL, "ona@example.com."),
        (EMAIL, "ona@xn--zzzzzz-.lt"),
        (EMAIL, "ona..o@example.com"),
        (EMAIL, ".ona@example.com"),
        (EMAIL, "o na@example.com"),
        (EMAIL, "ona@example.com\r\nBcc: all@example.com"),
        (EMAIL, "Ona <ona@example.com>"),
        (EMAIL, "ona@example.com,jonas@example.com"),
        (EMAIL, "o\u0000na@example.com"),
        (EMAIL, f"{'o' * 65}@example.com"),
        (EMAIL, f"ona@{'e' * 64}.com"),
        (EMAIL, f"ona@{'exam.' * 50}com"),
        (EMAIL, "ąžuolas@example.com"),
        (PHONE, ""),
        (PHONE, "12"),
        (PHONE, "+370 612 34567 ext. 5"),
        (PHONE, "+370 FLOWERS"),
        (PHONE, "+999 612 34567"),
        (PHONE, "+370\n61234567"),
        (PHONE, "6" * 50),
        (POST, ""),
        (POST, " \n.\n"),
        (POST, "Kaunas\u0007"),
        (POST, "Kaunas\u202e"),
        (POST, "Kaunas\ud800"),
        (POST, "\n".join(["Kaunas"] * 13)),
        (POST, "K" * 1001),
    ],
)
def test_what_is_no_address_is_refused_with_what_would_be(channel: Channel, told: str) -> None:
    [problem] = problems_of_address("address", channel, told, "LT")
    assert "give" in str(problem.message)
    assert str(problem.message).isprintable()


def test_a_number_without_its_country_is_told_by_the_firms() -> None:
    assert read_address(PHONE, "0171 2345678", "DE") == "+491712345678"
    with pytest.raises(InputError, match="with its country code"):
        read_address(PHONE, "0171 2345678")


@given(channel=st.sampled_from(Channel), told=any_text | emails | phones | post_lines)
def test_reading_an_address_again_changes_nothing(channel: Channel, told: str) -> None:
    try:
        once = read_address(channel, told, "LT")
    except InputError:
        return
    assert read_address(channel, once, "LT") == once
    assert read_address(channel, once) == once
    assert len(once) <= 1000
    assert once.replace("\n", "").replace("\u200c", "").replace("\u200d", "").isprintable()
    assert masked(channel, once) != once


@given(told=emails)
def test_letters_case_and_script_of_the_domain_do_not_tell_mails_apart(told: str) -> None:
    try:
        once = read_address(EMAIL, told)
    except InputError:
        return
    local, _, domain = told.partition("@")
    assert read_address(EMAIL, f" {local.upper()}@{domain.lower()}\n".strip()) == once
    assert once.isascii()


@given(told=post_lines)
def test_spaces_and_signs_do_not_tell_postal_addresses_apart(told: str) -> None:
    try:
        once = read_address(POST, told)
    except InputError:
        return
    otherwise = read_address(POST, once.upper().replace("\n", ",\n "))
    assert address_key(POST, otherwise) == address_key(POST, once)


@pytest.mark.django_db
def test_the_first_address_is_used_first_and_the_same_again_changes_nothing() -> None:
    [ona] = customers(1)
    told = (email("ona@work.lt"), email("ona@home.lt"), AddressData(PHONE, "+37061234567"))
    assert put(ona, *told)
    assert values(ona) == ["ona@work.lt", "ona@home.lt", "+37061234567"]
    entries, news = len(list_entries()), Event.objects.count()
    assert not put(ona, *told)
    assert (len(list_entries()), Event.objects.count()) == (entries, news)
    assert put(ona, *reversed(told))
    assert values(ona) == ["ona@home.lt", "ona@work.lt", "+37061234567"]
    assert put(ona)
    assert values(ona) == []


@pytest.mark.django_db
def test_an_address_that_is_added_stands_behind_the_rest() -> None:
    [ona] = customers(1)
    put(ona, email("ona@a.lt"), email("ona@b.lt"))
    assert put(ona, email("ona@c.lt"), email("ona@a.lt"), complete=False)
    assert values(ona) == ["ona@a.lt", "ona@b.lt", "ona@c.lt"]
    assert not put(ona, email("ONA@a.lt"), complete=False)


@pytest.mark.django_db
def test_the_trail_tells_that_addresses_changed_and_not_which() -> None:
    [ona] = customers(1)
    put(ona, email("ona@a.lt"))
    put(ona, AddressData(PHONE, "+37061234567"))
    last, first = list_entries(subject=f"customer:{ona}")
    assert first.data == {"added": ["email"]}
    assert last.data == {"added": ["phone"], "removed": ["email"]}
    assert Event.objects.filter(name="AddressesChanged").count() == 2


@pytest.mark.django_db
def test_what_is_told_of_a_person_holds_for_all_records_and_parting_gives_them_back() -> None:
    ona, other = customers(2)
    put(other, email("old@a.lt"))
    merge_records(other, ona, actor=COMMAND, now=NOW)
    assert values(ona) == ["old@a.lt"]
    put(ona, email("new@a.lt"), email("old@a.lt"))
    assert values(other) == ["new@a.lt", "old@a.lt"]
    part_records(other, actor=COMMAND, now=NOW)
    assert (values(ona), values(other)) == (["new@a.lt"], ["old@a.lt"])


@pytest.mark.django_db
def test_an_address_is_removed_by_its_number_and_nobody_elses() -> None:
    ona, jonas = customers(2)
    put(ona, email("ona@a.lt"))
    put(jonas, email("jonas@a.lt"))
    [row] = list_addresses(jonas)
    assert not remove_address(ona, row.id, actor=COMMAND, now=NOW)
    assert remove_address(jonas, row.id, actor=COMMAND, now=NOW)
    assert (values(ona), values(jonas)) == (["ona@a.lt"], [])


@pytest.mark.django_db
def test_too_many_and_wrong_addresses_change_nothing() -> None:
    [ona] = customers(1)
    put(ona, email("ona@a.lt"))
    many = [email(f"ona{place}@a.lt") for place in range(MOST_ADDRESSES + 1)]
    for told in (many, [email("ona@b.lt"), email("nothing")]):
        with pytest.raises(InputError):
            put(ona, *told)
    with pytest.raises(InputError, match="no customer 0"):
        put(0, email("ona@a.lt"))
    assert values(ona) == ["ona@a.lt"]


@pytest.mark.django_db
def test_numbers_are_read_as_they_are_dialled_where_the_firm_is() -> None:
    put_policy(Policy(country="DE"), actor=COMMAND, now=NOW)
    [ona] = customers(1)
    put(ona, AddressData(PHONE, "0171 2345678"))
    assert values(ona) == ["+491712345678"]


@pytest.mark.django_db
def test_imported_addresses_are_added_once_and_undone() -> None:
    [ona] = customers(1)
    put(ona, email("ona@a.lt"))
    told = [
        CustomerAddress(customer_id="c000", channel=EMAIL, value="ona@a.lt", verified_at=NOW),
        CustomerAddress(customer_id="c000", channel=EMAIL, value="Ona@B.lt"),
        CustomerAddress(customer_id="c000", channel=EMAIL, value="ona@b.lt"),
        CustomerAddress(customer_id="new", channel=PHONE, value="+37061234567"),
    ]

    def run(name: str, minute: int) -> dict[Outcome, int]:
        moment = NOW + timedelta(minutes=minute)
        return dict(import_addresses(told, run=name, actor=COMMAND, now=moment))

    assert run("r1", 1) == {Outcome.CREATED: 2, Outcome.UPDATED: 1, Outcome.UNCHANGED: 1}
    assert run("r2", 2) == {Outcome.CREATED: 0, Outcome.UPDATED: 0, Outcome.UNCHANGED: 4}
    assert [(row.value, row.verified_at) for row in list_addresses(ona)] == [
        ("ona@a.lt", NOW),
        ("ona@b.lt", None),
    ]
    new = get_number("new")
    while undo_run("r1", actor=COMMAND, now=NOW + timedelta(minutes=3)):
        pass
    assert [(row.value, row.verified_at) for row in list_addresses(ona)] == [("ona@a.lt", None)]
    assert values(new) == []
    with pytest.raises(InputError):
        get_number("new")  # only the run had named him


@pytest.mark.django_db
def test_an_address_by_which_somebody_was_asked_is_left_until_his_consent_is_undone() -> None:
    told = [CustomerAddress(customer_id="a", channel=EMAIL, value="ona@a.lt")]
    import_addresses(told, run="r1", actor=COMMAND, now=NOW)
    said = CustomerConsent(
        customer_id="a",
        purpose=Purpose.OFFERS,
        channel=EMAIL,
        state=Consent.GRANTED,
        at=NOW,
        address="ona@a.lt",
    )
    import_consents([said], run="r2", actor=COMMAND, now=NOW + timedelta(minutes=1))
    assert undo_run("r1", actor=COMMAND, now=NOW)[Undone.LEFT] == 1
    while undo_run("r2", actor=COMMAND, now=NOW):
        pass
    assert not ConsentEvent.objects.exists()
    while undo_run("r1", actor=COMMAND, now=NOW):
        pass
    assert not Address.objects.exists()


@pytest.mark.django_db
def test_undoing_customers_leaves_those_who_can_be_reached() -> None:
    told = [CustomerData(id="a", name="Ona"), CustomerData(id="b", name="Jonas")]
    import_customers(told, run="r1", actor=COMMAND, now=NOW)
    ona = get_number("a")
    put(ona, email("ona@a.lt"))
    became = undo_run("r1", actor=COMMAND, now=NOW)
    assert became == {Undone.LEFT: 1, Undone.REMOVED: 1}
    assert values(ona) == ["ona@a.lt"]


@pytest.mark.django_db
def test_people_who_share_an_address_are_one_household() -> None:
    ona, jonas, petras, eva, alone = customers(5)
    put(ona, email("family@a.lt"), AddressData(PHONE, "+37061234567"))
    put(jonas, email("FAMILY@a.lt"))
    put(petras, AddressData(PHONE, "+370 612 34567"), AddressData(POST, "Vilniaus g. 1, Kaunas"))
    put(eva, AddressData(POST, "VILNIAUS G 1\nKaunas"))
    put(alone, email("alone@a.lt"))
    everybody = [alone, eva, petras, jonas, ona]
    assert households_of(everybody) == dict.fromkeys(everybody[1:], ona) | {alone: alone}
    assert {household_of(it) for it in everybody[1:]} == {ona}


@pytest.mark.django_db
def test_merging_joins_households_and_parting_parts_them() -> None:
    first, second, third = customers(3)
    put(first, email("a@a.lt"))
    put(second, email("b@a.lt"))
    put(third, email("b@a.lt"))
    assert household_of(third) == second
    merge_records(second, first, actor=COMMAND, now=NOW)
    assert {household_of(it) for it in (first, second, third)} == {first}
    part_records(second, actor=COMMAND, now=NOW)
    assert household_of(third) == second


@pytest.mark.django_db
def test_an_office_and_an_endless_chain_are_no_household() -> None:
    office = customers(MOST_SHARING + 1)
    for one in office:
        put(one, email("info@office.lt"))
    assert households_of(office) == {one: one for one in office}
    put(office[0])
    assert set(households_of(office[1:]).values()) == {office[1]}
    chain = customers(MOST_OF_A_HOUSEHOLD + 1 + len(office))[len(office) :]
    for place, one in enumerate(chain):
        put(one, email(f"m{place}@a.lt"), email(f"m{place + 1}@a.lt"))
    assert households_of(chain) == {one: one for one in chain}
    put(chain[-1])
    assert set(households_of(chain[:-1]).values()) == {chain[0]}
    assert household_of(chain[-2]) == chain[0]


@pytest.mark.django_db
def test_an_erasure_leaves_but_a_hash_of_an_address() -> None:
    ona, jonas = customers(2)
    put(ona, email("ona@a.lt"))
    put(jonas, email("jonas@a.lt"))
    import_addresses(
        [CustomerAddress(customer_id="c000", channel=PHONE, value="+37061234567")],
        run="r1",
        actor=COMMAND,
        now=NOW,
    )
    told = export([ona], [])
    assert [row["value"] for row in told["contact.Address"]] == [
        "ona@a.lt",
        "+37061234567",
    ]
    erase([ona], [])
    erase([ona], [])
    assert values(ona) == []
    assert not Written.objects.filter(kind="contact.address").exists()
    held = Suppression.objects.values_list("key", "channel", "scope", "reason")
    assert set(held) == {
        (address_key(EMAIL, "ona@a.lt"), "email", "all", "erasure"),
        (address_key(PHONE, "+37061234567"), "phone", "all", "erasure"),
    }
    assert not any("ona" in str(row) for row in Suppression.objects.values())
