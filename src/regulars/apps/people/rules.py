"""Pure decisions about people: how a name is looked for, what a birthday may be."""

import unicodedata
from calendar import monthrange
from dataclasses import dataclass

_LEAP = 2000
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэёъь",
        (*"abvgdezijklmnoprstufye", "e", "", ""),
        strict=True,
    )
) | {"ж": "z", "х": "ch", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ю": "ju", "я": "ja"}


def searchable(text: str) -> str:
    """A text as it is looked for: small letters, no accents, Cyrillic also in Latin letters.

    >>> searchable("Šimkus"), searchable("Иванов"), searchable("王 Wang")
    ('simkus', 'иванов ivanov', '王 wang')
    """
    plain = _without_accents(text.casefold())
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in plain)
    return plain if latin == plain else f"{plain} {latin}"


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
