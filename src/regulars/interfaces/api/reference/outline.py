"""The description of the API as rows that a page can show."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.interfaces.api.reference.examples import Answer, Example, with_answers, written
from regulars.interfaces.api.reference.guide import CHAPTERS

type Schema = Mapping[str, Any]
"""A part of an OpenAPI description, as JSON."""

HOST = "https://regulars.example"
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    required: bool
    told: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as it is shown; ``answer`` is empty where there is no body."""

    title: str
    request: str
    status: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class Operation:
    """All about an operation."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: Sequence[str]
    right: str
    parameters: Sequence[Row]
    fields: Sequence[Row]
    takes_list: bool
    answer_fields: Sequence[Row]
    statuses: Sequence[str]
    examples: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of a tag."""

    name: str
    told: str
    operations: Sequence[Operation]


def places(description: Schema) -> dict[str, tuple[str, str]]:
    """Method and path of each operation, by its id."""
    return {it["operationId"]: (method, path) for method, path, it in _operations(description)}


def outline(description: Schema) -> list[Chapter]:
    """The description by chapters, in its own order."""
    examples: dict[str, list[tuple[Example, Answer | None]]] = defaultdict(list)
    for example, answer in with_answers():
        examples[example.operation].append((example, answer))
    chapters: dict[str, list[Operation]] = defaultdict(list)
    for method, path, it in _operations(description):
        shown = [_shown(method, path, *pair) for pair in examples[it["operationId"]]]
        chapters[it["tags"][0]].append(_operation(description, method, path, it, shown))
    return [Chapter(name, CHAPTERS.get(name, ""), found) for name, found in chapters.items()]


def _operations(description: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _operation(
    description: Schema, method: str, path: str, it: Schema, shown: Sequence[Shown]
) -> Operation:
    body = _schema_of(it.get("requestBody", {}))
    parameters = [_resolved(description, parameter) for parameter in it.get("parameters", [])]
    good = [status for status in it["responses"] if str(status).startswith("2")]
    answer = _schema_of(it["responses"][good[0]])
    return Operation(
        id=it["operationId"],
        method=method,
        path=path,
        summary=it["summary"],
        paragraphs=[" ".join(part.split()) for part in it.get("description", "").split("\n\n")],
        right=", ".join(right for need in it.get("security", []) for right in need["Bearer"]),
        parameters=[_parameter(description, parameter) for parameter in parameters],
        fields=list(_fields(description, _first(body), "")),
        takes_list="oneOf" in body,
        answer_fields=list(_fields(description, _first(answer), "")),
        statuses=[str(status) for status in it["responses"] if status != "default"],
        examples=shown,
    )


def _schema_of(told: Schema) -> Schema:
    """What a body or an answer looks like; nothing where there is none."""
    for kind in told.get("content", {}).values():
        schema: Schema = kind["schema"]
        return schema
    return {}


def _first(schema: Schema) -> Schema:
    """Of a body that is one thing or a list of them, the one."""
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            first: Schema = schema[choice][0]
            return first
    return schema


def _parameter(description: Schema, it: Schema) -> Row:
    schema = it["schema"]
    name = f"{it['name']} (header)" if it["in"] == "header" else it["name"]
    default = schema.get("default")
    return Row(
        name=name,
        kind=_kind(description, schema),
        required=it.get("required", False),
        told=it.get("description", ""),
        default="" if default in {None, ""} else str(default),
    )


def _fields(description: Schema, schema: Schema, at: str, depth: int = 0) -> Iterator[Row]:
    schema = _resolved(description, schema)
    if schema.get("type") == "array":
        yield from _fields(description, schema["items"], f"{at[:-1]}[]." if at else "", depth)
        return
    required = set(schema.get("required", []))
    for name, part in schema.get("properties", {}).items():
        inner = _known(description, part)
        yield Row(
            name=f"{at}{name}",
            kind=_kind(description, part),
            required=name in required,
            told=part.get("description") or (inner.get("description", "") if not at else ""),
        )
        if depth < _DEEPEST:
            yield from _fields(description, inner, f"{at}{name}.", depth + 1)


def _known(description: Schema, schema: Schema) -> Schema:
    """What a field is where it is not null."""
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            return _resolved(description, choice)
    return _resolved(description, schema)


def _resolved(description: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Any = description
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return {**found, **{name: it for name, it in schema.items() if name != "$ref"}}


def _kind(description: Schema, schema: Schema) -> str:
    """What a value is, in a few words."""
    schema = _resolved(description, schema)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return _one_of(description, schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(description, schema['items'])}"
    words = {"string": "text", "integer": "whole number"}
    formats = {"date-time": "time with its offset", "date": "day"}
    kind: str = schema.get("type", "")
    return formats.get(schema.get("format", ""), words.get(kind, kind)) + _bounds(schema)


def _one_of(description: Schema, choices: Sequence[Schema]) -> str:
    kinds = {it.get("type"): _kind(description, it) for it in choices}
    if set(kinds) >= {"number", "string"}:
        kinds = {"number": "decimal"} | {k: it for k, it in kinds.items() if k == "null"}
    return " or ".join(dict.fromkeys(kinds.values()))


def _bounds(schema: Schema) -> str:
    if "maxLength" in schema:
        return f", at most {schema['maxLength']} characters"
    if "minimum" in schema and "maximum" in schema:
        return f" from {schema['minimum']} to {schema['maximum']}"
    return ""


def _shown(method: str, path: str, example: Example, answer: Answer | None) -> Shown:
    return Shown(
        title=example.title,
        request=_curl(method, path, example),
        status=None if answer is None else answer.status,
        answer="" if answer is None else written(answer.body),
    )


def _curl(method: str, path: str, example: Example) -> str:
    plain = method == ("POST" if example.text else "GET")
    parts = [f'"{HOST}{example.address(path)}"', '-H "Authorization: Bearer $KEY"']
    if example.key:
        parts.append(f'-H "Idempotency-Key: {example.key}"')
    if example.text:
        quoted = example.text.replace("'", "'\\''")
        parts += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    return f"curl {'' if plain else f'-X {method} '}" + " \\\n  ".join(parts)
