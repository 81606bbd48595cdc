"""Names of roles, rights and states, for people."""

from collections.abc import Mapping

from regulars.apps.accounts.queries import KeyRow, StaffRow
from regulars.apps.accounts.rules import Role
from regulars.apps.firm.rules import Weekday
from regulars.apps.journal.webhooks.queries import DeliveryRow, Paused, State, WebhookRow
from regulars.interfaces.console.cells import Badge
from regulars.kernel.wording import Message, say

ROLES: Mapping[Role, Message] = {
    Role.OWNER: say("Owner"),
    Role.MANAGER: say("Manager"),
    Role.ANALYST: say("Analyst"),
    Role.AGENT: say("Agent"),
    Role.AUDITOR: say("Auditor"),
}
"""What each role is called."""

DUTIES: Mapping[Role, Message] = {
    Role.OWNER: say("does everything, also settings and staff"),
    Role.MANAGER: say("keeps customers and orders, reads the settings"),
    Role.ANALYST: say("reads, without names and addresses unless they are granted"),
    Role.AGENT: say("serves customers: reads all of them and changes them"),
    Role.AUDITOR: say("reads everything with the trail, changes nothing"),
}
"""What each role does."""


WEEKDAYS: Mapping[Weekday, Message] = {
    Weekday.MONDAY: say("Monday"),
    Weekday.SUNDAY: say("Sunday"),
    Weekday.SATURDAY: say("Saturday"),
}
"""The days on which a week may begin."""


def state_of_staff(row: StaffRow) -> Badge:
    """Whether somebody may sign in, and ever has."""
    if not row.active:
        return Badge(say("closed"), "bad")
    if row.signed_in_at is None:
        return Badge(say("invited"), "warn")
    return Badge(say("active"), "good")


def state_of_key(row: KeyRow, *, over: bool) -> Badge:
    """Whether a key opens anything."""
    if row.revoked_at is not None:
        return Badge(say("ended"), "bad")
    return Badge(say("expired"), "warn") if over else Badge(say("alive"), "good")


_PAUSED: Mapping[Paused, Message] = {
    Paused.STAFF: say("paused"),
    Paused.GONE: say("paused: gone"),
    Paused.FAILING: say("paused: failing"),
    Paused.SECRET: say("paused: no secret"),
}


def state_of_webhook(row: WebhookRow) -> Badge:
    """Whether a webhook is told anything, and takes it."""
    if row.paused is not None:
        tone = "warn" if row.paused is Paused.STAFF else "bad"
        return Badge(_PAUSED[row.paused], tone)
    return (
        Badge(say("alive"), "good") if row.failing_since is None else Badge(say("failing"), "warn")
    )


DELIVERY_STATES: Mapping[State, tuple[Message, str]] = {
    State.WAITING: (say("waiting"), ""),
    State.DONE: (say("delivered"), "good"),
    State.FAILED: (say("given up"), "bad"),
}
"""How far a delivery to a webhook is, and its tone."""


def state_of_delivery(row: DeliveryRow) -> Badge:
    """How far a delivery is; one that failed and waits is said to."""
    if row.state is State.WAITING and row.tried_at is not None:
        return Badge(say("tried again"), "warn", row.state.value)
    words, tone = DELIVERY_STATES[row.state]
    return Badge(words, tone, row.state.value)
