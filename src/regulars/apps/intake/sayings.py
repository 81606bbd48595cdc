"""Sentences as JSON, so that what a worker said is read in each reader's own language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from regulars.kernel.wording import Message, Value, plain


def kept(message: Message) -> dict[str, object]:
    """A sentence as JSON.

    >>> from regulars.kernel.wording import say
    >>> kept(say("Line {n}", n=2))
    {'text': 'Line {n}', 'values': {'n': 2}}
    """
    values = {name: _kept_value(value) for name, value in message.values.items()}
    saying: dict[str, object] = {"text": message.text, "values": values}
    return saying | ({"plural": message.plural} if message.plural is not None else {})


def told(saying: object) -> Message:
    """The sentence that was kept.

    >>> str(told({"text": "Line {n}", "values": {"n": 2}}))
    'Line 2'
    """
    if not isinstance(saying, Mapping):
        return Message(str(saying or ""))
    values = {name: _told_value(value) for name, value in saying["values"].items()}
    return Message(saying["text"], values, saying.get("plural"))


def _kept_value(value: Value) -> object:
    if isinstance(value, Message):
        return kept(value)
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value if isinstance(value, str | int | float) else plain(value)


def _told_value(value: object) -> Value:
    if isinstance(value, Mapping):
        if "day" in value:
            return date.fromisoformat(value["day"][:10])
        return Decimal(value["decimal"]) if "decimal" in value else told(value)
    return value if isinstance(value, str | int | float) else str(value)
