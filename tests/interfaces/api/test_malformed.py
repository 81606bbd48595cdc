"""A malformed value in every field of every body: refused by the field's name, nothing written."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet

from callers import Caller
from regulars.interfaces.api.entry import api
from regulars.interfaces.api.reference.examples import STORY, Example, with_answers
from regulars.interfaces.api.reference.outline import places

DESCRIPTION: Mapping[str, Any] = api.get_openapi_schema(path_prefix="")
PLACES = places(DESCRIPTION)

type Told = dict[str, Any]
type Path = tuple[str | int, ...]

HUGE = 10**400
WRONG_ANYWHERE: list[object] = [{"a": [1]}, [["x"]], "nul \0", "half \ud800", float("nan")]
WRONG: Mapping[str, list[object]] = {
    "text": [12, True, HUGE, 1.5, "x" * 5001, "bell \a", "two\r\nlines", "line\u2028separator"],
    "decimal": ["abc", "", "12,5", -1, "-0.01", HUGE, "1e999999999", "1e-999999999", "Infinity"],
    "date-time": [
        *("abc", "", 12, -1, 1767225600, "1767225600", HUGE, True),
        *("2026-13-01T00:00:00Z", "2026-01-02T10:00:00", "2026-01-02", "2026-02-30T10:00:00Z"),
    ],
    "date": ["abc", "", 12, -1, HUGE, True, "2026-02-30", "2026-01-02T00:00:00", "0000-01-01"],
    "choice": ["abc", 12, True, HUGE, "x" * 5001, " "],
    "yes or no": ["abc", "", 12, -1, 1.5, HUGE],
    "whole": ["abc", -1, 1.5, HUGE, "1e3"],
    "lines": [12, True, HUGE, 1.5, "x" * 100_001, "bell \a", "line\u2028separator"],
    "list": ["abc", 12, True, {"0": "x"}],
    "object": ["abc", 12, True, ["x"]],
}


def bodies() -> list[Example]:
    """The first example with a body of each operation that takes one; of a list its first row."""
    found: dict[str, Example] = {}
    for example, answer in with_answers():
        if isinstance(example.body, dict | list) and answer is not None and answer.status < 300:
            found.setdefault(example.operation, example)
    return list(found.values())


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema where it is written out, of several choices the one that is not null."""
    if "$ref" in schema:
        return resolved(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    choices = [it for it in schema.get("anyOf", schema.get("oneOf", [])) if it != {"type": "null"}]
    if {it.get("type") for it in choices} == {"number", "string"}:
        return {"kind": "decimal"}
    return resolved(choices[0]) if choices else schema


def kind_of(schema: Mapping[str, Any]) -> str:
    """Which malformed values a field of that schema may not be."""
    if "enum" in schema:
        return "choice"
    kinds = {"array": "list", "object": "object", "integer": "whole", "boolean": "yes or no"}
    kind: str = schema.get("kind", schema.get("format", "text"))
    return kinds.get(schema.get("type", ""), kind)


def fields(schema: Mapping[str, Any], value: object, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every field of a body, with its kind; inside lists those of the first row."""
    for name, part in schema.get("properties", {}).items():
        inner = resolved(part)
        yield (*at, name), kind_of(inner)
        within = value.get(name) if isinstance(value, dict) else None
        if "properties" in inner:
            yield from fields(inner, within or {}, (*at, name))
        if inner.get("type") == "array" and within:
            row = resolved(inner["items"])
            yield (*at, name, 0), kind_of(row)
            yield from fields(row, None, (*at, name, 0))


def changed(body: Told, path: Path, value: object) -> Told:
    """A body with another value at a place."""
    told = deepcopy(body)
    inside: Any = told
    for part in path[:-1]:
        inside = inside.setdefault(part, {}) if isinstance(part, str) else inside[part]
    inside[path[-1]] = value
    return told


def written() -> dict[str, int]:
    """How many rows each table has."""
    return {model.__name__: QuerySet(model).count() for model in apps.get_models()}


def first(example: Example) -> Told:
    """The body of an example; of a list its first row."""
    told: Any = example.body
    return dict(told[0] if isinstance(told, list) else told)


def cases(example: Example) -> list[tuple[Path, object]]:
    """Every field of an operation's body with every malformed value."""
    method, path = PLACES[example.operation]
    operation = DESCRIPTION["paths"][path][method.lower()]
    schema = resolved(operation["requestBody"]["content"]["application/json"]["schema"])
    return [
        (field, value)
        for field, kind in fields(schema, first(example))
        for value in [*WRONG_ANYWHERE, *WRONG[kind]]
        if not (kind == "object" and isinstance(value, dict))
        and not (kind == "list" and isinstance(value, list))
    ]


def named(field: str, path: Path) -> bool:
    """Whether an error names that field, or what holds it."""
    dotted = ".".join(map(str, path))
    return field == dotted or field.startswith(f"{dotted}.") or dotted.startswith(f"{field}.")


@pytest.mark.slow
@pytest.mark.parametrize("example", bodies(), ids=lambda example: example.operation)
def test_a_malformed_value_is_refused_by_name_and_nothing_is_written(
    owner: Caller, example: Example
) -> None:
    method, path = PLACES[example.operation]
    owner.put("customers/c7", {"name": "Ona"})  # what the paths of some name
    before = written()
    for field, value in cases(example):
        body = json.dumps(changed(first(example), field, value))
        answer = owner.send(method, example.address(path).lstrip("/"), body)
        told = answer.content.decode()
        assert answer["Content-Type"] == "application/problem+json", (field, value, told)
        assert answer.status_code == 422, (field, value, told)
        assert any(named(it["field"], field) for it in json.loads(told)["errors"]), (field, told)
    assert written() == before


ROWS = [example for example in bodies() if example.operation in {"post_orders", "post_products"}]
ROWS += [example for example in bodies() if example.operation == "post_refunds"]


@pytest.mark.slow
@pytest.mark.parametrize("example", ROWS, ids=lambda example: example.operation)
def test_malformed_rows_are_refused_with_reasons_and_the_good_ones_are_taken(
    owner: Caller, example: Example
) -> None:
    good = first(example)
    bad = cases(example)
    rows = [good, *(changed(good, *case) for case in bad), good | {"id": "last"}]
    method, path = PLACES[example.operation]
    answer = owner.send(method, example.address(path).lstrip("/"), json.dumps(rows))
    assert answer.status_code == 200
    results = json.loads(answer.content)["results"]
    assert [results[0]["status"], results[-1]["status"]] == ["created", "created"]
    for (field, value), result in zip(bad, results[1:-1], strict=True):
        assert result["status"] == "rejected", (field, value)
        assert any(named(it["field"], field) for it in result["error"]["errors"]), (field, result)


def test_every_operation_that_takes_a_body_has_a_good_one_among_the_examples() -> None:
    taking = {
        it["operationId"]
        for methods in DESCRIPTION["paths"].values()
        for it in methods.values()
        if "application/json" in it.get("requestBody", {}).get("content", {})
    }
    assert taking == {example.operation for example in bodies()}
    assert taking <= {example.operation for example in STORY}
