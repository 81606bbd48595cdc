"""Why somebody is written to, by what way, and what each purpose takes."""

from collections.abc import Mapping
from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody is written to."""

    SERVICE = "service"
    CARE = "care"
    SURVEY = "survey"
    NEWSLETTER = "newsletter"
    OFFERS = "offers"
    EVENTS = "events"

    @property
    def kind(self) -> "Kind":
        """The class of the purpose: what caps, holds and suppressions speak of."""
        return _KINDS[self]

    @property
    def priority(self) -> int:
        """Which goes first where a sender says nothing else; more is sooner."""
        return _PRIORITIES[self]


class Kind(StrEnum):
    """What a purpose is to whom it reaches."""

    SERVICE = "service"
    CARE = "care"
    SURVEY = "survey"
    PROMOTION = "promotion"

    @property
    def at_least_once(self) -> bool:
        """Whether one that may not have gone is sent again, rather than never twice."""
        return self in {Kind.SERVICE, Kind.CARE}


class Channel(StrEnum):
    """By what way somebody is reached."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"


class Scope(StrEnum):
    """How much of what would go to an address is suppressed."""

    ALL = "all"
    PROMOTION = "promotion"
    SURVEYS = "surveys"

    def covers(self, kind: Kind) -> bool:
        """Whether it holds back something of a class.

        >>> Scope.PROMOTION.covers(Kind.SERVICE), Scope.ALL.covers(Kind.SERVICE)
        (False, True)
        """
        return self is Scope.ALL or _COVERED[self] is kind


class Consent(StrEnum):
    """What somebody last said of a purpose."""

    GRANTED = "granted"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class Basis(StrEnum):
    """By what right somebody is written to (GDPR, article 6; ePrivacy, article 13)."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft opt-in"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate interest"


class Withheld(StrEnum):
    """Why an address is suppressed."""

    HARD_BOUNCE = "hard bounce"
    COMPLAINT = "complaint"
    ERASURE = "erasure"
    MANUAL = "manual"


PROMOTIONS = frozenset({Purpose.NEWSLETTER, Purpose.OFFERS, Purpose.EVENTS})
"""The purposes that only go to whoever said yes, if the firm says nothing else."""

_KINDS: Mapping[Purpose, Kind] = {
    Purpose.SERVICE: Kind.SERVICE,
    Purpose.CARE: Kind.CARE,
    Purpose.SURVEY: Kind.SURVEY,
    **dict.fromkeys(PROMOTIONS, Kind.PROMOTION),
}
_PRIORITIES: Mapping[Purpose, int] = {
    Purpose.SERVICE: 100,
    Purpose.CARE: 80,
    Purpose.SURVEY: 60,
    Purpose.EVENTS: 40,
    Purpose.OFFERS: 30,
    Purpose.NEWSLETTER: 20,
}
_COVERED = {Scope.PROMOTION: Kind.PROMOTION, Scope.SURVEYS: Kind.SURVEY}


def may_go(purpose: Purpose, said: Consent | None, asked_for: frozenset[Purpose]) -> bool:
    """Whether consent allows a purpose.

    Args:
        purpose: Why somebody would be written to.
        said: What he last said of it; None where he never did.
        asked_for: The purposes that take a yes; others go until somebody says no.

    >>> may_go(Purpose.NEWSLETTER, None, PROMOTIONS), may_go(Purpose.CARE, None, PROMOTIONS)
    (False, True)
    >>> may_go(Purpose.SERVICE, Consent.WITHDRAWN, PROMOTIONS)
    True
    """
    if purpose is Purpose.SERVICE:
        return True
    if purpose in asked_for:
        return said is Consent.GRANTED
    return said not in {Consent.WITHDRAWN, Consent.OBJECTED}
