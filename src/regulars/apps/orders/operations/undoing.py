"""A run of imports is undone."""

from collections import Counter
from datetime import datetime

from regulars.apps.contact.operations.kinds import KINDS as OF_CONTACTS
from regulars.apps.journal.undoing import undo
from regulars.apps.orders.kinds import KINDS
from regulars.apps.people.operations import CUSTOMERS
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Undone


def undo_run(run: str, *, actor: Actor, now: datetime, most: int = 1000) -> Counter[Undone]:
    """Take back a part of what a run wrote: orders, refunds, …, consents, customers last.

    Call it until it returns nothing; each call is a transaction of its own (or part of the
    caller's, who may keep his counts in it), so it may be killed and called again. What the run
    made goes; what it replaced is again as it was; what somebody changed since, and what
    something else needs, is left and counted. A customer whom the run made and whose orders came
    from elsewhere is left as a stub.

    Args:
        run: The id of the run, as the imports were given it.
        actor: Who undoes it.
        now: The time.
        most: At most so many records in this call.

    Returns:
        What became of how many records; empty when nothing is left to undo.
    """
    return undo((*KINDS, *OF_CONTACTS, CUSTOMERS), run, actor=actor, now=now, most=most)
