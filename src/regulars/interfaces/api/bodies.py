"""Bodies and addresses as they come in: exact numbers, and only text that can be kept."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import override

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from regulars.interfaces.api.fields import keepable, unkeepable
from regulars.interfaces.api.problems import RefusedError, problem


def read_body(request: HttpRequest) -> object:
    """The body; numbers with a point stay exact. Of a list each row is looked at by itself.

    Raises:
        RefusedError: It is no JSON, tells something twice, or has text that cannot be kept.
    """
    _check_kind(request)
    told = read_text(request.body)
    errors = [] if isinstance(told, list) else list(unkeepable(told))
    if errors:
        raise RefusedError(422, "A field cannot be used.", errors)
    return told


def read_text(text: bytes) -> object:
    """What a text of JSON tells; numbers with a point stay exact.

    Raises:
        RefusedError: It is no JSON, or tells something twice.
    """
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_each_once
        )
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, f"The body is no JSON that can be read: {error}.") from error


class ExactParser(Parser):
    """Reads bodies as :func:`read_body` does."""

    @override
    def parse_body(self, request: HttpRequest) -> object:  # type: ignore[override]
        return read_body(request)


class ExactEncoder(NinjaJSONEncoder):
    """Writes times as they are, to the microsecond."""

    @override
    def default(self, o: object) -> object:
        """What JSON has no word for."""
        if isinstance(o, datetime):
            return o.isoformat().replace("+00:00", "Z")
        return super().default(o)


class ExactRenderer(JSONRenderer):
    """Writes answers of reads as those of writes are written."""

    encoder_class = ExactEncoder


def refuse_unwritable(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a character that no database keeps names nothing."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if all(map(keepable, [request.path, *_values(request)])):
            return answer(request)
        return problem(400, "The address has characters that no text has.")

    return guarded


def _values(request: HttpRequest) -> Iterable[str]:
    for name, values in request.GET.lists():
        yield name
        yield from values


def _check_kind(request: HttpRequest) -> None:
    if not request.body:
        raise RefusedError(400, "The body is empty.")
    if coding := request.headers.get("Content-Encoding", ""):
        raise RefusedError(415, f"Send the body as it is: {coding} is not taken.")
    if request.content_type != "application/json":
        told = request.content_type or "nothing"
        raise RefusedError(415, f"Send Content-Type: application/json, not {told}.")


def _each_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is told twice in one object")
    return told
