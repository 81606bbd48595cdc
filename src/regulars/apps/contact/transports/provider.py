"""Mail through a provider's API, by django-anymail."""

from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailUnsupportedFeature,
)
from anymail.message import AnymailMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from regulars.apps.contact.transports.composing import compose
from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)

AT_ONCE = 20
DELIVERY = "delivery"
"""Under this name a delivery's number goes with the message, and comes back with its events."""
_LONGEST_REASON = 400
_LONGEST_WAIT = 24 * 3600
_LETS_NOBODY_IN = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    }
)
# what Postmark answers with 422 to every message alike: who the sender is, what the account may
_SHUT_AT_POSTMARK = frozenset({10, 400, 401, 405, 412})
_TAKEN = frozenset({"sent", "queued"})
_NOT_TAKEN = frozenset({"rejected", "invalid", "failed"})


class Provider:
    """Mail through the provider that is configured, over one connection for each batch."""

    at_once = AT_ONCE

    def __init__(self, name: str) -> None:
        self.name = name
        self._marks = True

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over messages, one outcome each; after ``Down`` the rest is not tried."""
        try:
            backend = mailers["default"]
            backend.open()
        except (ImproperlyConfigured, AnymailError, OSError) as error:
            yield Down(_short(str(error)))
            return
        try:
            for message in messages:
                outcome = self._hand_over(backend, message)
                yield outcome
                if isinstance(outcome, Down):
                    return
        finally:
            backend.close()

    def _hand_over(self, backend: BaseEmailBackend, message: Outgoing) -> Outcome:
        try:
            return self._send(backend, message)
        except AnymailUnsupportedFeature as error:
            if not self._marks:
                return Refused(_short(str(error)))
        except AnymailAPIError as error:
            return _of_error(error)
        except (ValueError, TypeError, AnymailError) as error:
            return Refused(_short(str(error)))
        self._marks = False  # its events are found by what the provider calls the message
        return self._hand_over(backend, message)

    def _send(self, backend: BaseEmailBackend, message: Outgoing) -> Outcome:
        letter = compose(message, AnymailMessage)
        if self._marks:
            letter.metadata = {DELIVERY: str(message.number)}
            letter.tags = ["promotion" if message.promotional else "service"]
        backend.send_messages([letter])
        return _of_status(letter)


def _of_status(letter: AnymailMessage) -> Outcome:
    for one in letter.anymail_status.recipients.values():
        if one.status in _NOT_TAKEN:
            return Refused(f"The provider says: {one.status}.")
        if one.message_id:
            return Accepted(str(one.message_id))
        if one.status in _TAKEN:
            return Accepted()
    return Unsure("The provider does not say what became of it.")


def _of_error(error: AnymailAPIError) -> Outcome:
    status, reason = _status(error), _short(str(error))
    if status is None:
        return Unsure(reason) if _may_have_gone(error) else Down(reason)
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT:
        return Unsure(reason)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Later(reason, _wait(error))
    if status in _LETS_NOBODY_IN or _shut(error):
        return Down(reason)
    return Refused(reason)


def _status(error: AnymailAPIError) -> int | None:
    """The status of the answer; None where there was none."""
    if error.status_code is not None:
        return int(error.status_code)
    told = getattr(error.__cause__, "response", None)  # Amazon's own library keeps it there
    if isinstance(told, dict):
        return int(told["ResponseMetadata"]["HTTPStatusCode"])
    return None


def _may_have_gone(error: AnymailAPIError) -> bool:
    """Whether a request that was not answered may have arrived."""
    cause = error.__cause__
    if isinstance(cause, requests.ConnectionError):
        inner = cause.args[0] if cause.args else None
        if isinstance(inner, MaxRetryError):
            return not isinstance(inner.reason, NewConnectionError | ConnectTimeoutError)
    never = (
        requests.ConnectTimeout,
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        ValueError,  # an address of the API that is none
    )
    return not isinstance(cause, never)


def _answer(error: AnymailAPIError) -> requests.Response | None:
    answer = getattr(error, "response", None)
    return answer if isinstance(answer, requests.Response) else None


def _shut(error: AnymailAPIError) -> bool:
    answer = _answer(error)
    if error.esp_name != "Postmark" or answer is None:
        return False
    try:
        told = answer.json()
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("ErrorCode") in _SHUT_AT_POSTMARK


def _wait(error: AnymailAPIError) -> int:
    """The seconds of ``Retry-After``, which is a number or a date (RFC 9110)."""
    answer = _answer(error)
    headers = {} if answer is None else answer.headers
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(int(told), _LONGEST_WAIT)
    try:
        until, now = (parsedate_to_datetime(it) for it in (told, headers.get("Date", "")))
        seconds = int((until - now).total_seconds())
    except (ValueError, TypeError):  # no dates, or of one without a zone
        return 0
    return max(0, min(seconds, _LONGEST_WAIT))


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
