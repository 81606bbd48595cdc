"""What every number stands on, in words."""

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, Share, say
from regulars.studies.answer import Evidence


def scope(evidence: Evidence) -> Message:
    """The data in one line."""
    return say(
        "{data_from} to {as_of}: {customers} customers, {orders} orders",
        data_from=evidence.data_from,
        as_of=evidence.as_of,
        customers=evidence.customers,
        orders=evidence.orders,
    )


def footer(evidence: Evidence) -> tuple[Message, ...]:
    """The data in full."""
    sentences = [
        say(
            "As of {as_of}. The data begins on {data_from}; until {until} new and returning "
            "customers are at most figures.",
            as_of=evidence.as_of,
            data_from=evidence.data_from,
            until=evidence.burn_in_until,
        ),
        say(
            "{orders} of orders have a known customer. Rows refused: {rejected}.",
            orders=Share(evidence.identified_orders),
            rejected=evidence.rejected,
        ),
        say("Days are counted in {timezone}.", timezone=evidence.timezone),
    ]
    if evidence.currency is not None:
        sentences.append(say("Every amount is in {currency}.", currency=evidence.currency))
    return tuple(sentences)


def unanswered(answer: NotEnoughEvidence) -> tuple[Message, ...]:
    """Why a study has no answer, and what it would need."""
    needs = tuple(say("Needed: {need}", need=need) for need in answer.needs)
    return (answer.reason, *needs)
