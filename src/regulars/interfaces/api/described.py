"""How the description of the API shows a body that may be one thing or a list of them."""

from collections.abc import Mapping

from pydantic import BaseModel

from regulars.interfaces.api.lists import MOST


def one_or_many(model: type[BaseModel]) -> dict[str, object]:
    """The request body of an operation that takes one thing or a list of them."""
    schema = model.model_json_schema()
    one = _inlined(schema, schema.pop("$defs", {}))
    many = {"type": "array", "items": one, "maxItems": MOST}
    content = {"application/json": {"schema": {"oneOf": [one, many]}}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: object, definitions: Mapping[str, object]) -> object:
    """A schema whose references are replaced by what they refer to."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}
