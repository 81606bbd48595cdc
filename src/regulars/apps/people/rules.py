"""Pure decisions about people: how a name is looked for, what a birthday may be."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from regulars.kernel.problems import (
    Problem,
    problems_of_id,
    problems_of_language,
    problems_of_time_zone,
)
from regulars.kernel.wording import Message, say

LONGEST_NAME = 300
"""How long a name may be, and what is kept to sort it by."""
LONGEST_WORD = 40
"""How much of a word is kept to find it by."""
LONGEST_NOTE = 10_000
"""How long a note may be."""
LONGEST_GREETING = 100
"""How long what somebody is greeted with may be."""
LONGEST_SOURCE = 60
"""How long the name of a source may be."""
_MOST_WORDS = 40
_LEAP = 2000
_LATIN = (
    dict(zip("абвгдезийклмнопрстуфыэёъьіїєґ", "abvgdezijklmnoprstufyee  iieg", strict=True))
    | {"ъ": "", "ь": ""}
    | {"ж": "z", "х": "ch", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ю": "ju", "я": "ja"}
    | {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"}
)
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
"""Scripts that put no space between family name and given name."""


def searchable(text: str) -> str:
    """A text as it is looked for: small letters, no accents, Cyrillic in Latin letters.

    >>> searchable("Šimkus"), searchable("Иванов"), searchable("王 Wang")
    ('simkus', 'ivanov', '王 wang')
    """
    plain = _without_accents(text.casefold())
    return "".join(_LATIN.get(letter, letter) for letter in plain)[:LONGEST_NAME]


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search.

    >>> search_words("O'Neill, Иван")
    ('o', 'neill', 'ivan')
    """
    return tuple(word[:LONGEST_WORD] for word in _WORD.findall(searchable(text)))[:_MOST_WORDS]


def name_words(name: str) -> frozenset[str]:
    """The words that a name is found by, each from its beginning.

    Chinese, Japanese and Korean names are found from any of their characters on.

    >>> sorted(name_words("Ona Šimkutė")), sorted(name_words("王小明"))
    (['ona', 'simkute'], ['小明', '明', '王小明'])
    """
    words = search_words(name)
    behind = (
        word[place:]
        for word in words
        for place in range(1, len(word))
        if _UNSPACED.match(word[place])
    )
    return frozenset((*words, *behind))


def name_key(name: str) -> str:
    """Equal for names of the same words, in whatever order.

    >>> name_key("Jonas ŠIMKUS") == name_key("Simkus, Jonas")
    True
    """
    return " ".join(sorted(_WORD.findall(searchable(name))))[:LONGEST_NAME]


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year; the year may be unknown.

    >>> Birthday(2, 29).exists, Birthday(2, 29, 2023).exists
    (True, False)
    """

    month: int
    day: int
    year: int | None = None

    @property
    def exists(self) -> bool:
        """Whether the calendar has such a day."""
        year = self.year if self.year is not None else _LEAP
        months = range(1, 13)
        return self.month in months and 1 <= self.day <= monthrange(year, self.month)[1]

    def in_year(self, year: int, *, in_march: bool = False) -> date:
        """The day on which it is kept in a year.

        Args:
            year: The year.
            in_march: Whoever was born on 29 February is greeted on 1 March in years that have no
                such day, and not on 28 February.

        >>> str(Birthday(2, 29).in_year(2027)), str(Birthday(2, 29).in_year(2028))
        ('2027-02-28', '2028-02-29')
        >>> str(Birthday(2, 29).in_year(2027, in_march=True))
        '2027-03-01'
        """
        last = monthrange(year, self.month)[1]
        if self.day <= last:
            return date(year, self.month, self.day)
        return date(year, self.month, last) + timedelta(days=in_march)


class AttributeKind(StrEnum):
    """What an attribute of the firm's own may hold."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"


class Reason(StrEnum):
    """Why two records may be one person."""

    NAME_AND_BIRTHDAY = "name and birthday"
    SAME_ID = "same id"

    @property
    def told(self) -> Message:
        """The reason, for people."""
        return _REASONS[self]


_REASONS: Mapping[Reason, Message] = {
    Reason.NAME_AND_BIRTHDAY: say("The same name and the same birthday."),
    Reason.SAME_ID: say("The same id in two sources, and no two names."),
}


def problems_of_customer(
    external_id: str, *, language: str, time_zone: str, birthday: Birthday | None
) -> Iterator[Problem]:
    """What is wrong with what is told of a customer, field by field.

    >>> [it.field for it in problems_of_customer("a", language="?", time_zone="x", birthday=None)]
    ['language', 'time_zone']
    """
    yield from problems_of_id("id", external_id)
    if language:
        yield from problems_of_language("language", language)
    if time_zone:
        yield from problems_of_time_zone("time_zone", time_zone)
    if birthday is not None and not birthday.exists:
        yield Problem("birthday", say("The calendar has no such day."))


def problems_of_greetings(greetings: Mapping[str, str]) -> Iterator[Problem]:
    r"""What is wrong with how somebody is greeted in each language.

    >>> [it.field for it in problems_of_greetings({"lt": "Jonai", "?": "x", "lv": "a\nb"})]
    ['greetings.?', 'greetings.lv']
    """
    for language, text in greetings.items():
        field = f"greetings.{language}"
        yield from problems_of_language(field, language)
        if not text.strip() or len(text) > LONGEST_GREETING or not text.isprintable():
            told = say("A greeting is one line of 1 to {n} characters.", n=LONGEST_GREETING)
            yield Problem(field, told)


def problems_of_attributes(
    attributes: Mapping[str, object], kinds: Mapping[str, AttributeKind]
) -> Iterator[Problem]:
    """What is wrong with values of attributes that the firm declared; others may hold anything.

    >>> kinds = {"shoe": AttributeKind.NUMBER, "since": AttributeKind.DATE}
    >>> [it.field for it in problems_of_attributes({"shoe": "43.5", "since": "May"}, kinds)]
    ['attributes.since']
    """
    for name, kind in kinds.items():
        value = attributes.get(name)
        if value is not None and not _FITS[kind](value):
            told = say("{value} is none: {accepted}", value=str(value), accepted=_ACCEPTED[kind])
            yield Problem(f"attributes.{name}", told)


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_FITS = {
    AttributeKind.TEXT: lambda value: isinstance(value, str),
    AttributeKind.NUMBER: _is_number,
    AttributeKind.YES_NO: lambda value: isinstance(value, bool),
    AttributeKind.DATE: _is_date,
}
_ACCEPTED: Mapping[AttributeKind, Message] = {
    AttributeKind.TEXT: say("give a text."),
    AttributeKind.NUMBER: say("give a number, or a text such as 43.5."),
    AttributeKind.YES_NO: say("give true or false."),
    AttributeKind.DATE: say("give a day such as 2026-02-28."),
}
