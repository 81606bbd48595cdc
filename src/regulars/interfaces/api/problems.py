"""Errors as RFC 9457 problems: what was wrong, in which field, and what would be accepted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import ValidationError

from regulars.interfaces.requests import request_id
from regulars.kernel.problems import Problem

_TITLES = {
    400: "The request cannot be used",
    401: "A key is needed",
    403: "This key may not do that",
    404: "There is nothing here",
    409: "This was said before, otherwise",
    413: "The request is too large",
    422: "A field cannot be used",
    429: "Too many requests",
    500: "Something went wrong that should not have",
    503: "The platform cannot answer just now",
    507: "There is no room left",
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
    body: dict[str, object] = {"title": _TITLES[status], "status": status, "detail": detail}
    if id_ := request_id():
        body["request_id"] = id_
    if errors:
        body["errors"] = [error.json() for error in errors]
    return JsonResponse(body, status=status, content_type="application/problem+json")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The problem of an address that names nothing."""
    return problem(404, f"{request.path} names nothing.")


def described_problem() -> dict[str, object]:
    """How the description of the API shows a problem."""
    text = {"type": "string"}
    error = {"type": "object", "properties": {"field": text, "message": text}}
    schema = {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "request_id": text,
            "errors": {"type": "array", "items": error},
        },
    }
    return {
        "description": "What was wrong, in which field, and what would be accepted",
        "content": {"application/problem+json": {"schema": schema}},
    }


def field_errors(error: ValidationError) -> list[FieldError]:
    """What pydantic found wrong, by field."""
    return [
        FieldError(".".join(str(part) for part in found["loc"]), found["msg"])
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def as_errors(problems: Iterable[Problem]) -> list[FieldError]:
    """What the rules found wrong, by field."""
    return [FieldError(found.field, str(found.message)) for found in problems]
