"""How a customer is reached and what he agreed to, on his card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.apps.contact.queries.addresses import AddressRow, addresses_of
from regulars.apps.contact.queries.consents import ConsentRow, consents_of
from regulars.apps.contact.queries.suppressions import SuppressionRow, suppressed_at
from regulars.apps.contact.rules.purposes import Basis, Consent, Scope
from regulars.interfaces.console.cells import Badge
from regulars.interfaces.console.contact.words import CHANNELS, CONSENTS, PURPOSES, WITHHELD
from regulars.kernel.wording import Message, say

BASES: Mapping[Basis, Message] = {
    Basis.CONSENT: say("consent"),
    Basis.SOFT_OPT_IN: say("existing customer (soft opt-in)"),
    Basis.CONTRACT: say("contract"),
    Basis.LEGITIMATE_INTEREST: say("legitimate interest"),
}
"""By what right somebody is written to."""
_TONES: Mapping[Consent, str] = {Consent.GRANTED: "good", Consent.PENDING: "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A way to reach a customer.

    Attributes:
        value: The address, or enough of it to tell it from another.
        first: Whether it is the one of its kind that is used.
        withheld: Why nothing, or not everything, may go there.
    """

    id: int
    kind: Message
    value: str
    first: bool
    verified_at: datetime | None
    withheld: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a customer last said of a purpose and a channel."""

    purpose: Message
    kind: Message
    state: Badge
    basis: Message
    at: datetime


def reached_by(numbers: Sequence[int], *, shown: bool) -> list[Reached]:
    """How a customer is reached.

    Args:
        numbers: Every record of his, the one that stands for him first.
        shown: Whether the reader may see addresses.
    """
    rows = addresses_of(numbers)
    suppressed = suppressed_at([row.key for row in rows])
    return [
        Reached(
            id=row.id,
            kind=CHANNELS[row.channel],
            value=row.value if shown else row.masked,
            first=_is_first(row, rows),
            verified_at=row.verified_at,
            withheld=_withheld(it for it in suppressed if it.key == row.key),
        )
        for row in rows
    ]


def agreed_to(numbers: Sequence[int]) -> list[Agreed]:
    """What a customer of whom every record is told last said, purpose by purpose."""
    return [
        Agreed(
            purpose=PURPOSES[row.purpose],
            kind=CHANNELS[row.channel],
            state=said(row),
            basis=BASES[row.basis],
            at=row.at,
        )
        for row in consents_of(numbers)
    ]


def said(row: ConsentRow) -> Badge:
    """A yes or a no in a word."""
    return Badge(CONSENTS[row.state], _TONES.get(row.state, "bad"), row.state.value)


def _is_first(row: AddressRow, rows: Iterable[AddressRow]) -> bool:
    return next(it.id for it in rows if it.channel is row.channel) == row.id


def _withheld(rows: Iterable[SuppressionRow]) -> Message | None:
    """The gravest reason why something may not go somewhere."""
    found = sorted(rows, key=lambda it: it.scope is not Scope.ALL)
    if not found:
        return None
    reason = WITHHELD[found[0].reason]
    if found[0].scope is Scope.ALL:
        return say("Nothing goes there: {reason}.", reason=reason)
    return say("Not everything goes there: {reason}.", reason=reason)
