"""What the name system is asked, and who asks it."""

from collections.abc import Sequence
from typing import Protocol

_PATIENCE = 3.0
_GIVES_UP = 2


class NoAnswerError(Exception):
    """The name system did not answer: nobody knows whether there is such a record."""


class Names(Protocol):
    """Who knows the records of domains."""

    def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name; none where it has none.

        Raises:
            NoAnswerError: There was no answer.
        """

    def mail_servers(self, name: str) -> Sequence[str]:
        """The MX records of a name; a single empty one where it takes no mail at all.

        Raises:
            NoAnswerError: There was no answer.
        """


class Dns:
    """The name system, by the servers that this machine uses."""

    def __init__(self) -> None:
        from dns.resolver import Resolver  # noqa: PLC0415 - half a second that only this check pays

        self._resolver = Resolver()
        self._resolver.lifetime = _PATIENCE
        self._unanswered = 0

    def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name."""
        from dns.rdtypes.txtbase import TXTBase  # noqa: PLC0415 - the same

        rows = self._ask(name, "TXT")
        return [
            b"".join(row.strings).decode("utf-8", "replace")
            for row in rows
            if isinstance(row, TXTBase)
        ]

    def mail_servers(self, name: str) -> Sequence[str]:
        """The MX records of a name."""
        return [str(row).split()[-1].rstrip(".") for row in self._ask(name, "MX")]

    def _ask(self, name: str, kind: str) -> Sequence[object]:
        from dns import exception, resolver  # noqa: PLC0415 - the same

        if self._unanswered >= _GIVES_UP:
            raise NoAnswerError(name)
        try:
            return list(self._resolver.resolve(name, kind))
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return []
        except (exception.DNSException, UnicodeError, OSError) as error:
            self._unanswered += 1
            raise NoAnswerError(name) from error
