"""Who does something: a person of the staff, a key, a command, the worker, a customer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import override


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    STAFF = "staff"
    KEY = "key"
    COMMAND = "command"
    WORKER = "worker"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, by an id that says nothing about him.

    >>> str(Actor(ActorKind.KEY, "12"))
    'key:12'
    """

    kind: ActorKind
    id: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


COMMAND = Actor(ActorKind.COMMAND)
"""Whoever has a shell on the machine."""
WORKER = Actor(ActorKind.WORKER)
"""The platform itself."""


def customer_himself(number: int) -> Actor:
    """A customer, who came by a link that was sent to him.

    >>> str(customer_himself(12))
    'customer:12'
    """
    return Actor(ActorKind.CUSTOMER, str(number))
