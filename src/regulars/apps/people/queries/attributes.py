"""Reads: the attributes that the firm declared."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.apps.people.models import AttributeDefinition
from regulars.apps.people.rules import AttributeKind


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """An attribute of the firm's own."""

    name: str
    label: str
    kind: AttributeKind


def list_attributes() -> list[AttributeRow]:
    """Every attribute that the firm declared, by label."""
    return [
        AttributeRow(row.name, row.label, AttributeKind(row.kind))
        for row in AttributeDefinition.objects.order_by("label", "name")
    ]


def attribute_kinds() -> Mapping[str, AttributeKind]:
    """What each declared attribute may hold."""
    return {row.name: row.kind for row in list_attributes()}
