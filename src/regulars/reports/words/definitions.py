"""The words of the page, what they mean, and where they come from."""

from dataclasses import dataclass

from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True)
class Definition:
    """A term, its meaning, and its source where one is known."""

    term: Message
    text: Message
    source: str | None = None


def definitions() -> tuple[Definition, ...]:
    """Every measure of the page."""
    return (*_of_customers(), *_of_purchases(), *_of_the_future(), *_of_certainty())


def _of_customers() -> tuple[Definition, ...]:
    return (
        Definition(
            say("Retention rate"),
            say(
                "Of the customers who bought in the time before (the look-back), the share who "
                "bought again in the period. New customers and those back after a pause are not "
                "in it."
            ),
            "Farris, Bendle, Pfeifer & Reibstein, Marketing Metrics, 2010",
        ),
        Definition(
            say("New, kept, back after a pause, lost"),
            say(
                "New: first seen in the period. Kept: bought in the period before as well. Back "
                "after a pause: seen earlier, but not in the period before. Lost: bought in the "
                "period before, not in this one."
            ),
        ),
        Definition(
            say("Group of new customers (cohort)"),
            say(
                "All customers first seen in the same period. A cell is left empty until its "
                "whole period has passed."
            ),
        ),
        Definition(
            say("Winning ratio (quick ratio)"),
            say(
                "Customers won or won back for each customer lost; in money, revenue gained for "
                "each unit lost."
            ),
        ),
        Definition(
            say("At most"),
            say(
                "First means first in the data. Where the data begins in the middle of a shop's "
                "life, old customers look new at first; such figures are upper limits."
            ),
        ),
    )


def _of_purchases() -> tuple[Definition, ...]:
    return (
        Definition(
            say("Time to the second purchase"),
            say(
                "The share who have come back by each day. Customers still waiting count for as "
                "long as they could be watched."
            ),
            "Kaplan & Meier, J. Am. Stat. Assoc. 53, 1958; Greenwood, 1926",
        ),
        Definition(
            say("Recency, frequency, money (RFM)"),
            say(
                "Days since the last purchase, number of days with a purchase, mean amount per "
                "such day. Each is scored from 1 to 5 by fifths of the customers; equal values "
                "share a score."
            ),
            "Hughes, Strategic Database Marketing, 1994",
        ),
        Definition(
            say("Concentration"),
            say(
                "Customers in order of what they spend, against their share of the revenue. The "
                "Gini coefficient is twice the area between the curve and the diagonal."
            ),
            "Lorenz, Publ. Am. Stat. Assoc. 9, 1905; Gini, 1912",
        ),
        Definition(
            say("Bought together (lift)"),
            say(
                "How many times more often two things meet in an order than if each were put "
                "into orders at random; 1 is no connection."
            ),
            "Brin, Motwani, Ullman & Tsur, SIGMOD 1997",
        ),
        Definition(
            say("Spend per customer, split"),
            say(
                "The change is shared out among its factors by logarithmic means, so that the "
                "parts add up to the whole exactly."
            ),
            "Ang, Energy Policy 33, 2005 (LMDI)",
        ),
    )


def _of_the_future() -> tuple[Definition, ...]:
    return (
        Definition(
            say("Forecast"),
            say(
                "Each customer buys at a rate of his own until he silently leaves. How rates and "
                "leaving differ among customers is learned from when they bought; nothing else "
                "is known to the models."
            ),
            "Schmittlein, Morrison & Colombo, Management Science 33, 1987; Fader, Hardie & Lee, "
            "Marketing Science 24, 2005; Batislam, Denizel & Filiztekin, IJRM 24, 2007",
        ),
        Definition(
            say("Tested on days held out"),
            say(
                "The last days of the data are hidden from the models, forecast, and compared "
                "with what came. The model with the smallest error is used; one of them merely "
                "lets everybody go on as before."
            ),
        ),
        Definition(
            say("Revenue to come, worth"),
            say(
                "Purchases to come times the amount of one. It is called worth only where a "
                "margin is known, and later purchases then count less by the interest."
            ),
            "Fader & Hardie, The Gamma-Gamma Model of Monetary Value, 2013",
        ),
        Definition(
            say("At stake"),
            say(
                "What a customer would bring if he were still there, times the chance that he "
                "has left."
            ),
        ),
    )


def _of_certainty() -> tuple[Definition, ...]:
    return (
        Definition(
            say("Interval"),
            say(
                "The figures come from the customers seen so far. At 95% confidence, such an "
                "interval holds the true rate 95 times in 100."
            ),
            "Wilson, J. Am. Stat. Assoc. 22, 1927",
        ),
        Definition(
            say("Real difference"),
            say(
                "A difference is called real when its interval leaves out zero; otherwise chance "
                "alone could have made it."
            ),
            "Newcombe, Statistics in Medicine 17, 1998",
        ),
        Definition(
            say("Known customer"),
            say(
                "A receipt without a customer is no error: it counts in the orders, but nobody "
                "can say whether that customer came back."
            ),
        ),
    )
