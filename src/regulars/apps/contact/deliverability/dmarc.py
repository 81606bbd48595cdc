"""DMARC: what servers do with mails that are not proven to be a domain's (RFC 7489)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.apps.contact.deliverability.findings import About, Finding, Severity
from regulars.apps.contact.deliverability.names import Names
from regulars.apps.contact.deliverability.tags import tags_of
from regulars.kernel.wording import say

_POLICIES = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True, slots=True)
class Dmarc:
    """What a domain says, or a domain above it.

    Attributes:
        place: The domain where it stands; empty where there is none.
        tags: Its parts.
    """

    place: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def aligned(self, domain: str, other: str, strict_by: str) -> bool:
        """Whether another domain counts as the one that mails are from.

        Args:
            domain: The one that mails are from.
            other: The other one.
            strict_by: The tag that asks for the very same, ``adkim`` or ``aspf``.
        """
        if domain == other:
            return True
        if self.tags.get(strict_by, "r").lower() == "s":
            return False
        return _within(other, domain) or (bool(self.place) and _within(other, self.place))


def find_dmarc(names: Names, domain: str) -> tuple[Dmarc, Sequence[str]]:
    """What a domain or one above it says, and every record where there is more than one.

    Raises:
        NoAnswerError: The name system did not answer.
    """
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        place = ".".join(labels[start:])
        records = [
            it for it in names.texts(f"_dmarc.{place}") if re.match(r"(?i)v\s*=\s*DMARC1", it)
        ]
        if len(records) > 1:
            return Dmarc(), records
        if records:
            return Dmarc(place, tags_of(records[0])), records
    return Dmarc(), ()


def check_dmarc(domain: str, told: Dmarc, records: Sequence[str]) -> Iterator[Finding]:
    """What a domain's DMARC record means."""
    record = " | ".join(records)
    if len(records) > 1:
        yield Finding(
            About.DMARC,
            Severity.PROBLEM,
            say("{domain} has more than one DMARC record: none of them counts.", domain=domain),
            say("Leave one of them."),
            record,
        )
        return
    if not told.place:
        yield Finding(
            About.DMARC,
            Severity.PROBLEM,
            say(
                "{domain} has no DMARC record; large mailbox providers refuse mails to many "
                "without one.",
                domain=domain,
            ),
            say(
                "Publish a TXT record at {place}, to begin with {record}.",
                place=f"_dmarc.{domain}",
                record=f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}",
            ),
        )
        return
    yield _of_policy(domain, told, record)
    if not told.tags.get("rua", "").lower().startswith("mailto:"):
        yield Finding(
            About.DMARC,
            Severity.NOTE,
            say("Nobody is told who else sends in the name of {domain}.", domain=domain),
            say("Add {part}.", part=f"rua=mailto:dmarc@{domain}"),
            record,
        )


def _of_policy(domain: str, told: Dmarc, record: str) -> Finding:
    own = told.tags.get("p", "").lower()
    policy = own if told.place == domain else told.tags.get("sp", own).lower()
    if policy not in _POLICIES:
        return Finding(
            About.DMARC,
            Severity.PROBLEM,
            say("The DMARC record says {policy}, which means nothing.", policy=f"p={policy}"),
            say("Give one of {names}.", names="none, quarantine, reject"),
            record,
        )
    if policy == "none":
        return Finding(
            About.DMARC,
            Severity.NOTE,
            say("The DMARC record only watches: mails that others forge are delivered."),
            say("Once the reports show none of your own, set {part}.", part="p=quarantine"),
            record,
        )
    return Finding(
        About.DMARC,
        Severity.GOOD,
        say("Mails that others forge in the name of {domain} are held back.", domain=domain),
        record=record,
    )


def _within(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}") or domain.endswith(f".{name}")
