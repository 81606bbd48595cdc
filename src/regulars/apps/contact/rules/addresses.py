"""How an address is written, and the hash by which it is known."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

import idna
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from regulars.apps.contact.rules.purposes import Channel
from regulars.kernel.errors import InputError
from regulars.kernel.problems import Problem
from regulars.kernel.wording import Message, say

LONGEST_ADDRESS = 1000
"""How long a postal address may be."""
MOST_ADDRESSES = 20
"""So many addresses one person has at most by one channel."""
_LONGEST_EMAIL = 254
_LONGEST_LOCAL = 64
_LONGEST_PHONE = 40
_MOST_LINES = 12
_SHOWN = 100
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[a-z]){_LABEL}")
_DIALLED = re.compile(r"\(?\+?[0-9 ()./\u2010-\u2015-]+")
_WORDS = re.compile(r"\w+")


def address_key(channel: Channel, value: str) -> str:
    """The hash by which an address is known once it is forgotten.

    It is a hash of ours, so that lists of hashed addresses that others sell do not open it.

    >>> address_key(Channel.EMAIL, "a@example.com")[:8]
    '644a96d8'
    """
    same = _comparable(value) if channel is Channel.POST else value
    return hashlib.sha256(f"regulars {channel}: {same}".encode()).hexdigest()


def read_address(channel: Channel, told: str, country: str = "") -> str:
    """An address as it is written to: one way of writing for all that reach the same place.

    Args:
        channel: What kind of address it is.
        told: As somebody typed it.
        country: Whose telephone numbers are told without their country code (ISO 3166).

    Raises:
        InputError: It is none; what would be accepted is said.

    >>> read_address(Channel.EMAIL, " Ona@Kavinė.LT ")
    'ona@xn--kavin-b0a.lt'
    >>> read_address(Channel.PHONE, "8 612 34567", "LT")
    '+37061234567'
    """
    match channel:
        case Channel.EMAIL:
            return _read_email(told)
        case Channel.PHONE:
            return _read_phone(told, country)
        case Channel.POST:
            return _read_post(told)


def problems_of_address(
    field: str, channel: Channel, told: str, country: str = ""
) -> Iterator[Problem]:
    """What is wrong with an address, and what would be accepted.

    >>> [str(it.message) for it in problems_of_address("email", Channel.EMAIL, "ona@example")]
    ['ona@example is no address of e-mail: give one such as ona@example.com.']
    """
    try:
        read_address(channel, told, country)
    except InputError as error:
        yield Problem(field, error.message)


def masked(channel: Channel, value: str) -> str:
    r"""An address as somebody sees it who may not see it: enough to tell two apart.

    >>> masked(Channel.EMAIL, "jonas@example.com"), masked(Channel.PHONE, "+37061234567")
    ('j…@e….com', '+370…67')
    >>> masked(Channel.POST, "Vilniaus g. 1\nKaunas")
    '…'
    """
    if channel is Channel.EMAIL:
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"
    if channel is Channel.PHONE:
        return f"{value[:4]}…{value[-2:]}"
    return "…"


def _read_email(told: str) -> str:
    value = unicodedata.normalize("NFKC", told).strip()
    local, _, domain = value.rpartition("@")
    local, domain = local.lower(), _domain(domain)
    fits = 0 < len(local) <= _LONGEST_LOCAL and len(local) + len(domain) < _LONGEST_EMAIL
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise _refusal(
            say(
                "{value} is no address of e-mail: give one such as ona@example.com.",
                value=_shown(told),
            )
        )
    return f"{local}@{domain}"


def _domain(told: str) -> str:
    """A domain as mail servers know it; empty where it can be none."""
    domain = told.lower()
    if len(domain) > _LONGEST_EMAIL:
        return ""
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""


def _read_phone(told: str, country: str) -> str:
    value = unicodedata.normalize("NFKC", told).strip()
    if len(value) <= _LONGEST_PHONE and _DIALLED.fullmatch(value):
        digits = "".join(sign for sign in value if sign in "+0123456789")
        try:
            number = phonenumbers.parse(digits, country or None)
        except NumberParseException:
            number = None
        # by its length alone: new ranges of numbers come sooner than new lists of them
        if number is not None and phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if country:
        raise _refusal(
            say(
                "{value} is no telephone number: give one as it is dialled in {country}, "
                "or with its country code, such as +370 612 34567.",
                value=_shown(told),
                country=country,
            )
        )
    raise _refusal(
        say(
            "{value} is no telephone number: give it with its country code, "
            "such as +370 612 34567.",
            value=_shown(told),
        )
    )


def _read_post(told: str) -> str:
    value = unicodedata.normalize("NFC", told)
    lines = [" ".join(line.split()) for line in value.splitlines()]
    kept = [line for line in lines if line]
    value = "\n".join(kept)
    fits = len(kept) <= _MOST_LINES and len(value) <= LONGEST_ADDRESS
    if not (fits and _comparable(value) and all(map(_is_plain, kept))):
        raise _refusal(
            say(
                "{value} is no postal address: give 1 to {lines} lines, "
                "of at most {n} characters that can be printed.",
                value=_shown(told),
                lines=_MOST_LINES,
                n=LONGEST_ADDRESS,
            )
        )
    return value


def _is_plain(line: str) -> bool:
    """Whether nothing in a line is hidden, save what joins letters of some scripts."""
    return line.replace("\u200c", "").replace("\u200d", "").isprintable()


def _comparable(post: str) -> str:
    """A postal address without what people write now so, now so."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", post).casefold())
    return " ".join(_WORDS.findall(plain))


def _shown(told: str) -> str:
    """What was told, short and in one line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in told[:_SHOWN])
    return " ".join(plain.split()) or "…"


def _refusal(message: Message) -> InputError:
    return InputError(message)
