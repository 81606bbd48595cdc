"""Liquid that can read the values it is given and nothing else, within limits."""

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from urllib.parse import quote

from liquid import Environment, RenderContext
from liquid.builtin.filters.array import join as join_items
from liquid.exceptions import FilterArgumentError
from liquid.stringify import to_liquid_string
from liquid.template import BoundTemplate
from liquid.undefined import is_undefined
from liquid.utils import ReadOnlyChainMap

from regulars.apps.contact.texts.figures import filters_of
from regulars.apps.contact.texts.words import ALONE, FILTERS, TAGS

LONGEST_OUTPUT = 400_000
"""Bytes of a part of a message."""
_LONGEST_LIST = 1000
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"'`\\{}|^]+", re.IGNORECASE)
_PICTURE = re.compile(r"https://[^\s<>\"'`\\{}|^]+", re.IGNORECASE)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What turns the direction of the text around it, and what no mail can carry."""
_SPACE = re.compile(r"(?:[^\S\xa0\u202f]|[\x00-\x1f\x7f-\x9f])+")

_missing: ContextVar[set[int] | None] = ContextVar("missing", default=None)


class _Context(RenderContext):
    """A context without a clock: dates are given to a text, it does not read them itself."""

    def __init__(self, template: BoundTemplate, **told: Any) -> None:  # noqa: ANN401 - Liquid's own
        super().__init__(template, **told)
        self.scope = ReadOnlyChainMap(self.locals, self.globals)


class _Template(BoundTemplate):
    context_class = _Context


class _Sandbox(Environment):
    block_nesting_limit = 12
    context_depth_limit = 12
    loop_iteration_limit = _LONGEST_LIST
    local_namespace_limit = 100_000
    output_stream_limit = LONGEST_OUTPUT
    template_class = _Template


@cache
def sandbox_of(language: str) -> Environment:
    """Liquid with the tags and filters of texts, in a language."""
    env = _Sandbox(autoescape=False, strict_filters=True)
    kept = {"content", "output", "illegal", *TAGS, *ALONE}
    env.tags = {name: tag for name, tag in env.tags.items() if name in kept}
    env.filters = {name: it for name, it in env.filters.items() if name in FILTERS}
    env.filters["join"] = _join
    env.filters.update(filters_of(language))
    env.filters.update(
        {"_html": _html, "_text": _text, "_url": _url, "_part": quoted, "_image": _image}
    )
    return env


@contextmanager
def noting_missing() -> Iterator[set[int]]:
    """Notes, by their numbers, the places of a text that turn out empty."""
    found: set[int] = set()
    token = _missing.set(found)
    try:
        yield found
    finally:
        _missing.reset(token)


def clean(value: str) -> str:
    r"""A value as one line that cannot turn or break what stands around it.

    >>> clean("Jonas\r\nBcc: all"), clean("\u202eevil")
    ('Jonas Bcc: all', 'evil')
    """
    if value.isprintable():
        return value
    return _SPACE.sub(" ", _TURNING.sub("", value))


def _text(value: object, place: int) -> str:
    text = "" if isinstance(value, dict) else to_liquid_string(value, autoescape=False)
    noted = _missing.get()
    if noted is not None and not text.strip():
        noted.add(place)
    return clean(text)


def _html(value: object, place: int) -> str:
    return html.escape(_text(value, place))


def _url(value: object) -> str:
    text = str(value).strip()
    return text if _ADDRESS.fullmatch(text) else ""


def _image(value: object) -> str:
    text = str(value).strip()
    return text if _PICTURE.fullmatch(text) else ""


def quoted(value: object) -> str:
    """A value as it stands in the middle of an address.

    >>> quoted("a&b c/d")
    'a%26b%20c/d'
    """
    return "" if is_undefined(value) else quote(_text(value, -1), safe="/@")


def _join(value: object, between: object = " ") -> object:
    if isinstance(value, Sequence) and len(value) > _LONGEST_LIST:
        raise FilterArgumentError(f"join: more than {_LONGEST_LIST} items", token=None)
    return join_items(value, between)
