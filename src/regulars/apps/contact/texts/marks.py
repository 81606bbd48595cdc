"""Liquid set aside as marks that Markdown, MJML and CSS leave alone, and put back."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from regulars.apps.contact.texts.errors import Place, TextError
from regulars.apps.contact.texts.words import ALONE, MIDDLES, TAGS
from regulars.kernel.wording import say

_PIECE = re.compile(r"\{\{(?P<output>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)
_NAME = re.compile(r"-?\s*(\w*)")
_OPENS = re.compile(r"\{(?=[{%])")
_LOOKS_OPEN = re.compile(r"\{(?=[{%]|\Z)")
_ATTRIBUTE = re.compile(r'\b(href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of Liquid: what is put out, or a tag with its name."""

    source: str
    output: str
    name: str
    where: Place


class Pieces:
    """The pieces of Liquid of a message, each with a mark such as ``zq3oz``."""

    def __init__(self, *texts: str) -> None:
        self.mark = "zq"
        while any(self.mark in text for text in texts):
            self.mark += "q"
        self._all: list[Piece] = []
        self.pattern = re.compile(rf"(?:<!--)?{self.mark}(\d+)[ot]z(?:-->)?")

    def __getitem__(self, number: int) -> Piece:
        return self._all[number]

    def find(self, text: str) -> list[Piece]:
        """The pieces whose marks stand in a text."""
        return [self._all[int(it[1])] for it in self.pattern.finditer(text)]

    def only_tags(self, text: str) -> list[str]:
        """The marks of a text that is nothing but tags; none otherwise."""
        found = re.findall(rf"{self.mark}\d+tz", text)
        return found if found and "".join(text.split()) == "".join(found) else []

    def add(self, piece: Piece) -> str:
        """The mark of a piece."""
        self._all.append(piece)
        return f"{self.mark}{len(self._all) - 1}{'t' if piece.name else 'o'}z"

    def set_aside(self, source: str, place: Place) -> "Marked":
        """A text with its Liquid set aside.

        Raises:
            TextError: Something is opened and not closed, or a tag is none of ours.
        """
        for opening, closing in (("{{", "}}"), ("{%", "%}")):
            # said at once: to look for each end anew takes long in a long text
            if (last := source.rfind(opening)) > source.rfind(closing):
                raise _not_closed(opening, source, last, place)
        text = _PIECE.sub(lambda found: self.add(_piece(found, source, place)), source)
        if left := _OPENS.search(text):
            before = self.pattern.sub(lambda it: self[int(it[1])].source, text[: left.start()])
            opened = text[left.start() : left.start() + 2]
            raise _not_closed(opened, source, len(before), place)
        return Marked(text, source, place, self)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks for its Liquid, and as it was written."""

    text: str
    source: str
    place: Place
    pieces: Pieces


_EXAMPLE = say("Write {example}.", example="{{ customer.name }}")


def _not_closed(opened: str, source: str, index: int, place: Place) -> TextError:
    return TextError(
        say("{opened} is not closed.", opened=opened),
        where=place.at(source, index),
        accepted=_EXAMPLE,
    )


def _piece(found: re.Match[str], source: str, place: Place) -> Piece:
    where = place.at(source, found.start())
    if found["output"] is not None:
        output = found["output"].removeprefix("-").removesuffix("-").strip()
        if not output:
            raise TextError(
                say("There is nothing in {braces}.", braces="{{ }}"),
                where=where,
                accepted=_EXAMPLE,
            )
        return Piece(found[0], output, "", where)
    named = _NAME.match(found["tag"])
    name = named[1] if named else ""
    if name not in {*TAGS, *TAGS.values(), *MIDDLES, *ALONE}:
        raise TextError(
            say("There is no tag {name}.", name=name or found[0]),
            where=where,
            accepted=say("There are {names}.", names=", ".join(sorted({*TAGS, *MIDDLES, *ALONE}))),
        )
    return Piece(found[0], "", name, where)


def check_nesting(pieces: Pieces, written: str) -> None:
    """Refuse a tag that closes elsewhere than it opens, such as in another paragraph.

    Args:
        pieces: Whose marks they are.
        written: The HTML that was made of it, or the text itself where no HTML is.

    Raises:
        TextError: A tag is never closed, never opened, or closed in another place.
    """
    open_: list[tuple[str, Piece | None]] = []
    for name, piece in _steps(pieces, written):
        if piece is None:
            _step_of_html(open_, name)
        else:
            _step_of_tag(open_, piece)
    for _, piece in open_:
        if piece is not None:
            raise _never_closed(piece)


def _steps(pieces: Pieces, written: str) -> Iterator[tuple[str, Piece | None]]:
    steps = re.compile(rf"(?:<!--)?{pieces.mark}(\d+)tz(?:-->)?|<(/?[a-z][a-z0-9]*)[^>]*?(/?)>")
    for found in steps.finditer(written):
        if found[1] is not None:
            piece = pieces[int(found[1])]
            yield piece.name, piece
        elif not found[3]:
            yield found[2], None


def _step_of_html(open_: list[tuple[str, Piece | None]], name: str) -> None:
    if not name.startswith("/"):
        open_.append((name, None))
        return
    _, piece = open_.pop()
    if piece is not None:
        raise _never_closed(piece)


def _step_of_tag(open_: list[tuple[str, Piece | None]], piece: Piece) -> None:
    name = piece.name
    if name in TAGS:
        open_.append((name, piece))
    elif name not in ALONE:
        within = open_[-1][0] if open_ and open_[-1][1] is not None else ""
        if within not in MIDDLES.get(name, {it for it, end in TAGS.items() if end == name}):
            raise TextError(
                say("{tag} stands where nothing of its kind is open.", tag=piece.source),
                where=piece.where,
                accepted=_SAME_PLACE,
            )
        if name not in MIDDLES:
            open_.pop()


_SAME_PLACE = say(
    "A tag opens and closes in the same paragraph, item or cell; or each stands on a line of "
    "its own, with empty lines around it."
)


def _never_closed(piece: Piece) -> TextError:
    return TextError(
        say("{tag} is not closed in the same place.", tag=piece.source),
        where=piece.where,
        accepted=_SAME_PLACE,
    )


def put_back(pieces: Pieces, text: str) -> str:
    """Liquid for plain text: values are one line each, and are not escaped."""
    return _put_back(pieces, text, "_text")


def put_back_html(pieces: Pieces, written: str) -> str:
    """Liquid for HTML: every value is escaped, and in an address can be nothing but one."""
    back: list[str] = []
    end = 0
    for found in _ATTRIBUTE.finditer(written):
        back.append(_put_back(pieces, written[end : found.start(2)], "_html"))
        filter_ = "_url" if found[1] == "href" else "_image"
        back.append(put_back_address(pieces, html.unescape(found[2]), filter_, "_html"))
        end = found.end(2)
    return "".join([*back, _put_back(pieces, written[end:], "_html")])


def put_back_address(pieces: Pieces, url: str, first: str, last: str) -> str:
    """Liquid for an address: a value that begins it is a whole one, a later one is a part."""
    whole = bool(pieces.pattern.match(url))
    back: list[str] = []
    end = 0
    for n, found in enumerate(pieces.pattern.finditer(url)):
        filter_ = f"{first} | {last}" if whole and n == 0 else f"_part | {last}"
        still = url[end : found.start()]
        back.append(_still(html.escape(still) if last == "_html" else still))
        back.append(f"{{{{ {pieces[int(found[1])].output} | {filter_}: {found[1]} }}}}")
        end = found.end()
    still = url[end:]
    return "".join([*back, _still(html.escape(still) if last == "_html" else still)])


def _put_back(pieces: Pieces, text: str, filter_: str) -> str:
    back: list[str] = []
    end = 0
    for found in pieces.pattern.finditer(text):
        piece = pieces[int(found[1])]
        back.append(_still(text[end : found.start()]))
        back.append(
            piece.source if piece.name else f"{{{{ {piece.output} | {filter_}: {found[1]} }}}}"
        )
        end = found.end()
    return "".join([*back, _still(text[end:])])


def _still(text: str) -> str:
    """What is no Liquid, though it may look like it, also beside a piece that is."""
    return _LOOKS_OPEN.sub('{{ "{" }}', text)
