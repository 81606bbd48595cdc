"""Mails that come back: notices of delivery (RFC 3464) and complaints (RFC 5965).

Anybody can write such a mail. It counts only for the delivery whose signed Message-ID it brings
back, which nobody has but whoever got that message.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime

from regulars.apps.contact.rules.provider_events import ProviderEvent, event_id
from regulars.apps.contact.rules.replies import enhanced, is_nobody
from regulars.apps.contact.rules.states import EventKind

PROVIDER = "smtp"
"""Who tells: whoever brought the mails that a mail server took."""
_GONE_FOR_GOOD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.10"})
_PERMANENT = 550
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other"})
_ACTIONS: Mapping[str, EventKind] = {
    "failed": EventKind.SOFT_BOUNCED,
    "delayed": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "relayed": EventKind.DELIVERED,
    "expanded": EventKind.DELIVERED,
}

type Part = Message[str, str]


@dataclass(frozen=True, slots=True)
class _Told:
    kind: EventKind
    detail: str


def read_returned(content: bytes, received_at: datetime) -> Sequence[ProviderEvent]:
    """What a mail that came back tells; nothing where it is an answer of a person or a machine.

    Args:
        content: The mail as it came.
        received_at: When; nothing it tells of happened later.
    """
    try:
        mail = message_from_bytes(content)
        return list(_events(mail, content, received_at))
    except RecursionError:  # parts within parts within parts: nobody's notice
        return []


def _events(mail: Part, content: bytes, received_at: datetime) -> Iterator[ProviderEvent]:
    parts = list(_parts(mail))
    ours = next(filter(None, map(_original_id, parts)), "")
    name = _header(mail, "Message-ID")
    at = min(_instant(mail, received_at), received_at)
    for number, told in enumerate(it for part in parts for it in _told(part)):
        yield ProviderEvent(
            provider=PROVIDER,
            event_id=event_id("", name or content, number, told.kind),
            kind=told.kind,
            at=at,
            message_id=ours,
            detail=told.detail,
        )


def _parts(mail: Part) -> Iterator[Part]:
    """The parts of a mail, and not those of a mail that is in it."""
    if mail.get_content_maintype() != "multipart":
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _original_id(part: Part) -> str:
    """The Message-ID of the mail that a part brings back; empty where it brings none."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return _header(_inner(part), "Message-ID")
    if kind == "text/rfc822-headers":
        told = part.get_payload(decode=True)
        text = told.decode("utf-8", "replace") if isinstance(told, bytes) else ""
        return _header(message_from_string(text), "Message-ID")
    return ""


def _told(part: Part) -> Iterator[_Told]:
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        yield from filter(None, map(_of_recipient, _groups(part)))
    if kind == "message/feedback-report":
        said = _header(_inner(part), "Feedback-Type").lower()
        if said in _COMPLAINTS:
            yield _Told(EventKind.COMPLAINED, said)
        elif said.startswith("opt-out"):
            yield _Told(EventKind.UNSUBSCRIBED, said)


def _of_recipient(group: Part) -> _Told | None:
    kind = _ACTIONS.get(_header(group, "Action").lower())
    if kind is None:  # the first group tells of the mail as a whole
        return None
    status, said = _header(group, "Status"), _header(group, "Diagnostic-Code")
    if kind is EventKind.SOFT_BOUNCED and _is_hard(status, said):
        kind = EventKind.BOUNCED
    return _Told(kind, f"{status} {said}".strip())


def _is_hard(status: str, said: str) -> bool:
    """Whether there is nobody: the status says so, or the server's words where it says little."""
    code = enhanced(status)
    return code in _GONE_FOR_GOOD or (
        code in {"", "5.0.0", "5.5.0"} and is_nobody(_PERMANENT, said)
    )


def _groups(part: Part) -> Iterator[Part]:
    told = part.get_payload()
    if isinstance(told, list):
        yield from (group for group in told if isinstance(group, Message))


def _inner(part: Part) -> Part:
    """The mail, or the fields, that a part holds."""
    return next(_groups(part), Message())


def _header(mail: Part, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _instant(mail: Part, otherwise: datetime) -> datetime:
    try:
        told = parsedate_to_datetime(_header(mail, "Date"))
    except ValueError:
        return otherwise
    return told if told.tzinfo is not None else told.replace(tzinfo=UTC)
