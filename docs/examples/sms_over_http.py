"""Sends text messages of Regulars through a provider with an HTTP API.

REGULARS_SMS_TRANSPORT=sms_over_http:SmsOverHttp names it; SMS_URL is the address that the provider
takes messages at, and SMS_TOKEN the key that it gave you.
"""

import os
from collections.abc import Iterator, Sequence

import requests

from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)

PATIENCE = 20
"""Seconds that the provider gets to answer."""
WRONG_KEY, TOO_MANY, SERVER = {401, 403}, 429, 500
NOBODY = "invalid_recipient"
"""What this provider says where there is nobody with that number."""


class SmsOverHttp:
    """One request for each message."""

    name = "sms-over-http"
    at_once = 10

    def __init__(self) -> None:
        self._url = os.environ["SMS_URL"]
        self._token = os.environ["SMS_TOKEN"]

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over messages, one outcome each; after ``Down`` the rest is not tried."""
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._token}"
            for message in messages:
                outcome = self._hand_over(session, message)
                yield outcome
                if isinstance(outcome, Down):
                    return

    def _hand_over(self, session: requests.Session, message: Outgoing) -> Outcome:
        told = {"to": message.to, "text": message.text, "reference": str(message.number)}
        # the provider takes the same key for the same message, and sends it once
        headers = {"Idempotency-Key": message.message_id}
        try:
            answer = session.post(self._url, json=told, headers=headers, timeout=PATIENCE)
        except requests.ConnectTimeout as error:
            return Down(str(error))
        except requests.Timeout as error:
            return Unsure(str(error))
        except requests.ConnectionError as error:
            # a connection that broke may have carried the message before
            return Down(str(error)) if "NewConnectionError" in str(error) else Unsure(str(error))
        return outcome_of(answer)


def outcome_of(answer: requests.Response) -> Outcome:
    """What an answer of the provider means."""
    reason = f"{answer.status_code} {answer.text[:200]}"
    if answer.ok:
        return Accepted(answer.headers.get("X-Message-Id", ""))
    if answer.status_code in WRONG_KEY:
        return Down(reason)
    if answer.status_code == TOO_MANY or answer.status_code >= SERVER:
        wait = answer.headers.get("Retry-After", "")
        return Later(reason, int(wait) if wait.isdecimal() else 0)
    return Refused(reason, dead=NOBODY in answer.text)
