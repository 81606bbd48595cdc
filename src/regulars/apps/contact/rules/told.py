"""Why somebody got a message, or did not: a sentence for every state, reason and event."""

from collections.abc import Mapping
from datetime import datetime

from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.kernel.wording import Message, say

_WHY: Mapping[Reason, Message] = {
    Reason.NOBODY: say("nobody is behind it any more."),
    Reason.CANCELLED: say("it was cancelled."),
    Reason.NOT_DUE: say("what it was about was settled before it went."),
    Reason.LATE: say("its time was over before it could go."),
    Reason.ERASED: say("everything about the customer was erased."),
    Reason.NO_ADDRESS: say("no address is known by which it could go."),
    Reason.HAS_IT: say("the same message went to this address already."),
    Reason.SUPPRESSED: say("nothing of this kind may go to the address."),
    Reason.NO_CONSENT: say("the customer has not agreed to it, or said no."),
    Reason.HOLD: say("something is open with the customer that holds it back."),
    Reason.FREQUENCY: say("the customer had as many messages lately as you allow."),
    Reason.BALANCE: say("the customer had many promotions lately, and too little else."),
    Reason.ASKED: say("the customer was asked not long ago."),
    Reason.QUIET: say("it is quiet hours where the customer is."),
    Reason.THROTTLE: say("no more messages a minute may go to this provider."),
    Reason.HELD_OUT: say("the customer is among those who get nothing, for comparison."),
    Reason.NO_TEXT: say("no text could be made of it for this customer."),
    Reason.REFUSED: say("the provider refused it."),
    Reason.RETRY: say("the provider did not take it, and it is tried again."),
    Reason.CUT_OFF: say("the connection broke while it was handed over."),
    Reason.CUT_OFF: say("the connection broke while it was being sent, and it is sent again."),
    Reason.PROVIDER_DOWN: say("the provider cannot be reached, or lets nobody in."),
    Reason.WORKER_DIED: say("the program stopped while it was sending, and it is sent again."),
}
"""What stands behind a colon."""
_WHY_IT_IS_OVER: Mapping[Reason, Message] = {
    Reason.RETRY: say("the provider did not take it, however often it was tried."),
    Reason.CUT_OFF: say("the connection broke while it was being sent."),
    Reason.PROVIDER_DOWN: say("the provider could not be reached all the time."),
    Reason.WORKER_DIED: say("the program stopped while it was sending."),
    Reason.QUIET: say("it was quiet hours where the customer is until its time was over."),
    Reason.THROTTLE: say("its time was over before it was its turn at this provider."),
}
"""What stands there of something that is not tried again, where that is another sentence."""
_GOES: Mapping[State, Message] = {
    State.CLAIMED: say("It is being decided whether it may go."),
    State.SENDING: say("It is being handed to the provider."),
    State.SENT: say("Sent: the provider took it."),
    State.HELD_OUT: say(
        "Not sent on purpose: the customer is among those who get nothing, for comparison."
    ),
}
_OVER: Mapping[State, Message] = {
    State.SKIPPED: say("Not sent."),
    State.FAILED: say("It could not be sent."),
    State.UNCERTAIN: say("Nobody knows whether it went."),
}
_BECAME: Mapping[EventKind, Message] = {
    EventKind.DELIVERED: say("Sent, and it arrived."),
    EventKind.DEFERRED: say("Sent: the provider has not passed it on yet."),
    EventKind.BOUNCED: say("Sent, but it came back: nobody is reached at the address."),
    EventKind.SOFT_BOUNCED: say("Sent, but it came back: the mailbox did not take it just then."),
    EventKind.COMPLAINED: say("Sent, and the customer reported it as unwanted."),
    EventKind.UNSUBSCRIBED: say("Sent, and the customer unsubscribed."),
    EventKind.OPENED: say("Sent, and it was opened."),
    EventKind.CLICKED: say("Sent, and a link in it was followed."),
    EventKind.REJECTED: say("The provider took it, and then refused to pass it on."),
}
_EVENTS: Mapping[EventKind, Message] = {
    EventKind.DELIVERED: say("It arrived."),
    EventKind.DEFERRED: say("The provider could not pass it on yet."),
    EventKind.BOUNCED: say("It came back: nobody is reached at the address."),
    EventKind.SOFT_BOUNCED: say("It came back: the mailbox did not take it just then."),
    EventKind.COMPLAINED: say("The customer reported it as unwanted."),
    EventKind.UNSUBSCRIBED: say("The customer unsubscribed."),
    EventKind.OPENED: say("It was opened."),
    EventKind.CLICKED: say("A link in it was followed."),
    EventKind.REJECTED: say("The provider refused to pass it on."),
}
TELLING: tuple[EventKind, ...] = (
    EventKind.COMPLAINED,
    EventKind.UNSUBSCRIBED,
    EventKind.BOUNCED,
    EventKind.REJECTED,
    EventKind.SOFT_BOUNCED,
    EventKind.CLICKED,
    EventKind.OPENED,
    EventKind.DELIVERED,
    EventKind.DEFERRED,
)
"""Of several events of a delivery the first of these says what became of it."""


def told(
    state: State,
    reason: Reason | None = None,
    *,
    due_at: datetime | str | None = None,
    became: EventKind | None = None,
) -> Message:
    """Why somebody got a message, or did not.

    Args:
        state: How far the delivery is.
        reason: Why.
        due_at: Until when it waits, as the reader reads it; None for its turn alone.
        became: What the provider told of it afterwards.

    >>> str(told(State.SKIPPED, Reason.NO_ADDRESS))
    'Not sent: no address is known by which it could go.'
    >>> str(told(State.PLANNED, Reason.QUIET, due_at=datetime(2026, 11, 23, 8)))
    'Waits until 2026-11-23T08:00:00: it is quiet hours where the customer is.'
    >>> str(told(State.SENT, became=EventKind.DELIVERED))
    'Sent, and it arrived.'
    """
    if state in _GOES:
        return _GOES[state] if became is None or state is not State.SENT else _BECAME[became]
    if state is State.PLANNED:
        return _waits(reason, due_at)
    return _is_over(state, reason)


def _waits(reason: Reason | None, due_at: datetime | str | None) -> Message:
    if reason is None:
        if due_at is None:
            return say("Waits for its turn.")
        return say("Waits until {until}, as it was planned.", until=due_at)
    if due_at is None:
        return say("Waits: {why}", why=_WHY[reason])
    return say("Waits until {until}: {why}", until=due_at, why=_WHY[reason])


def _is_over(state: State, reason: Reason | None) -> Message:
    if reason is None:
        return _OVER[state]
    why = _WHY_IT_IS_OVER.get(reason, _WHY[reason])
    match state:
        case State.FAILED:
            return say("It could not be sent: {why}", why=why)
        case State.UNCERTAIN:
            return say("Nobody knows whether it went: {why}", why=why)
        case _:
            return say("Not sent: {why}", why=why)


def told_event(kind: EventKind) -> Message:
    """What a provider told of a delivery.

    >>> str(told_event(EventKind.OPENED))
    'It was opened.'
    """
    return _EVENTS[kind]
