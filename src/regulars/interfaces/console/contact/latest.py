"""A customer's latest messages, for his card."""

from dataclasses import dataclass
from typing import Final

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.queries.deliveries import DeliveryRow, list_deliveries_of
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Badge
from regulars.interfaces.console.contact.outbox import why
from regulars.interfaces.console.contact.words import PURPOSES, state_of
from regulars.interfaces.console.pages import StaffRequest
from regulars.kernel.wording import Message

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Latest:
    """One of the latest messages to a customer."""

    row: DeliveryRow
    purpose: Message
    state: Badge
    why: Message


def latest_messages(request: StaffRequest, number: int) -> list[Latest] | None:
    """The latest messages to a customer; None for whoever may not see them."""
    if not request.staff.may(Permission.READ_DELIVERIES):
        return None
    moment = now()
    return [
        Latest(row, PURPOSES[row.purpose], state_of(row), why(row, moment, request.speaker))
        for row in list_deliveries_of(number, limit=_SHOWN)
    ]
