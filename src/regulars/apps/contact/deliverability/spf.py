"""SPF: which servers may send for a domain (RFC 7208)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from regulars.apps.contact.deliverability.findings import About, Finding, Severity
from regulars.apps.contact.deliverability.names import Names
from regulars.kernel.wording import Message, say

MOST_LOOKUPS = 10
"""A server that has to look up more names gives up, and the record counts for nothing."""
_TERM = re.compile(
    r"(?i)[+?~-]?(all|(include|exists):\S+|(a|mx|ptr)(:[^\s/]+)?(/\d+)?(//\d+)?|ip4:[\d./]+"
    r"|ip6:[\da-f:./]+)|(redirect|exp)=\S+|[a-z][a-z0-9._-]*=\S*"
)
_ASKS = re.compile(r"(?i)[+?~-]?(include|exists|a|mx|ptr)\b|redirect=")
_NESTED = re.compile(r"(?i)[+?~-]?include:(\S+)|redirect=(\S+)")
_ALL = re.compile(r"(?i)([+?~-]?)all")


@dataclass
class _Walk:
    """What was met while the names of a record were looked up."""

    lookups: int = 0
    missing: str = ""
    loop: str = ""


def spf_records(names: Names, domain: str) -> Sequence[str]:
    """The SPF records of a domain.

    Raises:
        NoAnswerError: The name system did not answer.
    """
    return [it for it in names.texts(domain) if re.match(r"(?i)v=spf1( |$)", it)]


def check_spf(names: Names, domain: str) -> Iterator[Finding]:
    """What is said of the servers that may send for a domain.

    Raises:
        NoAnswerError: The name system did not answer.
    """
    records = spf_records(names, domain)
    if len(records) != 1:
        yield _not_one(domain, records)
        return
    [record] = records
    findings = list(_problems(names, domain, record))
    yield from findings
    if not findings:
        told = say("{domain} names the servers that may send for it.", domain=domain)
        yield Finding(About.SPF, Severity.GOOD, told, record=record)


def _not_one(domain: str, records: Sequence[str]) -> Finding:
    if records:
        return Finding(
            About.SPF,
            Severity.PROBLEM,
            say("{domain} has more than one SPF record: none of them counts.", domain=domain),
            say("Join them into one."),
            " | ".join(records),
        )
    return Finding(
        About.SPF,
        Severity.PROBLEM,
        say("{domain} does not say which servers may send for it.", domain=domain),
        say(
            "Publish a TXT record at {domain} that your provider gives you, such as {record}.",
            domain=domain,
            record="v=spf1 include:spf.provider.example -all",
        ),
    )


def _problems(names: Names, domain: str, record: str) -> Iterator[Finding]:
    def found(severity: Severity, what: Message, todo: Message) -> Finding:
        return Finding(About.SPF, severity, what, todo, record)

    terms = record.split()[1:]
    if wrong := [it for it in terms if not _TERM.fullmatch(it)]:
        what = say("The SPF record cannot be read: {part} means nothing.", part=wrong[0])
        yield found(Severity.PROBLEM, what, say("Correct that part or take it out."))
        return
    yield from _problems_of_all(terms, record)
    walk = _Walk()
    _walk(names, domain, record, walk, (domain,))
    if walk.loop:
        what = say("The SPF record names itself again by way of {name}.", name=walk.loop)
        yield found(Severity.PROBLEM, what, say("Take out one of the names."))
    elif walk.missing:
        what = say("The SPF record names {name}, which has none.", name=walk.missing)
        yield found(Severity.PROBLEM, what, say("Correct that name or take it out."))
    elif walk.lookups > MOST_LOOKUPS:
        what = say(
            "The SPF record takes {n} look-ups; servers give up after {most}, "
            "and it counts for nothing.",
            n=walk.lookups,
            most=MOST_LOOKUPS,
        )
        yield found(Severity.PROBLEM, what, say("Take out providers that you no longer use."))


def _problems_of_all(terms: Sequence[str], record: str) -> Iterator[Finding]:
    ends = [match[1] or "+" for it in terms if (match := _ALL.fullmatch(it))]
    if not ends and any(it.lower().startswith("redirect=") for it in terms):
        return
    if "+" in ends:
        yield Finding(
            About.SPF,
            Severity.PROBLEM,
            say("The SPF record lets everybody send in your name."),
            say("End it with {end}.", end="-all"),
            record,
        )
    elif "-" not in ends and "~" not in ends:
        yield Finding(
            About.SPF,
            Severity.WARNING,
            say("The SPF record does not say that other servers may not send."),
            say("End it with {end}.", end="~all"),
            record,
        )


def _walk(names: Names, domain: str, record: str, walk: _Walk, above: tuple[str, ...]) -> None:
    for term in record.split()[1:]:
        if _ASKS.match(term):
            walk.lookups += 1
        nested = _NESTED.fullmatch(term)
        # a macro stands for something that only the receiving server knows
        if nested is None or "%" in term or walk.lookups > 2 * MOST_LOOKUPS:
            continue
        name = (nested[1] or nested[2]).rstrip(".").lower()
        if name in above:
            walk.loop = walk.loop or name
            continue
        inner = spf_records(names, name)
        if len(inner) != 1:
            walk.missing = walk.missing or name
            continue
        _walk(names, domain, inner[0], walk, (*above, name))
