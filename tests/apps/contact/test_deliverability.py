"""Whether mails of a domain are believed, by records that are planted here: no network."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from regulars.apps.contact.deliverability.checking import Sending, check_domain, read_domain
from regulars.apps.contact.deliverability.findings import About, Finding, Report, Severity
from regulars.apps.contact.deliverability.names import Dns, NoAnswerError
from regulars.kernel.errors import InputError

LONG = base64.b64encode(b"k" * 294).decode()
SHORT = base64.b64encode(b"k" * 162).decode()
WEAK = base64.b64encode(b"k" * 94).decode()
SHOP = Sending(domain="shop.example", address="https://regulars.shop.example")
GOOD: Mapping[str, Sequence[str]] = {
    "MX shop.example": ["mx.shop.example"],
    "shop.example": [
        "google-site-verification=abc",
        "v=spf1 include:spf.host.example ip4:192.0.2.0/24 -all",
    ],
    "spf.host.example": ["v=spf1 a mx ip6:2001:db8::/32 ~all"],
    "google._domainkey.shop.example": [f"v=DKIM1; k=rsa; p={LONG}"],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example"],
}


class Planted:
    """A name system with planted records; of names in ``silent`` it says nothing."""

    def __init__(self, records: Mapping[str, Sequence[str]], *silent: str) -> None:
        self.records, self.silent = records, silent
        self.asked: list[str] = []

    def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name."""
        self.asked.append(name)
        if name in self.silent:
            raise NoAnswerError(name)
        return self.records.get(name, [])

    def mail_servers(self, name: str) -> Sequence[str]:
        """The MX records of a name."""
        if name in self.silent:
            raise NoAnswerError(name)
        return self.records.get(f"MX {name}", [])


def check(more: Mapping[str, Sequence[str]] | None = None, sending: Sending = SHOP) -> Report:
    return check_domain(sending, Planted({**GOOD, **(more or {})}))


def of(report: Report, about: About) -> list[Finding]:
    return [it for it in report.findings if it.about is about]


def worst(report: Report, about: About) -> tuple[Severity, str]:
    """The gravest finding about something: how grave, and the sentence."""
    order = list(Severity)
    found = max(of(report, about), key=lambda it: order.index(it.severity))
    return found.severity, str(found.what)


def test_a_domain_in_order_has_nothing_to_do() -> None:
    report = check()
    assert report.severity is Severity.GOOD
    assert [it.about for it in report.findings] == [
        About.SPF,
        About.DKIM,
        About.DMARC,
        About.ALIGNMENT,
        About.ONE_CLICK,
    ]
    assert {it.todo for it in report.findings} == {None}
    assert of(report, About.DKIM)[0].record.startswith("v=DKIM1")


def test_a_domain_without_records_is_told_what_to_publish() -> None:
    report = check_domain(Sending(domain="new.example"), Planted({}))
    assert report.severity is Severity.PROBLEM
    todo = " ".join(str(it.todo) for it in report.findings)
    for told in ("MX record", "v=spf1", "selector", "_dmarc.new.example", "REGULARS_ADDRESS"):
        assert told in todo


CHAIN = {f"n{it}.example": [f"v=spf1 include:n{it + 1}.example ~all"] for it in range(12)}
CHAIN["n12.example"] = ["v=spf1 -all"]


@pytest.mark.parametrize(
    ("records", "severity", "told"),
    [
        (["v=spf1 -all", "v=spf1 +all"], "problem", "more than one SPF record"),
        (["v=spf1 +all"], "problem", "lets everybody send"),
        (["v=spf1 all"], "problem", "lets everybody send"),
        (["v=spf1 a ?all"], "warning", "does not say that other servers may not"),
        (["v=spf1 a"], "warning", "does not say that other servers may not"),
        (["v=spf1 include: -all"], "problem", "include: means nothing"),
        (["v=spf1 ipv4:192.0.2.1 -all"], "problem", "ipv4:192.0.2.1 means nothing"),
        (["v=spf1 include:gone.example -all"], "problem", "gone.example, which has none"),
        (["v=spf1 include:shop.example -all"], "problem", "names itself again"),
        (["v=spf1 include:n0.example -all"], "problem", "look-ups"),
        (["v=spf1" + " a:x.example" * 10 + " -all"], "good", "names the servers"),
        (["v=spf1" + " a:x.example" * 11 + " -all"], "problem", "takes 11 look-ups"),
        (["v=spf1 exists:%{i}.x.example -all"], "good", "names the servers"),
        (["v=spf1 redirect=spf.host.example"], "good", "names the servers"),
        (["V=SPF1 MX ~ALL"], "good", "names the servers"),
        (["v=spf10 -all"], "problem", "does not say which servers"),
    ],
)
def test_spf_is_read_as_servers_read_it(records: list[str], severity: str, told: str) -> None:
    report = check({"shop.example": records, **CHAIN})
    found, text = worst(report, About.SPF)
    assert found == severity
    assert told in text


@pytest.mark.parametrize(
    ("record", "severity", "told"),
    [
        (f"k=rsa; p={LONG}", "good", "in order"),
        (f"v=DKIM1; k=ed25519; p={base64.b64encode(b'k' * 32).decode()}", "good", "in order"),
        (f"p={LONG[:100]} {LONG[100:]}", "good", "in order"),
        (f"p={SHORT}", "note", "is short"),
        (f"p={WEAK}", "problem", "is short"),
        (f"p={LONG}; t=y", "warning", "only being tried"),
        ("v=DKIM1; p=", "problem", "was withdrawn"),
        ("v=DKIM1; p=no key", "problem", "cannot be read"),
        ("a word", "problem", "There is no DKIM key at s7._domainkey.shop.example"),
    ],
)
def test_a_key_is_looked_at_by_its_selector(record: str, severity: str, told: str) -> None:
    report = check({"s7._domainkey.shop.example": [record]}, replace(SHOP, selectors=["s7"]))
    found, text = worst(report, About.DKIM)
    assert found == severity
    assert told in text


def test_a_domain_that_answers_for_every_selector_is_told_once() -> None:
    class Everywhere(Planted):
        def texts(self, name: str) -> Sequence[str]:
            if "_domainkey" in name:
                return ["v=DKIM1; p="] if "shop" in name else [f"v=DKIM1; p={LONG}"]
            return super().texts(name)

    withdrawn = check_domain(SHOP, Everywhere(GOOD))
    assert [it.severity for it in of(withdrawn, About.DKIM)] == [Severity.WARNING]
    same = check_domain(replace(SHOP, domain="other.example"), Everywhere(GOOD))
    assert [it.severity for it in of(same, About.DKIM)] == [Severity.GOOD]


@pytest.mark.parametrize(
    ("records", "severity", "told"),
    [
        ([], "problem", "has no DMARC record"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "problem", "more than one DMARC record"),
        (["v=DMARC1; p=nothing; rua=mailto:a@b.example"], "problem", "p=nothing"),
        (["v=DMARC1; rua=mailto:a@b.example"], "problem", "p=, which means nothing"),
        (["v=DMARC1; p=none; rua=mailto:a@b.example"], "note", "only watches"),
        (["v=DMARC1; p=reject"], "note", "Nobody is told"),
        (["v = DMARC1 ; P = reject ; rua = mailto:a@b.example"], "good", "held back"),
        (["v=spf1 -all"], "problem", "has no DMARC record"),
    ],
)
def test_dmarc_is_read_as_servers_read_it(records: list[str], severity: str, told: str) -> None:
    found, text = worst(check({"_dmarc.shop.example": records}), About.DMARC)
    assert found == severity
    assert told in text


def test_what_a_domain_above_says_holds_for_those_below() -> None:
    below = replace(SHOP, domain="news.shop.example")
    names = Planted(
        {**GOOD, "_dmarc.shop.example": ["v=DMARC1; p=reject; sp=none; rua=mailto:a@b.c"]}
    )
    report = check_domain(below, names)
    assert worst(report, About.DMARC) == (
        Severity.NOTE,
        "The DMARC record only watches: mails that others forge are delivered.",
    )
    assert "_dmarc.example" not in names.asked


@pytest.mark.parametrize(
    ("bounces", "dmarc", "signed", "severity"),
    [
        ("bounces.shop.example", "v=DMARC1; p=none", True, "good"),
        ("bounces.shop.example", "v=DMARC1; p=none; aspf=s", True, "note"),
        ("host.example", "v=DMARC1; p=none", True, "note"),
        ("host.example", "v=DMARC1; p=none", False, "problem"),
    ],
)
def test_where_mails_come_back_has_to_count_as_the_domain(
    bounces: str, dmarc: str, severity: str, *, signed: bool
) -> None:
    more: dict[str, list[str]] = {"_dmarc.shop.example": [dmarc], bounces: ["v=spf1 a -all"]}
    if not signed:
        more["google._domainkey.shop.example"] = []
    found, _ = worst(check(more, replace(SHOP, bounces=bounces)), About.ALIGNMENT)
    assert found == severity


def test_a_provider_gets_mails_back_itself() -> None:
    report = check(sending=replace(SHOP, provider="postmark"))
    severity, told = worst(report, About.ALIGNMENT)
    assert severity is Severity.NOTE
    assert "postmark" in told
    unsigned = check({"google._domainkey.shop.example": []}, replace(SHOP, provider="postmark"))
    assert worst(unsigned, About.ALIGNMENT)[0] is Severity.WARNING


def test_nobody_writes_from_a_mailbox_that_everybody_has() -> None:
    severity, told = worst(check(sending=Sending(domain="gmail.com")), About.DOMAIN)
    assert severity is Severity.PROBLEM
    assert "lets nobody else send" in told


@pytest.mark.parametrize("servers", [[], [""]])
def test_a_domain_that_takes_no_mail_loses_answers(servers: list[str]) -> None:
    severity, _ = worst(check({"MX shop.example": servers}), About.DOMAIN)
    assert severity is Severity.WARNING


@pytest.mark.parametrize("address", ["", "http://localhost:8000"])
def test_one_click_takes_an_address_by_https(address: str) -> None:
    severity, _ = worst(check(sending=replace(SHOP, address=address)), About.ONE_CLICK)
    assert severity is Severity.PROBLEM


def test_what_is_not_answered_is_told_as_not_known_and_the_rest_is_read() -> None:
    for silent, about in (
        ("shop.example", About.SPF),
        ("spf.host.example", About.SPF),
        ("google._domainkey.shop.example", About.DKIM),
        ("_dmarc.shop.example", About.DMARC),
    ):
        report = check_domain(SHOP, Planted(GOOD, silent))
        assert worst(report, about)[0] is Severity.WARNING
        assert "did not answer" in str([str(it.what) for it in of(report, about)])
        assert of(report, About.ONE_CLICK)


@pytest.mark.parametrize(
    "told", ["", "localhost", "a b.example", "-.example", "x" * 300 + ".lt", "1.2.3.4"]
)
def test_what_is_no_domain_is_refused(told: str) -> None:
    with pytest.raises(InputError, match="is no domain"):
        read_domain(told)


def test_a_name_system_that_is_away_is_asked_twice_and_then_left_alone() -> None:
    names = Dns()
    names._resolver.nameservers = ["127.0.0.1"]  # noqa: SLF001 - nobody answers there
    names._resolver.port = 9  # noqa: SLF001 - the same
    names._resolver.lifetime = 0.05  # noqa: SLF001 - nor soon
    asked = 0
    for _ in range(5):
        with pytest.raises(NoAnswerError):
            names.texts("shop.example")
        asked += 1
    assert asked == 5
    assert names._unanswered == 2  # noqa: SLF001 - how often it was really asked
