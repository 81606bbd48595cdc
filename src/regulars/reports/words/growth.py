"""Growth accounting in words: won and lost, in customers and in money."""

from decimal import Decimal

from regulars.kernel.wording import Message, Money, PeriodName, Share, say
from regulars.studies.growth import Growth, GrowthPeriod


def last_of(answer: Growth) -> GrowthPeriod | None:
    """The last period that has ended and has one before it; None: there is none yet."""
    ended = [it for it in answer.periods[1:] if it.complete]
    return ended[-1] if ended else None


def gained(period: GrowthPeriod) -> Decimal:
    """Revenue that came on top of the period before."""
    return period.revenue_new + period.revenue_resurrected + period.revenue_expansion


def lost(period: GrowthPeriod) -> Decimal:
    """Revenue of the period before that did not come again."""
    return period.revenue_churned + period.revenue_contraction


def returned(period: GrowthPeriod) -> Decimal:
    """Revenue of the period from customers who had bought in the one before."""
    return period.revenue - period.revenue_new - period.revenue_resurrected


def findings(answer: Growth) -> tuple[Message, ...]:
    """Where growth comes from, in sentences, the most important first."""
    last = last_of(answer)
    if last is None:
        return (say("Growth needs two periods that have ended."),)
    sentences = [balance(last), returned_share(answer, last)]
    if last.revenue_churned:
        sentences.append(
            say(
                "Customers who did not return had spent {money} in the period before.",
                money=Money(last.revenue_churned, answer.evidence.currency),
            )
        )
    if any(it.at_most for it in answer.periods):
        sentences.append(
            say(
                "Until {until}, new customers are at most figures: the data begins on "
                "{data_from}, and old customers look new at first.",
                until=answer.evidence.burn_in_until,
                data_from=answer.evidence.data_from,
            )
        )
    return tuple(sentences)


def balance(period: GrowthPeriod) -> Message:
    """Whether more customers are won than lost."""
    ratio = period.quick_ratio
    if ratio is None:
        return say("No customer of the period before was lost")
    if ratio >= 1:
        return say("More customers are won than lost: {ratio} for each one lost", ratio=ratio)
    return say("More customers are lost than won: {ratio} won for each one lost", ratio=ratio)


def returned_share(answer: Growth, period: GrowthPeriod) -> Message:
    """What returning customers brought."""
    money = Money(returned(period), answer.evidence.currency)
    if period.revenue <= 0:
        return say("Kept customers brought {money}.", money=money)
    return say(
        "Kept customers brought {money}: {share} of what known customers spent.",
        money=money,
        share=Share(float(returned(period) / period.revenue)),
    )


def share_of_revenue(period: GrowthPeriod) -> tuple[Message, ...]:
    """What kept customers brought, as a share."""
    if period.revenue <= 0:
        return ()
    share = Share(float(returned(period) / period.revenue))
    return (say("That is {share} of what known customers spent.", share=share),)


def ratio(period: GrowthPeriod) -> Message:
    """Customers won for each one lost, in short."""
    if period.quick_ratio is None:
        return say("Nobody lost")
    return say("{ratio} won for each one lost", ratio=period.quick_ratio)


def customers_title(answer: Growth) -> Message:
    """What the last period did to the number of customers."""
    last = last_of(answer)
    if last is None:
        return say("New, kept, returning and lost customers")
    return say(
        "{period}: {gained} customers won or won back, {lost} lost",
        period=PeriodName(last.period, answer.period),
        gained=last.new + last.resurrected,
        lost=last.churned,
    )


def money_title(answer: Growth) -> Message:
    """What the last period did to the revenue."""
    last = last_of(answer)
    if last is None:
        return say("Revenue gained and lost")
    currency = answer.evidence.currency
    return say(
        "{period}: {gained} of revenue gained, {lost} lost",
        period=PeriodName(last.period, answer.period),
        gained=Money(gained(last), currency),
        lost=Money(lost(last), currency),
    )


def customers_text(answer: Growth) -> Message:
    """The chart of customers in words."""
    first, last = answer.periods[0], answer.periods[-1]
    return say(
        "Stacked bars from {first} to {last}: above the line kept, new and returning customers, "
        "below it those lost.",
        first=PeriodName(first.period, answer.period),
        last=PeriodName(last.period, answer.period),
    )


def money_text(answer: Growth) -> Message:
    """The chart of money in words."""
    first, last = answer.periods[0], answer.periods[-1]
    return say(
        "Stacked bars from {first} to {last}: above the line the revenue kept and gained, "
        "below it what was lost.",
        first=PeriodName(first.period, answer.period),
        last=PeriodName(last.period, answer.period),
    )
