"""Who did something, by name: the records keep ids that say nothing about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.apps.accounts.queries import list_keys, list_staff
from regulars.kernel.actors import ActorKind
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True)
class Actors:
    """The names of everybody who may have done something."""

    staff: Mapping[str, str]
    keys: Mapping[str, str]

    def named(self, actor: str) -> Message:
        """An actor of the records, ``staff:3``, for people."""
        kind, _, id_ = actor.partition(":")
        if kind == ActorKind.STAFF:
            name = self.staff.get(id_)
            return say("{name}", name=name) if name else say("somebody who has left")
        if kind == ActorKind.KEY:
            name = self.keys.get(id_)
            return say("the key {name}", name=name) if name else say("a key")
        return _OTHERS.get(kind, say("{name}", name=actor))


_OTHERS: Mapping[str, Message] = {
    ActorKind.COMMAND: say("the command line"),
    ActorKind.WORKER: say("Regulars itself"),
    ActorKind.CUSTOMER: say("the customer"),
}


def list_actors() -> Actors:
    """Everybody who works here or has a key."""
    return Actors(
        {str(it.id): it.name for it in list_staff()},
        {str(it.id): it.name for it in list_keys()},
    )
