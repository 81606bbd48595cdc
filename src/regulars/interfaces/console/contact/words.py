"""Names of states, reasons, purposes and ways, for people."""

from collections.abc import Mapping

from regulars.apps.contact.queries.batches import BatchRow
from regulars.apps.contact.queries.deliveries import DeliveryRow
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.interfaces.console.cells import Badge
from regulars.kernel.wording import Message, say

STATES: Mapping[State, Message] = {
    State.PLANNED: say("waits"),
    State.CLAIMED: say("is being decided"),
    State.SENDING: say("is going"),
    State.SENT: say("sent"),
    State.SKIPPED: say("not sent"),
    State.HELD_OUT: say("held out"),
    State.FAILED: say("failed"),
    State.UNCERTAIN: say("not known"),
}
"""What each state is called."""
_TONES: Mapping[State, str] = {
    State.SENT: "good",
    State.FAILED: "bad",
    State.UNCERTAIN: "bad",
    State.SKIPPED: "warn",
}
REASONS: Mapping[Reason, Message] = {
    Reason.NO_CONSENT: say("no consent"),
    Reason.SUPPRESSED: say("address suppressed"),
    Reason.NO_ADDRESS: say("no address"),
    Reason.HAS_IT: say("went to this address already"),
    Reason.HOLD: say("held back"),
    Reason.FREQUENCY: say("enough messages lately"),
    Reason.BALANCE: say("too many promotions"),
    Reason.ASKED: say("asked not long ago"),
    Reason.QUIET: say("quiet hours"),
    Reason.THROTTLE: say("provider takes no more a minute"),
    Reason.NOT_DUE: say("settled before"),
    Reason.LATE: say("too late"),
    Reason.CANCELLED: say("cancelled"),
    Reason.ERASED: say("customer erased"),
    Reason.NOBODY: say("nobody behind it"),
    Reason.HELD_OUT: say("for comparison"),
    Reason.NO_TEXT: say("no text"),
    Reason.REFUSED: say("refused by the provider"),
    Reason.RETRY: say("not taken by the provider"),
    Reason.CUT_OFF: say("connection broke"),
    Reason.PROVIDER_DOWN: say("provider not reached"),
    Reason.WORKER_DIED: say("program stopped"),
}
"""Each reason in a few words; ``rules.told`` says it in a sentence."""
PURPOSES: Mapping[Purpose, Message] = {
    Purpose.SERVICE: say("Service"),
    Purpose.CARE: say("Care"),
    Purpose.SURVEY: say("Survey"),
    Purpose.NEWSLETTER: say("Newsletter"),
    Purpose.OFFERS: say("Offers"),
    Purpose.EVENTS: say("Events"),
}
"""What each purpose is called."""
KINDS: Mapping[Kind, Message] = {
    Kind.SERVICE: say("service"),
    Kind.CARE: say("care"),
    Kind.SURVEY: say("surveys"),
    Kind.PROMOTION: say("promotions"),
}
"""What each class of purposes is called."""
CHANNELS: Mapping[Channel, Message] = {
    Channel.EMAIL: say("E-mail"),
    Channel.PHONE: say("Telephone"),
    Channel.POST: say("Post"),
}
"""What each way is called."""
SCOPES: Mapping[Scope, Message] = {
    Scope.ALL: say("everything"),
    Scope.PROMOTION: say("promotions"),
    Scope.SURVEYS: say("surveys"),
}
"""How much a suppression holds back."""
WITHHELD: Mapping[Withheld, Message] = {
    Withheld.HARD_BOUNCE: say("nobody is reached there"),
    Withheld.COMPLAINT: say("reported as unwanted"),
    Withheld.ERASURE: say("the customer was erased"),
    Withheld.MANUAL: say("by hand"),
}
"""Why an address is suppressed."""
CONSENTS: Mapping[Consent, Message] = {
    Consent.GRANTED: say("said yes"),
    Consent.PENDING: say("has not confirmed the yes"),
    Consent.WITHDRAWN: say("said no"),
    Consent.OBJECTED: say("objected"),
}
"""What somebody said of a purpose."""
_SENDERS: Mapping[str, Message] = {
    "accounts": say("accounts of the staff"),
    "contact": say("confirmations"),
    "care": say("care"),
    "feedback": say("surveys"),
    "loyalty": say("loyalty programme"),
    "engagement": say("campaigns"),
}
_BECAME: Mapping[EventKind, Message] = {
    EventKind.BOUNCED: say("came back"),
    EventKind.SOFT_BOUNCED: say("came back"),
    EventKind.REJECTED: say("refused"),
    EventKind.COMPLAINED: say("unwanted"),
}
"""What sets a delivery apart that was sent."""


def sender_name(sender: str) -> Message:
    """What a sender is called; one that is not known as it stands.

    >>> str(sender_name("feedback")), str(sender_name("shop"))
    ('surveys', 'shop')
    """
    return _SENDERS.get(sender, say("{name}", name=sender))


def state_of(row: DeliveryRow) -> Badge:
    """How far a delivery is, in a word."""
    if row.state is State.SENT and row.became is not None and row.became in _BECAME:
        return Badge(_BECAME[row.became], "bad", row.state.value)
    return Badge(STATES[row.state], _TONES.get(row.state, ""), row.state.value)


def state_of_batch(row: BatchRow) -> Badge:
    """Whether a batch goes on."""
    if row.stopped_at is not None:
        return Badge(say("stopped"), "bad", "stopped")
    if row.paused_at is not None:
        return Badge(say("paused"), "warn", "paused")
    return Badge(say("goes on"), "good", "goes on")
