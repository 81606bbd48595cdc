"""Pure decisions of webhooks: addresses, signatures, how often, how long."""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from regulars.apps.journal.rules import LONGEST_ADDRESS
from regulars.kernel.problems import Problem
from regulars.kernel.wording import say

TEST = "webhook.test"
"""What an event is called that somebody sends to try a webhook."""
MOST = 50
"""An installation has so many webhooks at most: each has threads of its own."""
LEASE = timedelta(minutes=2)
"""A worker that has not told for so long what became of a delivery is taken for dead."""
TIMEOUT = 10.0
"""Seconds within which a receiver has to have answered, all in all."""
AT_ONCE = 8
"""So many deliveries to one receiver are on their way at a time; one while it fails."""
LONGEST_ANSWER = 500
"""So many characters of an answer are kept."""
PAUSED_AFTER = timedelta(days=2)
"""A webhook that has failed for so long, without one success, is paused."""
OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside the new one, unless it is said otherwise."""
LONGEST_OVERLAP = timedelta(days=30)

_PREFIX: Final = "whsec_"
_WAITS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
ATTEMPTS = len(_WAITS) + 1
"""After so many failures, three days in all, a delivery is given up: a person has to look."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def wait_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after that many failures; None where it is given up.

    Args:
        attempts: How often it was tried.
        chance: From 0 to 1: waits differ by a fifth, lest all come back at one moment.

    >>> [str(wait_after(failures, 0.5)) for failures in (1, 3, 10, 11)]
    ['0:00:05', '0:05:00', '1 day, 0:00:00', 'None']
    """
    if attempts >= ATTEMPTS:
        return None
    return _WAITS[max(attempts, 1) - 1] * (0.8 + 0.4 * chance)


def problems_of_address(address: str, *, private: bool) -> Iterator[Problem]:
    """What is wrong with the address of a webhook.

    Args:
        address: As it was told.
        private: Whether receivers within the firm's own network are allowed.

    >>> [str(it.message) for it in problems_of_address("https://10.0.0.1/", private=False)]
    ['10.0.0.1 is not an address of the public internet.']
    >>> list(problems_of_address("https://erp.example/regulars?for=shop", private=False))
    []
    """
    parts = _split(address)
    if parts is None or len(address) > LONGEST_ADDRESS:
        yield Problem(
            "address",
            say("{address} is no address: give one such as https://erp.example/regulars.",
                address=address[:LONGEST_ADDRESS]),
        )  # fmt: skip
        return
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        yield Problem(
            "address",
            say("{address} is not safe on its way: give one that begins with https://.",
                address=address),
        )  # fmt: skip
    host = str(parts.hostname)
    if not private and (_is_number(host) or _is_local(host)) and not is_public(host):
        yield Problem(
            "address", say("{host} is not an address of the public internet.", host=host)
        )


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or says more than where."""
    if not (address.isascii() and address.isprintable()) or {" ", "#", "\\"} & set(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    told_who = parts.username is not None or parts.password is not None
    known = parts.scheme in {"http", "https"} and parts.hostname and not told_who
    return parts if known else None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    return host.rstrip(".").rpartition(".")[2] == "localhost"


def is_public(host: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in.

    >>> [is_public(ip) for ip in ("93.184.215.14", "127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1")]
    [True, False, False, False]
    """
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _NAT64:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within and not is_public(str(within)):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def problems_of_wants(wants: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with the names of events that a webhook wants."""
    names = sorted(known)
    for name in wants:
        if name not in names:
            yield Problem(
                "events",
                say("{name} is no event: give one of {names}.", name=name, names=", ".join(names)),
            )


def message_id(event: int, customer: int | None, at: datetime) -> str:
    """What a delivery is known by, the same whenever it is sent and to whom.

    The time keeps ids apart that a database gives again after it was restored.

    >>> from datetime import UTC
    >>> message_id(7, 12, datetime(2026, 1, 2, tzinfo=UTC))
    'msg_7_12_1767312000000'
    """
    return f"msg_{event}_{customer or 0}_{round(at.timestamp() * 1000)}"


def signature(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """A signature as Standard Webhooks has it.

    >>> signature(b"key", "msg_1", 1767312000, b"{}")
    'v1,bxHknzAOQKXvO+f4bq4TYTCMCu2+H+wSXmq+Ak0FuU4='
    """
    told = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, told, "sha256")).decode()


def written(secret: bytes) -> str:
    """A secret as Standard Webhooks writes it, for whoever verifies."""
    return _PREFIX + base64.b64encode(secret).decode()


def hint_of(secret: bytes) -> str:
    """What is kept of a secret: enough to find out that it has become another."""
    return hashlib.sha256(secret).hexdigest()[:16]
