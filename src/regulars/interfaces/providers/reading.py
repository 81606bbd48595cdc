"""An event as a provider tells it, read as ours."""

from collections.abc import Mapping
from datetime import UTC, datetime

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from regulars.apps.contact.rules.provider_events import ProviderEvent, event_id
from regulars.apps.contact.rules.replies import is_nobody, says_address_is_well
from regulars.apps.contact.rules.states import EventKind
from regulars.apps.contact.transports.provider import DELIVERY

_KINDS: Mapping[str, EventKind | None] = {
    EventType.QUEUED: None,
    EventType.SENT: None,
    EventType.REJECTED: EventKind.REJECTED,
    EventType.FAILED: EventKind.REJECTED,
    EventType.BOUNCED: EventKind.SOFT_BOUNCED,
    EventType.DEFERRED: EventKind.DEFERRED,
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.OPENED: EventKind.OPENED,
    EventType.CLICKED: EventKind.CLICKED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
    EventType.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
}
"""What an event is to us. An answer of a machine is none: nobody has said anything by it."""
_FOR_GOOD = frozenset({RejectReason.BOUNCED, RejectReason.INVALID, None})
_FOR_NOW = ("soft", "transient", "temporary", "undetermined")
_SAYS_HOW_LONG = ("Type", "type", "event", "severity", "bounceType", "bounce", "data")
_LONGEST_NUMBER = 18
_PERMANENT = 550


def read_event(provider: str, told: AnymailTrackingEvent, now: datetime) -> ProviderEvent | None:
    """An event of a provider; None for one that says nothing of a message."""
    if told.event_type not in _KINDS:
        return None
    kind = _KINDS[told.event_type]
    if kind is EventKind.SOFT_BOUNCED and _is_hard(told):
        kind = EventKind.BOUNCED
    message, address = _text(told.message_id), _text(told.recipient)
    at = _instant(told.timestamp, now)
    return ProviderEvent(
        provider=provider,
        event_id=event_id(_text(told.event_id), kind, message, address, told.timestamp),
        kind=kind,
        at=at,
        delivery=_number(told.metadata),
        provider_id=message,
        message_id=message,
        address=address,
        detail=_text(told.mta_response or told.description or told.reject_reason),
    )


def _is_hard(told: AnymailTrackingEvent) -> bool:
    """Whether a bounce says that there is nobody, and not that the box is full or the text bad."""
    said = _text(told.mta_response or told.description)
    if is_nobody(_PERMANENT, said):
        return True
    if told.reject_reason not in _FOR_GOOD or says_address_is_well(said):
        return False
    return not _is_for_now(told.esp_event)


def _is_for_now(told: object) -> bool:
    if isinstance(told, Mapping):
        return any(_is_for_now(told.get(name)) for name in _SAYS_HOW_LONG)
    return any(word in str(told).lower() for word in _FOR_NOW)


def _number(metadata: object) -> int | None:
    told = str(metadata.get(DELIVERY, "")) if isinstance(metadata, Mapping) else ""
    fits = told.isascii() and told.isdigit() and len(told) <= _LONGEST_NUMBER
    return int(told) if fits else None


def _instant(told: object, now: datetime) -> datetime:
    if not isinstance(told, datetime):
        return now
    return told if told.tzinfo is not None else told.replace(tzinfo=UTC)


def _text(told: object) -> str:
    """A text that a database keeps."""
    return "" if told is None else str(told).encode(errors="replace").decode().replace("\0", "")
