"""Old addresses and consents come from files: mapped, judged, counted, undone, told again."""

from datetime import UTC, datetime

import pytest

from imports import asked, counts, imported, ndjson, refused, worked
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.consents import list_consent_events, list_consents
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.intake.operations import undo_import
from regulars.apps.intake.queries import get_run
from regulars.apps.intake.rules import Aim, How, Kind, State
from regulars.apps.people.operations import ensure_customers
from regulars.apps.people.queries import get_number, numbers_of
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESSES = """client;e-mail;mobile;adresas
ona;Ona@Example.com;8 612 34567;Pilies 1, Vilnius
jonas;jonas@example;;
eva;;;
petras;petras@example.com;612;
ona;ona@example.com;;
"""
CONSENTS = """customer_id,list,subscribed,date,version,lang,email,form,ip
ona,Newsletter,yes,2019-05-04T10:00:00Z,2018-2,lt,ona@example.com,shop checkout,192.0.2.1
ona,newsletter,no,2021-05-04T10:00:00Z,,,,footer link,
jonas,offers,Subscribed,2019-05-04,2018-2,lt,,paper 17,
eva,offers,perhaps,2019-05-04,,,,,
petras,spam,yes,2019-05-04,,,,,
rasa,offers,yes,2199-05-04,,,,,
"""
PLAIN = How()

pytestmark = pytest.mark.django_db


def undone(number: int) -> None:
    undo_import(number, actor=COMMAND, now=NOW)
    worked()
    assert get_run(number).state is State.UNDONE


def test_addresses_are_taken_from_a_table_however_its_columns_are_called() -> None:
    put_policy(Policy(country="LT"), actor=COMMAND, now=NOW)
    run = imported(ADDRESSES, Kind.ADDRESSES, PLAIN)
    assert run.reason is None
    assert counts(run) == (5, 3, 3, 0, 1)
    assert [row.value for row in list_addresses(get_number("ona"))] == [
        "ona@example.com",
        "+37061234567",
        "Pilies 1, Vilnius",
    ]
    found = {row.line: row.reason for row in refused(run)}
    assert found.keys() == {3, 4, 5}
    assert found[3].startswith("email: jonas@example is no address of e-mail: give one such as")
    assert found[4] == "The row tells no address: give email, phone or post."
    assert "612 is no telephone number: give one as it is dialled in LT" in found[5]


def test_old_consents_keep_their_proof_in_every_column_that_is_left() -> None:
    run = imported(CONSENTS, Kind.CONSENTS, PLAIN)
    assert run.reason is None
    assert counts(run) == (6, 3, 3, 0, 0)
    no, yes = list_consent_events(get_number("ona"))
    assert (yes.purpose, yes.channel, yes.state) == (
        Purpose.NEWSLETTER,
        Channel.EMAIL,
        Consent.GRANTED,
    )
    assert (yes.wording, yes.language, yes.basis) == ("2018-2", "lt", Basis.CONSENT)
    assert yes.at == datetime(2019, 5, 4, 10, tzinfo=UTC)
    assert (yes.proof["form"], yes.proof["ip"]) == ("shop checkout", "192.0.2.1")
    assert yes.proof["address"] == "ona@example.com"
    assert (no.state, no.proof) == (Consent.WITHDRAWN, {"form": "footer link"})
    found = {row.line: row.reason for row in refused(run)}
    assert found.keys() == {5, 6, 7}
    assert "granted" in found[5]
    assert "newsletter" in found[6]


def test_the_same_file_again_adds_nothing_and_undoing_takes_all_of_it_back() -> None:
    ensure_customers(["jonas"], now=NOW)
    for content, kind in ((ADDRESSES, Kind.ADDRESSES), (CONSENTS, Kind.CONSENTS)):
        first = imported(content, kind, PLAIN)
        again = imported(content, kind, PLAIN)
        assert (again.created, again.updated) == (0, 0)
        assert again.unchanged == first.created + first.unchanged
        undone(first.id)
    known = numbers_of(["ona", "jonas"])
    assert list(known) == ["jonas"]
    assert list_consents(known["jonas"]) == []


def test_a_trial_writes_nothing() -> None:
    run = imported(CONSENTS, Kind.CONSENTS, PLAIN, Aim.TRIAL)
    assert (run.created, run.rejected) == (3, 3)
    assert numbers_of(["ona"]) == {}


def test_consents_are_told_as_lines_of_json_too() -> None:
    row = {
        "customer_id": "ona",
        "purpose": "events",
        "channel": "phone",
        "state": "granted",
        "basis": "soft opt-in",
        "at": "2020-01-02T03:04:05+02:00",
        "proof": {"call": 12, "agreed": True},
    }
    bad = {**row, "at": "yesterday"}
    run = imported(ndjson(row, bad), Kind.CONSENTS, PLAIN, name="consents.ndjson")
    assert counts(run) == (2, 1, 1, 0, 0)
    [kept] = list_consents(get_number("ona"))
    assert (kept.proof, kept.basis) == ({"call": 12, "agreed": True}, Basis.SOFT_OPT_IN)
    assert "at" in refused(run)[0].reason


def test_a_look_shows_which_columns_were_found() -> None:
    number = asked(CONSENTS, Kind.CONSENTS, PLAIN, Aim.PREVIEW)
    worked()
    findings = get_run(number).findings
    assert findings.columns["purpose"] == "list"
    assert findings.columns["state"] == "subscribed"
    assert findings.columns["at"] == "date"
    assert "proof" not in findings.columns
