"""What staff write in Markdown, read and made into HTML."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from regulars.apps.contact.texts.errors import TextError
from regulars.apps.contact.texts.marks import Marked
from regulars.kernel.wording import say

_LINK = re.compile(r"(https?://|mailto:|tel:).", re.IGNORECASE)
_PICTURE = re.compile(r"https://.", re.IGNORECASE)


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True})
    made.enable("table").disable(["code", "fence", "reference", "html_block", "html_inline"])
    # It would leave a link that it dislikes as it was typed; that is refused below, aloud.
    made.validateLink = _any_link  # type: ignore[method-assign]
    return made


def _any_link(url: str) -> bool:
    return bool(url)


_MARKDOWN = _markdown()


def read_markdown(marked: Marked) -> list[Token]:
    """The parts of a body, in order; tags on lines of their own stand beside them.

    Raises:
        TextError: A link or a picture has an address that a mail cannot carry.
    """
    tokens = _MARKDOWN.parse(_lines_apart(marked))
    _check_addresses(marked, tokens)
    tokens = list(_tags_out_of_rows(marked, _tags_out_of_paragraphs(marked, tokens)))
    tokens = list(_loops_into_lists(marked, tokens))
    _mark_buttons(tokens)
    return tokens


def write_html(tokens: Sequence[Token]) -> str:
    """The parts as HTML."""
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _lines_apart(marked: Marked) -> str:
    """Empty lines around tags that have a line to themselves, but for those of a table."""
    lines = marked.text.splitlines()
    apart: list[str] = []
    for n, line in enumerate(lines):
        beside = [*lines[max(n - 1, 0) : n], *lines[n + 1 : n + 2]]
        alone = marked.pieces.only_tags(line)
        in_table = any(it.lstrip().startswith("|") for it in beside)
        apart += ["", line.strip(), ""] if alone and not in_table else [line]
    return "\n".join(apart)


def _check_addresses(marked: Marked, tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                _check(marked, str(child.attrGet("href")), _LINK)
            elif child.type == "image":
                _check(marked, str(child.attrGet("src")), _PICTURE)


def _check(marked: Marked, url: str, allowed: re.Pattern[str]) -> None:
    first = marked.pieces.pattern.match(url)
    tags = [it for it in marked.pieces.find(url) if it.name]
    if not tags and (first or allowed.match(url)):
        return
    shown = marked.pieces.pattern.sub(lambda it: marked.pieces[int(it[1])].source, url)
    index = marked.source.find(shown)
    link = say("A link begins with https://, http://, mailto:, tel: or {{{{ a value }}}}.")
    picture = say("A picture's address begins with https:// or {{{{ a value }}}}.")
    raise TextError(
        say("The address {url} cannot stand in a mail.", url=shown or "''"),
        where=marked.place.at(marked.source, max(index, 0)),
        accepted=link if allowed is _LINK else picture,
    )


def _beside(marks: Sequence[str]) -> Token:
    return Token("html_block", "", 0, content="".join(f"<!--{it}-->" for it in marks))


def _tags_out_of_paragraphs(marked: Marked, tokens: Sequence[Token]) -> Iterator[Token]:
    n = 0
    while n < len(tokens):
        inline = tokens[n + 1] if tokens[n].type == "paragraph_open" else None
        marks = marked.pieces.only_tags(inline.content) if inline is not None else []
        if marks:
            yield _beside(marks)
            n += 3
        else:
            yield tokens[n]
            n += 1


def _tags_out_of_rows(marked: Marked, tokens: Iterator[Token]) -> Iterator[Token]:
    row: list[Token] = []
    for token in tokens:
        if token.type == "tr_open" or row:
            row.append(token)
        else:
            yield token
        if token.type == "tr_close":
            cells = "".join(it.content for it in row if it.type == "inline")
            marks = marked.pieces.only_tags(cells)
            yield from [_beside(marks)] if marks else row
            row = []


def _loops_into_lists(marked: Marked, tokens: list[Token]) -> Iterator[Token]:
    """A loop around one list repeats its items, not the list."""
    n = 0
    while n < len(tokens):
        end = _end_of_list(tokens, n + 1) if _names(marked, tokens, n) == ["for"] else 0
        if end and _names(marked, tokens, end + 1) == ["endfor"]:
            yield from (
                tokens[n + 1],
                tokens[n],
                *tokens[n + 2 : end],
                tokens[end + 1],
                tokens[end],
            )
            n = end + 2
        else:
            yield tokens[n]
            n += 1


def _names(marked: Marked, tokens: Sequence[Token], n: int) -> list[str]:
    if n >= len(tokens) or tokens[n].type != "html_block":
        return []
    return [it.name for it in marked.pieces.find(tokens[n].content)]


def _end_of_list(tokens: Sequence[Token], n: int) -> int:
    if n >= len(tokens) or not tokens[n].type.endswith("_list_open"):
        return 0
    close, level = tokens[n].type.replace("_open", "_close"), tokens[n].level
    return next(
        m for m in range(n, len(tokens)) if tokens[m].type == close and tokens[m].level == level
    )


def _mark_buttons(tokens: Sequence[Token]) -> None:
    """A link that is a paragraph by itself is a button, unless it shows its bare address."""
    for opened, inline in pairwise(tokens):
        parts = inline.children or []
        if (
            opened.type == "paragraph_open"
            and opened.level == 0
            and [it.type for it in parts] == ["link_open", "text", "link_close"]
            and parts[0].markup != "autolink"
        ):
            opened.attrSet("class", "action")
            parts[0].attrSet("class", "button")
