"""Nothing goes anywhere: for benchmarks, and where a firm wants it so."""

from collections.abc import Iterator, Sequence

from regulars.apps.contact.transports.outgoing import Accepted, Outcome, Outgoing


class Null:
    """Accepts everything and keeps nothing."""

    name = "null"
    at_once = 1000

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Accept each message."""
        for message in messages:
            yield Accepted(str(message.number))
