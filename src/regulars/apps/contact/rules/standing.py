"""Whether something comes to somebody, in the words that he himself is told it."""

from collections.abc import Collection
from enum import StrEnum

from regulars.apps.contact.rules.purposes import Consent, Purpose, Scope, Withheld, may_go

CHOOSABLE = (
    Purpose.NEWSLETTER,
    Purpose.OFFERS,
    Purpose.EVENTS,
    Purpose.SURVEY,
    Purpose.CARE,
)
"""What somebody may say yes or no to: all but what belongs to his orders."""
EVERYTHING = (Purpose.NEWSLETTER, Purpose.OFFERS, Purpose.EVENTS, Purpose.SURVEY)
"""What stops when somebody wants nothing more; he is still helped with what he bought."""


class Standing(StrEnum):
    """Whether something comes to somebody.

    Attributes:
        YES: It does.
        NO: It does not.
        WAITING: He said yes, and has not followed the link yet that was sent to confirm it.
        UNREACHABLE: It cannot: what was sent there came back.
    """

    YES = "yes"
    NO = "no"
    WAITING = "waiting"
    UNREACHABLE = "unreachable"


def standing_of(
    purpose: Purpose,
    said: Consent | None,
    asked_for: frozenset[Purpose],
    withheld: Collection[tuple[Scope, Withheld]],
) -> Standing:
    """Whether something comes to somebody.

    Args:
        purpose: What.
        said: What he last said of it; None where he never did.
        asked_for: The purposes that take a yes.
        withheld: What is suppressed for his address, and why.

    >>> complained = [(Scope.PROMOTION, Withheld.COMPLAINT)]
    >>> asked = frozenset({Purpose.OFFERS})
    >>> str(standing_of(Purpose.OFFERS, Consent.GRANTED, asked, complained))
    'no'
    >>> str(standing_of(Purpose.CARE, None, asked, complained))
    'yes'
    >>> str(standing_of(Purpose.OFFERS, Consent.PENDING, asked, complained))
    'waiting'
    """
    held = {reason for scope, reason in withheld if scope.covers(purpose.kind)}
    if Withheld.HARD_BOUNCE in held:
        return Standing.UNREACHABLE
    if said is Consent.PENDING and (held or not may_go(purpose, said, asked_for)):
        return Standing.WAITING
    if held or not may_go(purpose, said, asked_for):
        return Standing.NO
    return Standing.YES
