"""DKIM: the keys by which a domain signs its mails (RFC 6376)."""

import base64
import binascii
from collections.abc import Iterator, Sequence

from regulars.apps.contact.deliverability.findings import About, Finding, Severity
from regulars.apps.contact.deliverability.names import Names
from regulars.apps.contact.deliverability.tags import tags_of
from regulars.kernel.wording import say

SELECTORS = (
    "brevo1",
    "default",
    "dkim",
    "fm1",
    "google",
    "k1",
    "k2",
    "k3",
    "mail",
    "mailjet",
    "mandrill",
    "mg",
    "mlsend",
    "mta",
    "pic",
    "pm",
    "postal",
    "protonmail",
    "resend",
    "rwmt1",
    "s1",
    "s2",
    "scph0118",
    "selector1",
    "selector2",
    "smtp",
    "smtpapi",
    "us",
    "zoho",
)
"""The names under which providers usually publish keys."""
# the length of a key in its envelope; between one of 1024 bits and one of 2048 nothing is usual
_SHORTEST, _SHORT = 160, 230


def check_dkim(names: Names, domain: str, selectors: Sequence[str]) -> Iterator[Finding]:
    """What is said of the keys of a domain.

    Args:
        names: Who knows the records.
        domain: The domain that mails are from.
        selectors: The names of its keys; none to look for those of the usual providers.

    Raises:
        NoAnswerError: The name system did not answer.
    """
    found: set[str] = set()
    for selector in selectors or SELECTORS:
        place = f"{selector}._domainkey.{domain}"
        records = [it for it in names.texts(place) if _is_key(it, guessed=not selectors)]
        if not records and selectors:
            yield Finding(
                About.DKIM,
                Severity.PROBLEM,
                say("There is no DKIM key at {place}.", place=place),
                say("Publish the record that your provider or your mail server gives you."),
            )
        elif records and records[0] not in found:  # some domains answer for every name
            found.add(records[0])
            yield _of_key(selector, records[0])
    if not found and not selectors:
        yield Finding(
            About.DKIM,
            Severity.WARNING,
            say("No DKIM key was found under the usual names."),
            say("Ask your provider for its selector and check again with it."),
        )


def _is_key(record: str, *, guessed: bool) -> bool:
    """Whether a record is that of a key; one that was withdrawn counts where it is asked for."""
    key = tags_of(record).get("p")
    return key is not None and (bool(key) or not guessed)


def has_key(findings: Sequence[Finding]) -> bool:
    """Whether a key was found that servers take."""
    return any(
        it.about is About.DKIM and it.severity in {Severity.GOOD, Severity.NOTE} for it in findings
    )


def _of_key(selector: str, record: str) -> Finding:
    tags = tags_of(record)
    key = "".join(tags["p"].split())
    severity, what, todo = (
        Severity.GOOD,
        say("The DKIM key {name} is in order.", name=selector),
        None,
    )
    try:
        size = len(base64.b64decode(key, validate=True))
    except binascii.Error:
        size = -1
    if not key:
        severity = Severity.PROBLEM
        what = say("The DKIM key {name} was withdrawn.", name=selector)
        todo = say("Publish a new one, or sign with another.")
    elif size < 0:
        severity = Severity.PROBLEM
        what = say("The DKIM key {name} cannot be read.", name=selector)
        todo = say("Copy it again, without spaces and quotes.")
    elif tags.get("k", "rsa").lower() == "rsa" and size < _SHORT:
        weak = size < _SHORTEST
        severity = Severity.PROBLEM if weak else Severity.NOTE
        what = say("The DKIM key {name} is short.", name=selector)
        todo = say("Have your provider make one of 2048 bits.")
    elif "y" in tags.get("t", "").lower().split(":"):
        severity = Severity.WARNING
        what = say("The DKIM key {name} says that it is only being tried.", name=selector)
        todo = say("Take {part} out of the record.", part="t=y")
    return Finding(About.DKIM, severity, what, todo, record)
