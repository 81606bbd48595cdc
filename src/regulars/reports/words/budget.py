"""The budget in words: what to spend on winning and on keeping, and why."""

from decimal import Decimal
from typing import Final

from regulars.kernel.wording import Message, Money, Share, say
from regulars.studies.budget import Budget, BudgetSide

_BINDS: Final = 1e-9  # of customer equity for one more unit of money: less is none


def findings(answer: Budget) -> tuple[Message, ...]:
    """What to spend, what it brings, and what it stands on, in sentences."""
    return (
        headline(answer),
        say(
            "That wins {won} of prospects and keeps {kept} of customers a period; a customer won "
            "is then worth {clv}.",
            won=Share(answer.acquisition.rate),
            kept=Share(answer.retention.rate),
            clv=money(answer.clv),
        ),
        say(
            "Customer equity is then {best} a prospect; as you spend now it is {now}.",
            best=money(answer.equity),
            now=money(answer.now_equity),
        ),
        *_marginal(answer),
        *_limit(answer),
        say(
            "All of it stands on the ceilings that you judged; until a test has measured them, "
            "take it as a direction."
        ),
    )


def headline(answer: Budget) -> Message:
    """What to spend."""
    return say(
        "Best: {winning} a prospect to win customers, {keeping} a customer and period to keep",
        winning=money(answer.acquisition.spend),
        keeping=money(answer.retention.spend),
    )


def _marginal(answer: Budget) -> tuple[Message, ...]:
    winning, keeping = answer.acquisition.marginal_cost, answer.retention.marginal_cost
    sentences = []
    if winning is not None and keeping is not None:
        sentences.append(
            say(
                "There, one more customer costs {winning} to win and {keeping} to keep.",
                winning=money(winning),
                keeping=money(keeping),
            )
        )
    sentences.append(
        say(
            "Only this marginal cost matters. That keeping is cheaper than winning on average "
            "says nothing about where the next unit of money should go."
        )
    )
    return tuple(sentences)


def _limit(answer: Budget) -> tuple[Message, ...]:
    if answer.total is None:
        return ()
    if answer.shadow_price <= _BINDS:
        return (say("The limit of {total} a prospect is not reached.", total=money(answer.total)),)
    return (
        say(
            "Within the limit of {total} a prospect. One more unit of money would add {more} to "
            "customer equity.",
            total=money(answer.total),
            more=money(answer.shadow_price),
        ),
    )


def side_title(side: BudgetSide, *, winning: bool) -> Message:
    """Whether to spend more or less than now."""
    change = _direction(side)
    if winning:
        return say("Winning customers: {change}", change=change)
    return say("Keeping customers: {change}", change=change)


def _direction(side: BudgetSide) -> Message:
    now, best = money(side.now_spend), money(side.spend)
    if round(side.spend, 2) > round(side.now_spend, 2):
        return say("more than now, {best} instead of {now}", best=best, now=now)
    if round(side.spend, 2) < round(side.now_spend, 2):
        return say("less than now, {best} instead of {now}", best=best, now=now)
    return say("as now, {now}", now=now)


def side_caption(*, winning: bool) -> Message:
    """What is drawn."""
    if winning:
        return say("Customer equity a prospect, by what is spent to win one; keeping at its best")
    return say("Customer equity a prospect, by what is spent to keep one; winning at its best")


def side_text(side: BudgetSide) -> Message:
    """The curve in words."""
    return say(
        "A curve that is highest at a spend of {best}, where {rate} are reached, and falls on "
        "both sides. The most that any spend could reach is {ceiling}.",
        best=money(side.spend),
        rate=Share(side.rate),
        ceiling=Share(side.ceiling),
    )


def money(amount: float) -> Money:
    """An amount; the firm's own figures carry no currency but the reader's."""
    return Money(Decimal(repr(round(amount, 2))))
