"""How the firm writes to people: who it is, when it keeps quiet, how often is often enough."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from regulars.apps.contact.rules.purposes import PROMOTIONS, Kind, Purpose
from regulars.kernel.problems import Problem
from regulars.kernel.wording import say

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+|[^@\s<>,;]+@localhost")
_COUNTRY = re.compile(r"[A-Z]{2}|")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST = {"sender_name": 200, "logo": 500, "footer": 2000}
_LONGEST_WINDOW = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Cap:
    """So many messages of a class within a window that moves with the clock."""

    kind: Kind
    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the firm writes.

    Attributes:
        sender_name: Who mails are from; empty for the firm's name.
        sender_address: The address that they are from; empty for that of the installation.
        reply_to: Where answers go; empty for the sender.
        country: Whose numbers are written without a country code (ISO 3166), such as LT.
        quiet_from: When quiet hours begin, by the recipient's clock.
        quiet_until: When they end; equal to the beginning where there are none.
        asked_for: The purposes that take a yes.
        double_opt_in: Whether a yes counts only once a link that was sent is followed.
        caps: How often is often enough.
        balance_days: How long a promotion weighs.
        balance_free: So many promotions weigh nothing.
        balance_factor: So many more for each thing of worth that was done for a customer.
        ask_days: How long somebody who was asked is not asked again.
        throttles: Mails a minute to a domain, such as {"gmail.com": 100}.
        records_opens: Whether it is kept that a mail was opened or a link followed.
        colour: Of headings and buttons in mails.
        logo: The address of a picture at the head of mails.
        footer: What stands at their end, below the firm's name and address.
    """

    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""
    country: str = ""
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    asked_for: frozenset[Purpose] = PROMOTIONS
    double_opt_in: bool = True
    caps: tuple[Cap, ...] = (
        Cap(Kind.PROMOTION, 1, timedelta(days=1)),
        Cap(Kind.PROMOTION, 3, timedelta(days=7)),
    )
    balance_days: int = 90
    balance_free: int = 13
    balance_factor: int = 2
    ask_days: int = 90
    throttles: Mapping[str, int] = field(default_factory=dict)
    records_opens: bool = False
    colour: str = "#1f5f8b"
    logo: str = ""
    footer: str = ""

    def json(self) -> dict[str, object]:
        """The policy as it is kept and told; :func:`read_policy` reads it."""
        return {
            "sender_name": self.sender_name,
            "sender_address": self.sender_address,
            "reply_to": self.reply_to,
            "country": self.country,
            "quiet_from": self.quiet_from.strftime("%H:%M"),
            "quiet_until": self.quiet_until.strftime("%H:%M"),
            "asked_for": sorted(self.asked_for),
            "double_opt_in": self.double_opt_in,
            "caps": [
                {
                    "kind": it.kind.value,
                    "most": it.most,
                    "hours": int(it.window.total_seconds() // 3600),
                }
                for it in self.caps
            ],
            "balance_days": self.balance_days,
            "balance_free": self.balance_free,
            "balance_factor": self.balance_factor,
            "ask_days": self.ask_days,
            "throttles": dict(self.throttles),
            "records_opens": self.records_opens,
            "colour": self.colour,
            "logo": self.logo,
            "footer": self.footer,
        }


def read_policy(told: Mapping[str, object]) -> Policy:
    """The policy that was kept; what it does not say is as the rules say.

    >>> read_policy(Policy().json()) == Policy()
    True
    >>> read_policy({"ask_days": 30}).ask_days
    30
    """
    return Policy(**{name: _READ.get(name, _same)(value) for name, value in told.items()})  # type: ignore[arg-type]


def _same(value: object) -> object:
    return value


def _caps(told: object) -> tuple[Cap, ...]:
    assert isinstance(told, list)  # noqa: S101 - json() wrote it
    return tuple(Cap(Kind(it["kind"]), it["most"], timedelta(hours=it["hours"])) for it in told)


_READ = {
    "quiet_from": lambda told: time.fromisoformat(str(told)),
    "quiet_until": lambda told: time.fromisoformat(str(told)),
    "asked_for": lambda told: frozenset(map(Purpose, told)),  # type: ignore[call-overload]
    "caps": _caps,
}


def problems_of_policy(told: Policy) -> Iterator[Problem]:
    """What is wrong with how the firm wants to write, field by field.

    >>> [it.field for it in problems_of_policy(Policy(reply_to="x", country="lt", ask_days=-1))]
    ['reply_to', 'country', 'ask_days']
    """
    yield from _problems_of_sender(told)
    if not _COUNTRY.fullmatch(told.country):
        accepted = say("{code} is no country: give a code such as LT.", code=told.country)
        yield Problem("country", accepted)
    if not _COLOUR.fullmatch(told.colour):
        accepted = say("{code} is no colour: give one such as #1f5f8b.", code=told.colour)
        yield Problem("colour", accepted)
    if told.logo and not told.logo.startswith("https://"):
        yield Problem("logo", say("Give an address that begins with https://."))
    yield from _problems_of_counts(told)


def _problems_of_sender(told: Policy) -> Iterator[Problem]:
    for name in ("sender_address", "reply_to"):
        value = getattr(told, name)
        if value and not _ADDRESS.fullmatch(value):
            yield Problem(name, say("{value} is no address of e-mail.", value=value))
    for name, longest in _LONGEST.items():
        if len(getattr(told, name)) > longest:
            yield Problem(name, say("It has at most {n} characters.", n=longest))
    if not told.sender_name.isprintable():
        yield Problem("sender_name", say("It is one line."))


def _problems_of_counts(told: Policy) -> Iterator[Problem]:
    for name in ("balance_days", "balance_free", "balance_factor", "ask_days"):
        if not 0 <= getattr(told, name) <= _LONGEST_WINDOW.days:
            yield Problem(name, say("Give a number from 0 to {most}.", most=_LONGEST_WINDOW.days))
    for cap in told.caps:
        if cap.most < 0 or not timedelta(0) < cap.window <= _LONGEST_WINDOW:
            yield Problem(
                "caps",
                say(
                    "Give a number and a window from an hour to {n} days.", n=_LONGEST_WINDOW.days
                ),
            )
    for domain, most in told.throttles.items():
        if most < 1 or "@" in domain or "." not in domain:
            yield Problem(
                "throttles", say("{domain} takes at least one mail a minute.", domain=domain)
            )
