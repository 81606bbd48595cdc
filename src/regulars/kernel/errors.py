"""What a refusal says: what was wrong, where, and what would be accepted."""

from dataclasses import dataclass
from typing import Literal, override

from regulars.kernel.wording import Message


class RegularsError(Exception):
    """The base of every error that Regulars raises on purpose."""

    def __init__(self, message: Message, *, accepted: Message | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.accepted = accepted

    @override
    def __str__(self) -> str:
        return f"{self.message} {self.accepted}" if self.accepted else str(self.message)


class InputError(RegularsError):
    """The data given cannot be used as a whole; single bad rows are rejected instead."""


class OptionError(RegularsError):
    """An argument or option has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class NotEnoughEvidence:
    """The honest answer of a study that cannot answer: why, and what it would need.

    It is a result, not an exception, and it is false, so that
    ``if answer := study(...)`` reads well.

    >>> from regulars.kernel.wording import say
    >>> bool(NotEnoughEvidence(say("There is one customer."), (say("two customers"),)))
    False
    """

    reason: Message
    needs: tuple[Message, ...] = ()

    def __bool__(self) -> Literal[False]:
        return False

    def json(self) -> dict[str, object]:
        """The answer as programs get it."""
        return {
            "not_enough_evidence": {
                "reason": str(self.reason),
                "needs": [str(need) for need in self.needs],
            }
        }
