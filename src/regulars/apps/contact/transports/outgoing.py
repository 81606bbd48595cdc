"""What goes out by a transport, and how it fared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to go.

    Attributes:
        number: The delivery's, for what the provider tells of it later.
        message_id: The same at every attempt, in angle brackets.
        to: The address.
        subject: One line; empty for a text message.
        text: Plain text.
        html: The same as HTML; empty for a text message.
        sender: Who it is from, as a header has it: ``Shop <shop@example.com>``.
        reply_to: Where answers go; empty for the sender.
        headers: Further headers, such as ``List-Unsubscribe``.
        promotional: Whether the provider may treat it as bulk.
    """

    number: int
    message_id: str
    to: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    promotional: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it.

    Attributes:
        provider_id: What the provider calls it; empty where it does not say.
    """

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never take it.

    Attributes:
        reason: What it said.
        dead: Whether there is nobody at the address, so that nothing may go there any more.
    """

    reason: str
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """The provider did not take it and may do so later.

    Attributes:
        reason: What it said.
        seconds: How long it wants to be left alone; 0 where it does not say.
    """

    reason: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Unsure:
    """The connection broke after the message was given away: nobody knows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Down:
    """The provider cannot be reached, or lets nobody in: nothing was given away."""

    reason: str


type Outcome = Accepted | Refused | Later | Unsure | Down


class Transport(Protocol):
    """A way out of the house.

    Attributes:
        name: Kept with each delivery, and named by the provider's events.
        at_once: So many messages are in flight at most when the process dies: of so many it is
            not known afterwards whether they went.
    """

    name: str
    at_once: int

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over messages, one outcome each in their order; it never raises.

        A message is handed over only when its outcome is asked for, so that whoever stops asking
        knows that the rest did not go. After :class:`Down` the rest is not tried.
        """
