"""What the description of the API says beyond what its types say."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from regulars.interfaces.api.lists import MOST
from regulars.interfaces.api.problems import TITLES, example_of_problem
from regulars.interfaces.api.reference.examples import Answer, Example, with_answers

type Json = dict[str, Any]

NO_SECOND_ANSWER: Mapping[str, object] = {"x-answered-once": False}
"""Of a write that takes no Idempotency-Key."""

_WRITES = {"post", "put", "patch", "delete"}
_REF = "#/components/schemas/{model}"
_definitions: Json = {}


def one_or_many(model: type[BaseModel]) -> dict[str, object]:
    """The request body of an operation that takes one thing or a list of them."""
    schema = model.model_json_schema(ref_template=_REF)
    _definitions.update(schema.pop("$defs", {}))
    _definitions[model.__name__] = schema
    one = {"$ref": _REF.format(model=model.__name__)}
    many = {"type": "array", "items": one, "maxItems": MOST}
    content = {"application/json": {"schema": {"oneOf": [one, many]}}}
    return {"requestBody": {"required": True, "content": content}}


def complete(schema: Json, rights: Mapping[tuple[str, str], str]) -> None:
    """Say for each operation what it refuses, what it needs, and show it by examples.

    Args:
        schema: The description as the types give it; it is changed.
        rights: The permission that each operation needs, by path and method.
    """
    components = schema["components"]
    components["schemas"] |= _definitions | {"Problem": _problem()}
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["responses"] = {_name(status): _refusal(status) for status in _REFUSALS}
    components["headers"] = _HEADERS
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY}
    examples = _by_operation()
    for path, method, operation in _operations(schema):
        once = method in _WRITES and operation.pop("x-answered-once", True)
        operation["security"] = [{"Bearer": [rights[path, method]]}]
        if once:
            operation["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
        _tell_headers(operation, once=once)
        _tell_refusals(operation, path, once=once)
        _show(operation, examples.get(operation["operationId"], []))


def _operations(schema: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _by_operation() -> dict[str, list[tuple[Example, Answer | None]]]:
    found: dict[str, list[tuple[Example, Answer | None]]] = {}
    for example, answer in with_answers():
        found.setdefault(example.operation, []).append((example, answer))
    return found


def _tell_headers(operation: Json, *, once: bool) -> None:
    names = [*_RATES, *(["Idempotent-Replayed"] if once else [])]
    for response in operation["responses"].values():
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _tell_refusals(operation: Json, path: str, *, once: bool) -> None:
    body = "requestBody" in operation
    refusals = {
        400: True,
        401: True,
        403: True,
        404: "{" in path,
        409: once,
        413: body,
        415: body,
        422: bool(body or operation["parameters"]),
        429: True,
        503: True,
    }
    for status, possible in refusals.items():
        if possible:
            operation["responses"][str(status)] = _ref(_name(status))
    operation["responses"]["default"] = _ref("Problem")


def _show(operation: Json, examples: list[tuple[Example, Answer | None]]) -> None:
    """Put the examples beside the body, the parameters and the answers that they are of."""
    for number, (example, answer) in enumerate(examples, start=1):
        name = f"example-{number}"
        if answer is None or answer.status < 400:  # noqa: PLR2004 - what is refused is no model
            _show_request(operation, name, example)
        if answer is not None and str(answer.status) in _kept(operation):
            content = operation["responses"][answer.status]["content"]
            told = {"summary": example.title, "value": answer.body}
            next(iter(content.values())).setdefault("examples", {})[name] = told


def _kept(operation: Json) -> set[str]:
    """The statuses that are not refusals: ninja counts them as numbers."""
    return {str(status) for status in operation["responses"] if isinstance(status, int)}


def _show_request(operation: Json, name: str, example: Example) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    for kind in content.values():
        kind.setdefault("examples", {})[name] = {"summary": example.title, "value": example.body}
    for parameter in operation["parameters"]:
        known = {**example.path, **example.query}
        if parameter.get("name") in known and "example" not in parameter:
            parameter["example"] = _typed(parameter["schema"], known[parameter["name"]])


def _typed(schema: Json, text: str) -> str | int:
    return int(text) if schema.get("type") == "integer" else text


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/responses/{name}"}


_REFUSALS = (0, 400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
_NAMES = {
    0: "Problem",
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    413: "ContentTooLarge",
    415: "UnsupportedMediaType",
    422: "UnprocessableContent",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
}


def _name(status: int) -> str:
    return _NAMES[status]


def _refusal(status: int) -> Json:
    """A refusal as the description shows it; 0 for any."""
    content: Json = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status:
        content["example"] = example_of_problem(status)
    told: Json = {
        "description": TITLES.get(status, "What was wrong, in which field, what would be taken"),
        "content": {"application/problem+json": content},
    }
    if status in {429, 503}:
        told["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return told


def _problem() -> Json:
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["field", "message"],
        "properties": {
            "field": text | {"description": "A path with dots; empty for the whole."},
            "message": text | {"description": "What is wrong, and what would be accepted."},
        },
    }
    return {
        "type": "object",
        "description": "Why a request was refused (RFC 9457).",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "request_id": text | {"description": "Names the request in the platform's log."},
            "errors": {"type": "array", "items": error},
        },
    }


def _number(told: str) -> Json:
    return {"description": told, "schema": {"type": "integer", "minimum": 0}}


_RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_HEADERS: Json = {
    "RateLimit-Limit": _number("How many requests the key may make at once."),
    "RateLimit-Remaining": _number("How many of them are left."),
    "RateLimit-Reset": _number("Seconds until all of them are back."),
    "Retry-After": _number("Seconds to wait before the request is sent again."),
    "Idempotent-Replayed": {
        "description": "`true` where this is the stored answer of an earlier request.",
        "schema": {"type": "string", "const": "true"},
    },
}
_IDEMPOTENCY_KEY: Json = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Your own name of this request: a retry gets the first answer again, another "
    "request under the same name is refused with 409. Kept for seven days.",
    "schema": {"type": "string", "maxLength": 255, "pattern": "^[ -~]*$"},
}
