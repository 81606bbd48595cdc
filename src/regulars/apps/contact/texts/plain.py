"""What staff write in Markdown, as plain text."""

import re
from collections.abc import Callable, Mapping, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from regulars.apps.contact.texts.marks import Marked, put_back, put_back_address

type _Writer = Callable[[Marked, SyntaxTreeNode], str]

_BLANK = re.compile(r"\n{3,}")


def write_text(marked: Marked, tokens: Sequence[Token]) -> str:
    """The parts of a body as Liquid for plain text."""
    root = SyntaxTreeNode(tokens)
    return _BLANK.sub("\n\n", _blocks(marked, root)).strip() + "\n"


def _write(marked: Marked, node: SyntaxTreeNode) -> str:
    return _WRITERS.get(node.type, _inside)(marked, node)


def _inside(marked: Marked, node: SyntaxTreeNode) -> str:
    return "".join(_write(marked, child) for child in node.children)


def _blocks(marked: Marked, node: SyntaxTreeNode) -> str:
    return "\n\n".join(_write(marked, child) for child in node.children)


def _still(marked: Marked, node: SyntaxTreeNode) -> str:
    return put_back(marked.pieces, node.content)


def _quote(marked: Marked, node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {it}" for it in _blocks(marked, node).splitlines())


def _list(marked: Marked, node: SyntaxTreeNode) -> str:
    repeats = node.children[0].type == "html_block"
    first = int(node.attrs.get("start", 1))
    written = ""
    for n, item in enumerate(node.children):
        if item.type == "html_block":
            written += _still(marked, item)
            continue
        number = "{{ forloop.index }}" if repeats else n + first
        sign = "- " if node.type == "bullet_list" else f"{number}. "
        inside = "\n".join(_write(marked, child) for child in item.children)
        written += sign + inside.replace("\n", "\n   ") + "\n"
    return written.rstrip("\n")


def _row(marked: Marked, node: SyntaxTreeNode) -> str:
    return " | ".join(_write(marked, cell) for cell in node.children) + "\n"


def _link(marked: Marked, node: SyntaxTreeNode) -> str:
    href = str(node.attrs["href"])
    url = put_back_address(marked.pieces, href, "_url", "_text")
    if node.markup == "autolink":
        return url.removeprefix("mailto:")
    shown = _inside(marked, node)
    if href in {shown, f"mailto:{shown}"}:
        return shown
    return f"{shown}: {url}" if node.attrs.get("class") == "button" else f"{shown} ({url})"


def _newline(marked: Marked, node: SyntaxTreeNode) -> str:  # noqa: ARG001 - as each writer
    return "\n"


def _rule(marked: Marked, node: SyntaxTreeNode) -> str:  # noqa: ARG001 - as each writer
    return "---"


_WRITERS: Mapping[str, _Writer] = {
    "text": _still,
    "code_inline": _still,
    "image": _still,
    "html_block": _still,
    "softbreak": _newline,
    "hardbreak": _newline,
    "link": _link,
    "hr": _rule,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "tr": _row,
}
