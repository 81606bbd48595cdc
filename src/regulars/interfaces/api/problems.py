"""Errors as RFC 9457 problems: what was wrong, in which field, and what would be accepted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import ValidationError

from regulars.interfaces.requests import request_id
from regulars.kernel.problems import Problem

TITLES = {
    400: "The request cannot be used",
    401: "A key is needed",
    403: "This key may not do that",
    404: "There is nothing here",
    405: "This address is asked otherwise",
    409: "This was said before, otherwise",
    411: "The length of the body is missing",
    413: "The request is too large",
    415: "The body is of a kind that is not taken",
    422: "A field cannot be used",
    429: "Too many requests",
    500: "Something went wrong that should not have",
    503: "The platform cannot answer just now",
    507: "There is no room left",
}
"""What a problem is called, by its status."""

_EXAMPLES: Mapping[int, Mapping[str, object]] = {
    400: {"detail": "The body is no JSON that can be read: Expecting value: line 1 column 1."},
    401: {"detail": "Send a living key as 'Authorization: Bearer …'."},
    403: {"detail": "The role analyst does not allow orders:write."},
    404: {"detail": "There is no order 1001."},
    409: {"detail": "This Idempotency-Key was used for another request."},
    413: {"detail": "Send at most 5000 in one call, or an import."},
    415: {"detail": "Send Content-Type: application/json, not text/plain."},
    422: {
        "detail": "A field cannot be used.",
        "errors": [
            {
                "field": "currency",
                "message": "EURO is no currency: give a code of ISO 4217.",
            }
        ],
    },
    429: {"detail": "This key asks too often. Ask again in 1 s."},
    503: {"detail": "The database does not answer. Nothing was written; send the request again."},
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field; ``field`` is a path with dots, empty for the whole."""

    field: str
    message: str

    def json(self) -> Mapping[str, str]:
        """The error as JSON."""
        return {"field": self.field, "message": self.message}


class RefusedError(Exception):
    """The request is refused."""

    def __init__(self, status: int, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)


def problem(status: int, detail: str, errors: Sequence[FieldError] = ()) -> HttpResponse:
    """A problem as a response."""
    body: dict[str, object] = {"title": TITLES[status], "status": status, "detail": detail}
    if id_ := request_id():
        body["request_id"] = id_
    if errors:
        body["errors"] = [error.json() for error in errors]
    return JsonResponse(body, status=status, content_type="application/problem+json")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The problem of an address that names nothing."""
    return problem(404, f"{request.path} names nothing.")


def example_of_problem(status: int) -> Mapping[str, object]:
    """A problem as the description of the API shows it."""
    return {"title": TITLES[status], "status": status, **_EXAMPLES[status]}


def field_errors(error: ValidationError) -> list[FieldError]:
    """What pydantic found wrong, by field."""
    return [
        FieldError(".".join(str(part) for part in found["loc"]), found["msg"])
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def as_errors(problems: Iterable[Problem]) -> list[FieldError]:
    """What the rules found wrong, by field."""
    return [FieldError(found.field, str(found.message)) for found in problems]
