"""A domain is checked: everything that mailbox providers look at before they believe a mail."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import idna

from regulars.apps.contact.deliverability.dkim import check_dkim, has_key
from regulars.apps.contact.deliverability.dmarc import Dmarc, check_dmarc, find_dmarc
from regulars.apps.contact.deliverability.findings import About, Finding, Report, Severity
from regulars.apps.contact.deliverability.names import Names, NoAnswerError
from regulars.apps.contact.deliverability.spf import check_spf
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_OF_EVERYBODY = frozenset(
    {
        "126.com",
        "163.com",
        "aol.com",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "inbox.lt",
        "inbox.lv",
        "live.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "web.de",
        "yahoo.com",
        "yandex.ru",
    }
)
_DOMAIN = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LONGEST = 253


def read_domain(told: str) -> str:
    """A domain from what somebody typed: the domain, or an address of e-mail.

    Raises:
        InputError: It is neither.

    >>> read_domain("Shop <shop@Kavinė.lt>"), read_domain("shop.example")
    ('xn--kavin-b0a.lt', 'shop.example')
    """
    plain = told.strip().rstrip(">").rpartition("@")[2].strip().rstrip(".").lower()
    try:
        domain = plain if plain.isascii() else idna.encode(plain, uts46=True).decode()
    except idna.IDNAError:
        domain = ""
    if not _DOMAIN.fullmatch(domain) or len(domain) > _LONGEST:
        raise InputError(
            say("{told} is no domain.", told=told.strip()[:_LONGEST] or "…"),
            accepted=say("Give one such as shop.example."),
        )
    return domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a firm sends.

    Attributes:
        domain: The one that mails are from.
        bounces: The one that mails come back to, which is where servers look for SPF; empty for
            the same.
        address: Where browsers find the platform; empty where nobody outside does.
        provider: Through whom mails go, and to whom they come back; empty for a mail server.
        selectors: The names of the DKIM keys; none to look for the usual ones.
    """

    domain: str
    bounces: str = ""
    address: str = ""
    provider: str = ""
    selectors: Sequence[str] = ()


def check_domain(sending: Sending, names: Names) -> Report:
    """What mailbox providers find of a domain that mails are from."""
    domain, envelope = sending.domain, sending.bounces or sending.domain
    findings: list[Finding] = []
    findings += _asked(About.DOMAIN, lambda: _of_domain(names, domain))
    findings += _asked(About.SPF, lambda: check_spf(names, envelope))
    findings += _asked(About.DKIM, lambda: check_dkim(names, domain, sending.selectors))
    try:
        dmarc = find_dmarc(names, domain)
    except NoAnswerError:
        findings.append(_unanswered(About.DMARC))
    else:
        findings += check_dmarc(domain, *dmarc)
        signed = has_key(findings)
        if sending.provider:
            findings.append(_of_provider(domain, sending.provider, signed=signed))
        else:
            findings += _of_alignment(domain, envelope, dmarc[0], signed=signed)
    findings.append(_of_one_click(sending.address))
    return Report(domain, tuple(findings))


def _asked(about: About, ask: Callable[[], Iterator[Finding]]) -> Sequence[Finding]:
    findings: list[Finding] = []
    try:
        findings.extend(ask())
    except NoAnswerError:
        findings.append(_unanswered(about))
    return findings


def _unanswered(about: About) -> Finding:
    return Finding(
        about,
        Severity.WARNING,
        say("The name system did not answer, so that this is not known."),
        say("Check again in a few minutes."),
    )


def _of_domain(names: Names, domain: str) -> Iterator[Finding]:
    if domain in _OF_EVERYBODY:
        yield Finding(
            About.DOMAIN,
            Severity.PROBLEM,
            say(
                "{domain} belongs to a mailbox provider, which lets nobody else send in its name.",
                domain=domain,
            ),
            say("Write from a domain of your own."),
        )
    servers = names.mail_servers(domain)
    if not any(servers):
        yield Finding(
            About.DOMAIN,
            Severity.WARNING,
            say(
                "{domain} takes no mail: answers and mails that come back are lost.", domain=domain
            ),
            say("Publish an MX record, or write from a domain that has one."),
        )


def _of_alignment(domain: str, envelope: str, dmarc: Dmarc, *, signed: bool) -> Iterator[Finding]:
    if domain == envelope:
        told = say("Mails come back to the domain that they are from.")
        yield Finding(About.ALIGNMENT, Severity.GOOD, told)
        return
    if dmarc.aligned(domain, envelope, "aspf"):
        told = say(
            "Mails come back to {envelope}, which counts as {domain}.", **_both(domain, envelope)
        )
        yield Finding(About.ALIGNMENT, Severity.GOOD, told)
        return
    yield Finding(
        About.ALIGNMENT,
        Severity.NOTE if signed else Severity.PROBLEM,
        say(
            "Mails come back to {envelope}, which does not count as {domain}: only DKIM proves "
            "them to be yours.",
            **_both(domain, envelope),
        ),
        say("Have them come back to {domain} or a name below it.", domain=domain),
    )


def _of_provider(domain: str, provider: str, *, signed: bool) -> Finding:
    return Finding(
        About.ALIGNMENT,
        Severity.NOTE if signed else Severity.WARNING,
        say(
            "Mails go through {provider} and come back there: DKIM has to prove that they are "
            "those of {domain}.",
            provider=provider,
            domain=domain,
        ),
        say("Have {domain} confirmed at {provider}.", domain=domain, provider=provider),
    )


def _both(domain: str, envelope: str) -> dict[str, str]:
    return {"domain": domain, "envelope": envelope}


def _of_one_click(address: str) -> Finding:
    if address.startswith("https://"):
        return Finding(
            About.ONE_CLICK,
            Severity.GOOD,
            say("Every mail but service mails can be unsubscribed from with one click."),
        )
    return Finding(
        About.ONE_CLICK,
        Severity.PROBLEM,
        say(
            "The link to unsubscribe with one click leads to no address that others reach by "
            "https; large mailbox providers ask for it."
        ),
        say("Set {name}.", name="REGULARS_ADDRESS"),
    )
