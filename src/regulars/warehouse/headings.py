"""Which heading is which column: the user's word first, then names that are known."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.wording import Message, say
from regulars.warehouse.aliases import Ranks
from regulars.warehouse.shops import Shop, shop_of

_NOT_LETTERS = re.compile(r"[\W_]+")
_POSITION = re.compile(r"[1-9]\d*")
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in a source.

    Attributes:
        ranks: The known headings of each canonical column.
        required: Groups of columns; of each group one combination must be there.
        given: What the user said: canonical column to heading or position.
        keep: Further headings to keep, by the name they are asked for.
        keep_rest: Keep every column that is not recognised.
        shops: Whether whole exports of known shops are recognised.
    """

    ranks: Mapping[str, Ranks]
    required: Mapping[str, tuple[tuple[str, ...], ...]]
    given: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    keep_rest: bool = False
    shops: bool = False

    @property
    def headerless(self) -> bool:
        """Whether the columns were given by position."""
        return bool(self.given) and all(
            _POSITION.fullmatch(heading) for heading in self.given.values()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where each column stands in one file.

    Attributes:
        headings: The headings as the file writes them.
        positions: Canonical column to position, from 0.
        kept: Name of a column to keep to its position.
        shop: The shop whose whole export it is.
    """

    headings: tuple[str, ...]
    positions: Mapping[str, int]
    kept: Mapping[str, int]
    shop: Shop | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Canonical column to heading."""
        return {name: self.headings[place] for name, place in self.positions.items()}

    @property
    def ignored(self) -> tuple[int, ...]:
        """The positions that nothing was taken from."""
        taken = {*self.positions.values(), *self.kept.values()}
        return tuple(place for place in range(len(self.headings)) if place not in taken)


def normal(heading: str) -> str:
    """A heading without case, accents and punctuation.

    >>> normal("Customer ID") == normal("customerId") == normal("CUSTOMER_ID")
    True
    >>> normal("Užsakymo Nr.")
    'uzsakymonr'
    """
    plain = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # a lone sign such as the # of "Order #" is all that tells it from "Order"
    return _NOT_LETTERS.sub("", letters.replace("#", "number").replace("№", "number"))


def recognise(headings: Sequence[str], wanted: Wanted, source: str) -> Found:
    """Find the wanted columns among the headings of one file.

    Raises:
        InputError: A required column is missing or ambiguous.
        OptionError: A heading or position that the user gave is not there.
    """
    names = tuple(heading.strip() for heading in headings)
    shop = shop_of([normal(name) for name in names]) if wanted.shops else None
    positions = _given(names, wanted, source)
    if not wanted.headerless:
        positions |= _known(names, wanted, shop, positions)
    _check_required(names, wanted, positions, source)
    kept = _kept(names, wanted, positions, source)
    return Found(headings=names, positions=positions, kept=kept, shop=shop)


def _given(names: tuple[str, ...], wanted: Wanted, source: str) -> dict[str, int]:
    found = {}
    for column, heading in wanted.given.items():
        if column not in wanted.ranks:
            raise OptionError(
                say("{column} is not a column that Regulars knows.", column=column),
                accepted=say("Map one of: {columns}.", columns=", ".join(wanted.ranks)),
            )
        found[column] = _place(heading, names, wanted, source)
    return found


def _place(heading: str, names: tuple[str, ...], wanted: Wanted, source: str) -> int:
    if wanted.headerless:
        place = int(heading) - 1
        if place < len(names):
            return place
        raise OptionError(
            say("{source} has no column {heading}.", source=source, heading=heading),
            accepted=say("It has {n} columns, counted from 1.", n=len(names)),
        )
    return find(heading, names, source)


def find(heading: str, names: Sequence[str], source: str) -> int:
    """The position of a heading that the user names, exactly or by its letters.

    Raises:
        OptionError: No heading is like it.
    """
    if heading in names:
        return names.index(heading)
    alike = [place for place, name in enumerate(names) if normal(name) == normal(heading)]
    if len(alike) == 1:
        return alike[0]
    raise OptionError(
        say("{source} has no column called {heading}.", source=source, heading=heading),
        accepted=say("It has: {headings}.", headings=_listed(names)),
    )


def _known(
    names: tuple[str, ...], wanted: Wanted, shop: Shop | None, given: Mapping[str, int]
) -> dict[str, int]:
    taken = set(given.values())
    found: dict[str, int] = {}
    of_the_shop = shop.columns if shop else {}
    # some columns, such as an order's status, are known in the exports of shops only
    for column in [*wanted.ranks, *(name for name in of_the_shop if name not in wanted.ranks)]:
        tiers = (of_the_shop.get(column, ()), *wanted.ranks.get(column, ()))
        if column in given or (shop and column in shop.unused):
            continue
        place = _best(names, tiers, taken, column)
        if place is not None:
            found[column] = place
            taken.add(place)
    return found


def _best(
    names: tuple[str, ...], tiers: Sequence[Sequence[str]], taken: set[int], column: str
) -> int | None:
    for tier in tiers:
        known = {normal(alias) for alias in tier}
        places = [
            place
            for place, name in enumerate(names)
            if place not in taken and normal(name) in known
        ]
        if len(places) > 1:
            raise InputError(
                say(
                    "Several headings could be {column}: {headings}.",
                    column=column,
                    headings=", ".join(names[place] for place in places),
                ),
                accepted=_how_to_map(column, names[places[0]]),
            )
        if places:
            return places[0]
    return None


def _check_required(
    names: tuple[str, ...], wanted: Wanted, positions: Mapping[str, int], source: str
) -> None:
    for column, ways in wanted.required.items():
        if not any(all(part in positions for part in way) for way in ways):
            raise InputError(
                say(
                    "No column of {source} is recognised as {column}. Its headings are: "
                    "{headings}.",
                    source=source,
                    column=column,
                    headings=_listed(names),
                ),
                accepted=_how_to_map(column, "Heading"),
            )


def _how_to_map(column: str, heading: str) -> Message:
    return say(
        "Say which one it is, for example --columns {column}={heading}.",
        column=column,
        heading=heading.replace(" ", "_") if heading == "Heading" else heading,
    )


def _kept(
    names: tuple[str, ...], wanted: Wanted, positions: Mapping[str, int], source: str
) -> dict[str, int]:
    if wanted.keep_rest:
        taken = set(positions.values())
        return {name: place for place, name in enumerate(names) if place not in taken and name}
    return {name: find(name, names, source) for name in wanted.keep if name not in positions}


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, …" if len(names) > _SHOWN else shown
