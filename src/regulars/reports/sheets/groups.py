"""Tables of groups of customers that a model tells apart."""

from regulars.estimation.by_group import GroupEffect
from regulars.kernel.wording import Share, say
from regulars.reports.sheets.sheet import Cell, Sheet
from regulars.reports.words.groups import times
from regulars.studies.backtest import TimeUnit
from regulars.studies.forecast import Forecast

_OFTEN = {TimeUnit.WEEK: say("Purchases a week"), TimeUnit.DAY: say("Purchases a day")}


def effects(answer: Forecast) -> Sheet:
    """How each group buys and leaves, the first being the one that the others are held against."""
    found = answer.groups
    return Sheet(
        headings=(
            say("Group"),
            say("Customers"),
            _OFTEN[answer.unit],
            say("Times the first group"),
            say("Leave after a purchase"),
            say("Times the first group"),
        ),
        rows=tuple(_effect(it) for it in found.effects) if found else (),
    )


def _effect(it: GroupEffect) -> tuple[Cell, ...]:
    rate, dropout = it.rate_ratio, it.dropout_ratio
    return (
        it.group,
        it.customers,
        it.rate,
        times(rate) if rate else None,
        Share(it.dropout),
        times(dropout) if dropout else None,
    )


def coefficients(answer: Forecast) -> Sheet:
    """The coefficients of each group but the first, as Fader & Hardie (2007) write them."""
    found = answer.groups
    rows = [
        (
            it.group,
            name,
            coefficient.value,
            coefficient.standard_error,
            say(
                "{low} to {high}",
                low=round(coefficient.low, 2),
                high=round(coefficient.high, 2),
            ),
        )
        for it in (found.effects if found else ())
        for name, coefficient in it.coefficients.items()
    ]
    return Sheet(
        headings=(
            say("Group"),
            say("Coefficient of"),
            say("Coefficient"),
            say("Standard error"),
            say("Interval"),
        ),
        rows=tuple(rows),
        texts=frozenset({0, 1}),
    )
