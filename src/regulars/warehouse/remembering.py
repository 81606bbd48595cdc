"""What a store remembers beside its tables, as a JSON document: viewpoint, quality, wording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulars.kernel.wording import Message, Value
from regulars.warehouse.quality import Quality, Reject


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a store knows of its orders without looking at them.

    Attributes:
        data_from: The day of the first order.
        as_of: The last day included.
        timezone: The zone in which days are counted.
        currency: The currency of every amount; None: the data names none.
        generated: Whether order ids were made up.
        quality: What was accepted and rejected, all news together.
        facts: What the prepared tables were computed for, by name.
        seen: Fingerprints of the news taken in, where orders have no ids to know them by.
    """

    data_from: date
    as_of: date
    timezone: str
    currency: str | None
    generated: bool
    quality: Quality
    facts: Mapping[str, int] = field(default_factory=dict)
    seen: tuple[str, ...] = ()


def written(state: State) -> str:
    """A state as text."""
    document = {one.name: getattr(state, one.name) for one in fields(state)}
    document["quality"] = {one.name: getattr(state.quality, one.name) for one in fields(Quality)}
    return json.dumps(document, default=_plain, ensure_ascii=False)


def read_state(text: str) -> State:
    """The state that was written."""
    document = json.loads(text, object_hook=_value)
    quality = document["quality"]
    quality |= {name: tuple(quality[name]) for name in ("ignored", "rejected", "notes")}
    days = {name: date.fromisoformat(document[name]) for name in ("data_from", "as_of")}
    told = {"quality": Quality(**quality), "seen": tuple(document["seen"])}
    return State(**(document | days | told))


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return {"decimal": str(value)}
        case Message():
            values = {name: _tagged(one) for name, one in value.values.items()}
            return {"message": value.text, "plural": value.plural, "values": values}
        case Reject():
            return {"reject": {one.name: getattr(value, one.name) for one in fields(value)}}
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(type(value))


def _tagged(value: Value) -> object:
    """A value of a sentence; one of a kind not met in what is remembered is kept as its text."""
    match value:
        case str() | int() | float() | Decimal() | Message():
            return value
        case date() if not isinstance(value, datetime):
            return {"date": value.isoformat()}
        case _:
            return str(value)


def _value(found: dict[str, Any]) -> object:
    match found:
        case {"decimal": text, **rest} if not rest:
            return Decimal(text)
        case {"date": text, **rest} if not rest:
            return date.fromisoformat(text)
        case {"message": text, "plural": plural, "values": values}:
            return Message(text, values, plural)
        case {"reject": parts, **rest} if not rest:
            return Reject(**parts)
        case _:
            return found
