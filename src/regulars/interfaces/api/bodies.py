"""Bodies and addresses as they come in: exact numbers, and only text that can be kept."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Never, override

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser

from regulars.interfaces.api.problems import RefusedError, problem


def read_body(request: HttpRequest) -> object:
    """The body; numbers with a point stay exact.

    Raises:
        RefusedError: It is no JSON, or has text that cannot be kept.
    """
    return read_text(request.body)


def read_text(text: bytes) -> object:
    """What a text of JSON tells; numbers with a point stay exact.

    Raises:
        RefusedError: It is no JSON, or has text that cannot be kept.
    """
    try:
        told = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
        _check_text(told)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, f"The body is no JSON that can be kept: {error}.") from error
    return told


class ExactParser(Parser):
    """Reads bodies as :func:`read_body` does."""

    @override
    def parse_body(self, request: HttpRequest) -> object:  # type: ignore[override]
        return read_body(request)


def refuse_unwritable(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a character that no database keeps names nothing."""

    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            _check_text([request.path, *_values(request)])
        except ValueError:
            return problem(400, "The address has characters that no text has.")
        return answer(request)

    return guarded


def _values(request: HttpRequest) -> Iterable[str]:
    for name, values in request.GET.lists():
        yield name
        yield from values


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no number of JSON")


def _check_text(told: object) -> None:
    """Refuse NUL and halves of characters, which no database keeps."""
    if isinstance(told, str):
        if "\0" in told:
            raise ValueError("the character NUL is in a text")
        told.encode()
    elif isinstance(told, dict):
        for name, value in told.items():
            _check_text(name)
            _check_text(value)
    elif isinstance(told, list):
        for value in told:
            _check_text(value)
