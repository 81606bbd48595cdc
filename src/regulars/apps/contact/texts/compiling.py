"""A message compiled once for a language, and filled for each recipient."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from liquid.exceptions import LiquidError, UnknownFilterError
from liquid.template import BoundTemplate

from regulars.apps.contact.texts.checking import check_words
from regulars.apps.contact.texts.errors import Place, TextError
from regulars.apps.contact.texts.layout import Look, Marks, footer_links, lay_out
from regulars.apps.contact.texts.markdown import read_markdown, write_html
from regulars.apps.contact.texts.marks import (
    Marked,
    Piece,
    Pieces,
    check_nesting,
    put_back,
    put_back_html,
)
from regulars.apps.contact.texts.plain import write_text
from regulars.apps.contact.texts.sandbox import clean, noting_missing, sandbox_of
from regulars.apps.contact.texts.words import FILTERS
from regulars.kernel.wording import Message, say

LONGEST_SUBJECT = 200
"""Characters; what is longer is cut."""
LONGEST_SHORT = 1000
"""Characters of a text message; what is longer is cut."""
LONGEST_BODY = 50_000
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


@dataclass(frozen=True, slots=True)
class Text:
    """What staff wrote in one language: Markdown and Liquid.

    Attributes:
        subject: One line; Liquid, no Markdown.
        preheader: What a list of mails shows beside the subject; the same.
        body: Of a mail.
        short: Of a text message; Liquid, no Markdown.
    """

    subject: str = ""
    preheader: str = ""
    body: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message for one recipient.

    Attributes:
        subject: One line of at most 200 characters.
        text: The mail for who reads without pictures and colours.
        html: The mail as it looks.
        short: The text message.
        missing: What of the text turned out empty, as it is written there.
    """

    subject: str
    text: str
    html: str
    short: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A message in one language, to be filled for many recipients."""

    language: str
    parts: Mapping[str, BoundTemplate]
    pieces: Pieces

    def fill(self, values: Mapping[str, object]) -> Rendered:
        """The message for one recipient.

        Args:
            values: What stands in it, such as ``{"customer": {"name": "Ona"}}``.

        Raises:
            TextError: A value is not what a filter takes, or the message grows too long.
        """
        with noting_missing() as places:
            filled = {name: self._fill(name, values) for name in self.parts}
        text = _EMPTY_LINES.sub("\n\n", filled["text"]).strip()
        return Rendered(
            subject=_cut(clean(filled["subject"]).strip(), LONGEST_SUBJECT),
            text=text + "\n" if text else "",
            html=filled["html"],
            short=_cut(filled["short"].strip(), LONGEST_SHORT),
            missing=tuple(sorted({self.pieces[it].output for it in places if it >= 0})),
        )

    def _fill(self, name: str, values: Mapping[str, object]) -> str:
        try:
            return self.parts[name].render(values)
        except (LiquidError, ArithmeticError, TypeError, ValueError) as error:
            field = "body" if name in {"text", "html"} else name
            told = error.message if isinstance(error, LiquidError) else error
            raise TextError(
                say("It cannot be filled: {trouble}.", trouble=str(told)),
                where=Place(self.language, field),
            ) from error


def compile_message(text: Text, look: Look, language: str) -> Compiled:
    """A message made ready: Markdown, layout and styles once, Liquid for each recipient.

    Args:
        text: What staff wrote.
        look: What the firm puts around it.
        language: Of the text, such as ``lt`` or ``zh-hans``.

    Raises:
        TextError: Something in it is not understood: where, and what would be.

    >>> made = compile_message(Text("Hello, {{ customer.name }}", body="**Hi**"), Look(), "en")
    >>> made.fill({"customer": {"name": "Ona"}}).subject
    'Hello, Ona'
    """
    _check_lengths(text, language)
    pieces = Pieces(*_all_texts(text, look))
    marked = {
        field: pieces.set_aside(_lines(getattr(text, field)), Place(language, field))
        for field in ("subject", "preheader", "body", "short")
    }
    for part in marked.values():
        check_nesting(pieces, html.escape(part.text))
        _parse(part.source, part.place)
    body = marked["body"]
    tokens = read_markdown(body)
    written = write_html(tokens)
    check_nesting(pieces, written)
    sources = {
        "subject": put_back(pieces, marked["subject"].text),
        "short": put_back(pieces, marked["short"].text),
        "text": write_text(body, tokens) + _foot(look, language, pieces),
        "html": put_back_html(pieces, _whole(written, marked["preheader"], look, language)),
    }
    parts = {name: _parsed(it, Place(language, name)) for name, it in sources.items()}
    return Compiled(language, parts, pieces)


def _all_texts(text: Text, look: Look) -> Iterator[str]:
    yield from (text.subject, text.preheader, text.body, text.short)
    yield from (look.firm_name, look.firm_address, look.logo, look.footer, look.colour)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_lengths(text: Text, language: str) -> None:
    for field, most in (
        ("subject", 300), ("preheader", 300), ("body", LONGEST_BODY), ("short", LONGEST_BODY),
    ):  # fmt: skip
        if len(getattr(text, field)) > most:
            raise TextError(
                say("It is too long."),
                where=Place(language, field),
                accepted=say("It has at most {n} characters.", n=most),
            )
    if "\n" in _lines(text.subject).strip():
        raise TextError(
            say("A subject is one line."), where=Place(language, "subject", 2),
        )  # fmt: skip


def _parse(source: str, place: Place) -> None:
    """Refuse what Liquid does not understand, at the line where it stands."""
    try:
        template = sandbox_of(place.language).from_string(source)
        check_words(template, source, place)
    except LiquidError as error:
        raise _not_understood(error, source, place) from error


def _not_understood(error: LiquidError, source: str, place: Place) -> TextError:
    at = error.token.start_index if error.token is not None else -1
    where = place.at(source, max(at, 0))
    trouble = say("It is not understood ({trouble}).", trouble=str(error.message))
    return TextError(trouble, where=where, accepted=_accepted(error))


def _accepted(error: LiquidError) -> Message:
    if isinstance(error, UnknownFilterError):
        return say("There are the filters {names}.", names=", ".join(sorted(FILTERS)))
    return say("Write {example}.", example="{{ customer.name | default: 'friend' }}")


def _parsed(source: str, place: Place) -> BoundTemplate:
    try:
        return sandbox_of(place.language).from_string(source)
    except LiquidError as error:
        raise _not_understood(error, source, place) from error


def _whole(written: str, preheader: Marked, look: Look, language: str) -> str:
    pieces, nowhere = preheader.pieces, Place(language, "body")
    links = [
        pieces.add(Piece("", f"links.{name}", "", nowhere))
        for name in ("unsubscribe", "preferences")
    ]
    return lay_out(written, look, language, Marks(preheader.text, *links))


def _foot(look: Look, language: str, pieces: Pieces) -> str:
    """The foot of the plain text."""
    lines = [look.firm_name, *look.firm_address.splitlines(), *look.footer.splitlines()]
    still = put_back(pieces, "\n".join(it.strip() for it in lines if it.strip()))
    if not look.promotional:
        return f"\n-- \n{still}\n" if still else ""
    links = footer_links(language)
    names = {"preferences": links.preferences, "unsubscribe": links.unsubscribe}
    told = "\n".join(
        f"{name}: {{{{ links.{word} | _url | _text: -1 }}}}" for word, name in names.items()
    )
    return f"\n-- \n{still}\n{told}\n"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
