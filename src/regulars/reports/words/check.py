"""The quality of the data in words: what was read, what was refused, how much has a customer."""

from regulars.kernel.wording import Message, Money, Share, say, say_count
from regulars.studies.check import Check
from regulars.warehouse.quality import Quality


def findings(answer: Check) -> tuple[Message, ...]:
    """How good the orders are, in sentences."""
    quality = answer.quality
    sentences = [accepted(quality), *identified(answer), *oddities(quality)]
    if quality.unmatched_refunds:
        sentences.append(
            say_count(
                "{n} refund had no order to be set against and is left out: {money}.",
                "{n} refunds had no order to be set against and are left out: {money}.",
                n=quality.unmatched_refunds,
                money=Money(quality.unmatched_refund_amount, answer.evidence.currency),
            )
        )
    sentences.append(basis(quality.amount_basis))
    if not answer.has_margin:
        sentences.append(say("No margin is known, so money here is revenue, not value."))
    return (*sentences, *quality.notes)


def accepted(quality: Quality) -> Message:
    """How many rows could be used."""
    if quality.rejected:
        return say_count(
            "{n} of {rows} rows could not be read",
            "{n} of {rows} rows could not be read",
            n=len(quality.rejected),
            rows=quality.rows,
        )
    return say_count("The one row could be read", "All {n} rows could be read", n=quality.rows)


def identified(answer: Check) -> tuple[Message, ...]:
    """How much of the business has a known customer."""
    orders, revenue = answer.overall.share_of_orders, answer.overall.share_of_revenue
    if orders is None:
        return ()
    if orders == 1:
        return (say("Every order has a known customer."),)
    if revenue is None:
        return (say("{orders} of orders have a known customer.", orders=Share(orders)),)
    return (
        say(
            "{orders} of orders and {revenue} of revenue have a known customer. The others are "
            "in no rate on this page.",
            orders=Share(orders),
            revenue=Share(revenue),
        ),
    )


def oddities(quality: Quality) -> tuple[Message, ...]:
    """Repeated rows and orders without an amount."""
    sentences = []
    if quality.duplicates:
        sentences.append(
            say_count(
                "{n} row only repeated another one and was counted once.",
                "{n} rows only repeated others and were counted once.",
                n=quality.duplicates,
            )
        )
    if quality.zero_orders:
        sentences.append(
            say_count(
                "{n} order has an amount of zero; it counts as a purchase.",
                "{n} orders have an amount of zero; they count as purchases.",
                n=quality.zero_orders,
            )
        )
    return tuple(sentences)


def basis(amount_basis: str) -> Message:
    """What the amounts hold."""
    match amount_basis:
        case "net":
            return say("Amounts are net of VAT and of refunds.")
        case "gross":
            return say("Amounts include VAT; refunds are taken off.")
        case _:
            return say("Amounts are taken as given; refunds are taken off.")


def rejects_title(answer: Check) -> Message:
    """How many rows were refused."""
    return say_count(
        "{n} row was refused", "{n} rows were refused", n=len(answer.quality.rejected)
    )
