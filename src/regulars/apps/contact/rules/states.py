"""How far a delivery is, and why."""

from enum import StrEnum


class State(StrEnum):
    """How far a delivery is. Every row is always in one of these."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    HELD_OUT = "held_out"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Reason(StrEnum):
    """Why a delivery waits, was skipped, or failed."""

    NOBODY = "nobody"
    CANCELLED = "cancelled"
    NOT_DUE = "not_due"
    LATE = "late"
    ERASED = "erased"
    NO_ADDRESS = "no_address"
    HAS_IT = "has_it"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    HOLD = "hold"
    FREQUENCY = "frequency"
    BALANCE = "balance"
    ASKED = "asked"
    QUIET = "quiet"
    THROTTLE = "throttle"
    HELD_OUT = "held_out"
    NO_TEXT = "no_text"
    REFUSED = "refused"
    RETRY = "retry"
    CUT_OFF = "cut_off"
    PROVIDER_DOWN = "provider_down"
    WORKER_DIED = "worker_died"


class EventKind(StrEnum):
    """What a provider told of a delivery afterwards."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    SOFT_BOUNCED = "soft_bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    REJECTED = "rejected"


GONE = frozenset({State.SENDING, State.SENT, State.UNCERTAIN})
"""States of what may have reached somebody."""
OPEN = frozenset({State.PLANNED, State.CLAIMED, State.SENDING})
"""States of what is not over."""
