"""The Message-ID of a delivery: the same at every attempt, and known again when it comes back."""

import hashlib
import hmac
import re

_LONG = 16
_ID = re.compile(r"<?(\d{1,18})\.([0-9a-f]{16})@[^\s<>]+>?")


def message_id(number: int, domain: str, secret: str) -> str:
    """The Message-ID of a delivery.

    >>> message_id(12, "example.com", "secret")
    '<12.a6404a884066bcd9@example.com>'
    """
    return f"<{number}.{_mac(number, secret)}@{domain}>"


def find_number(told: str, secret: str) -> int | None:
    """The delivery of a Message-ID; None for one that is not ours.

    >>> find_number(message_id(12, "example.com", "secret"), "secret")
    12
    >>> find_number("<12.0000000000000000@example.com>", "secret")
    """
    match = _ID.fullmatch(told.strip())
    if match is None or not hmac.compare_digest(_mac(int(match[1]), secret), match[2]):
        return None
    return int(match[1])


def _mac(number: int, secret: str) -> str:
    told = f"delivery {number}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:_LONG]
