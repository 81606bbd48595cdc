"""Links for the people who are written to: each is signed, and tells nothing but numbers.

Whoever has a link was sent it, so it stands in the place of a sign-in: it opens the pages of one
person and of nobody else. A link of one kind does not open a page of another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import override

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from regulars.apps.contact.rules.purposes import Channel, Purpose

CONFIRM_LIVES = timedelta(days=30)
"""How long somebody may confirm what he said."""
MY_DATA_LIVES = timedelta(days=1)
"""How long a link to a person's own data opens it."""
_BASE = "http://localhost:8000"
_SIGNATURE = 22  # characters, of six bits each
_KEY = 16
# a letter each, so that a link fits into a short message; never given to another one
_PURPOSES: Mapping[str, Purpose] = {
    "s": Purpose.SERVICE,
    "c": Purpose.CARE,
    "u": Purpose.SURVEY,
    "n": Purpose.NEWSLETTER,
    "o": Purpose.OFFERS,
    "e": Purpose.EVENTS,
}
_CHANNELS: Mapping[str, Channel] = {
    "e": Channel.EMAIL,
    "p": Channel.PHONE,
    "l": Channel.POST,
}
_PURPOSE_LETTERS = {purpose: letter for letter, purpose in _PURPOSES.items()}
_CHANNEL_LETTERS = {channel: letter for letter, channel in _CHANNELS.items()}


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """What a link takes somebody out of.

    Attributes:
        customer: The number of the record that was written to.
        purpose: Why it was.
        channel: By what way.
        key: The beginning of the hash of the address; empty where it is not told.
    """

    customer: int
    purpose: Purpose
    channel: Channel
    key: str

    def reached(self, key: str) -> bool:
        """Whether the link went to the address of a hash."""
        return bool(self.key) and key.startswith(self.key)


@dataclass(frozen=True, slots=True)
class Preferring:
    """Whose preferences a link opens, and the beginning of the hash of where it was sent."""

    customer: int
    key: str

    def reached(self, key: str) -> bool:
        """Whether the link went to the address of a hash."""
        return bool(self.key) and key.startswith(self.key)


def unsubscribe_token(customer: int, purpose: Purpose, channel: Channel, key: str = "") -> str:
    """What takes somebody out of a purpose by a way; it never ends.

    Args:
        customer: The number of the record that is written to.
        purpose: Why it is.
        channel: By what way.
        key: The hash of the address; empty where it is not known.

    >>> token = unsubscribe_token(12, Purpose.NEWSLETTER, Channel.EMAIL, "644a96d8" * 8)
    >>> token.partition(".")[0]
    '12-ne-644a96d8644a96d8'
    >>> read_unsubscribe(token) == Unsubscribing(
    ...     12, Purpose.NEWSLETTER, Channel.EMAIL, "644a96d8644a96d8"
    ... )
    True
    >>> read_unsubscribe(token[:-1]), read_unsubscribe("13" + token[2:])
    (None, None)
    """
    letters = _PURPOSE_LETTERS[purpose] + _CHANNEL_LETTERS[channel]
    return _sign("unsubscribe", f"{customer}-{letters}-{key[:_KEY]}")


def read_unsubscribe(token: str) -> Unsubscribing | None:
    """What a token takes somebody out of; None where it is none of ours."""

    def read(told: str) -> Unsubscribing:
        customer, letters, key = told.split("-")
        return Unsubscribing(int(customer), _PURPOSES[letters[0]], _CHANNELS[letters[1]], key)

    return _read("unsubscribe", token, read)


def preferences_token(customer: int, key: str = "") -> str:
    """What opens somebody's preferences; it never ends.

    Args:
        customer: The number of the record that is written to.
        key: The hash of the address that it is sent to; empty where it is not known.

    >>> read_preferences(preferences_token(12, "644a96d8" * 8))
    Preferring(customer=12, key='644a96d8644a96d8')
    >>> read_preferences(confirm_token(12)) is None
    True
    """
    return _sign("preferences", f"{customer}-{key[:_KEY]}")


def read_preferences(token: str) -> Preferring | None:
    """Whose preferences a token opens; None where it is none of ours."""

    def read(told: str) -> Preferring:
        customer, key = told.split("-")
        return Preferring(int(customer), key)

    return _read("preferences", token, read)


def confirm_token(event: int) -> str:
    """What confirms a yes that was said; how long it may is told by when that was.

    Args:
        event: The number of the event that says it.

    >>> read_confirm(confirm_token(7)), read_confirm("7.forged")
    (7, None)
    """
    return _sign("confirm", str(event))


def read_confirm(token: str) -> int | None:
    """The number of the event that a token confirms; None where it is none of ours."""
    return _read("confirm", token, int)


def my_data_token(customer: int, now: datetime) -> str:
    """What opens somebody's own data for a day.

    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> token = my_data_token(12, noon)
    >>> (
    ...     read_my_data(token, noon + timedelta(hours=24)),
    ...     read_my_data(token, noon + timedelta(hours=25)),
    ... )
    (12, None)
    """
    return _sign("my data", f"{customer}-{int(now.timestamp())}")


def read_my_data(token: str, now: datetime) -> int | None:
    """Whose data a token opens; None where it is none of ours, or too old."""

    def read(told: str) -> tuple[int, datetime]:
        customer, made = told.split("-")
        return int(customer), datetime.fromtimestamp(int(made), UTC)

    told = _read("my data", token, read)
    if told is None or now - told[1] > MY_DATA_LIVES:
        return None
    return told[0]


def unsubscribe_link(customer: int, purpose: Purpose, channel: Channel, key: str = "") -> str:
    """The address of the page that takes somebody out of a purpose; as a POST it does so."""
    return _link("unsubscribe", unsubscribe_token(customer, purpose, channel, key))


def preferences_link(customer: int, key: str = "") -> str:
    """The address of the page of somebody's preferences."""
    return _link("preferences", preferences_token(customer, key))


def confirm_link(event: int) -> str:
    """The address of the page that confirms a yes."""
    return _link("confirm", confirm_token(event))


def my_data_link(customer: int, now: datetime) -> str:
    """The address of the page of somebody's own data."""
    return _link("my_data", my_data_token(customer, now))


def unsubscribe_headers(link: str) -> dict[str, str]:
    """The headers by which a mail program unsubscribes by one click (RFC 8058).

    >>> unsubscribe_headers("https://regulars.shop.example/my/unsubscribe/1")["List-Unsubscribe"]
    '<https://regulars.shop.example/my/unsubscribe/1>'
    """
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


class _ShortSigner(Signer):
    """Signs with 132 bits: as good as all of them against guessing, and half as long."""

    @override
    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:_SIGNATURE]


def _signer(kind: str) -> Signer:
    return _ShortSigner(salt=f"regulars {kind}", sep=".")


def _sign(kind: str, told: str) -> str:
    return _signer(kind).sign(told)


def _read[T](kind: str, token: str, read: Callable[[str], T]) -> T | None:
    try:
        return read(_signer(kind).unsign(token))
    except (BadSignature, ValueError, KeyError):
        return None


def _link(page: str, token: str) -> str:
    return (settings.PUBLIC_ADDRESS or _BASE) + reverse(page, args=[token])
