"""Kinds, states and columns of imports, for people."""

from collections.abc import Mapping

from regulars.apps.intake.queries import RunRow
from regulars.apps.intake.rules import Aim, Kind, State
from regulars.interfaces.console.cells import Badge
from regulars.kernel.wording import Message, say

KINDS: Mapping[Kind, Message] = {
    Kind.ORDERS: say("Orders"),
    Kind.CUSTOMERS: say("Customers"),
    Kind.PRODUCTS: say("Products"),
    Kind.REFUNDS: say("Refunds"),
    Kind.SUBSCRIPTIONS: say("Subscriptions"),
    Kind.COSTS: say("Costs"),
    Kind.ADDRESSES: say("Addresses"),
    Kind.CONSENTS: say("Consents"),
}
"""What each kind of source holds."""

STATES: Mapping[State, tuple[Message, str]] = {
    State.WAITING: (say("waiting"), ""),
    State.RUNNING: (say("running"), ""),
    State.READY: (say("to be checked"), "warn"),
    State.DONE: (say("done"), "good"),
    State.FAILED: (say("failed"), "bad"),
    State.UNDONE: (say("undone"), ""),
}
"""What each state is called, and its tone."""

_COLUMNS: Mapping[str, Message] = {
    "email": say("E-mail"),
    "phone": say("Telephone"),
    "post": say("Postal address"),
    "purpose": say("Purpose"),
    "state": say("Yes or no"),
    "at": say("When it was said"),
    "basis": say("By what right"),
    "wording": say("Version of the words"),
    "address": say("Address that was asked"),
    "order_id": say("Order"),
    "customer_id": say("Customer"),
    "ordered_at": say("Time"),
    "amount": say("Amount"),
    "quantity": say("Quantity"),
    "line": say("Line"),
    "product_id": say("Product"),
    "category": say("Category"),
    "currency": say("Currency"),
    "refunded": say("Refunded"),
    "channel": say("Channel"),
    "store": say("Store"),
    "name": say("Name"),
    "language": say("Language"),
    "time_zone": say("Time zone"),
    "birthday": say("Birthday"),
    "refund_id": say("Refund"),
    "refunded_at": say("Time"),
    "from_on": say("From the day"),
    "to_on": say("To the day"),
}


def state_of(run: RunRow) -> Badge:
    """How far an import is; a trial that is over has written nothing, and it is said."""
    if run.state is State.DONE and run.aim is Aim.TRIAL:
        return Badge(say("tried"), "warn", "tried")
    words, tone = STATES[run.state]
    return Badge(words, tone, run.state.value)


def has_name(column: str) -> bool:
    """Whether a column has a word of its own."""
    return column in _COLUMNS


def column_name(column: str) -> Message:
    """What a column is called; one without a word of its own goes by its name in the docs."""
    return _COLUMNS.get(column, say("{name}", name=column))
