"""Orders of a firm whose truth is known, so that every measure can be checked against it.

Customers arrive over the span, buy as a Poisson process while they are customers, and leave unseen
(Pareto/NBD: Schmittlein, Morrison & Colombo 1987); what they spend is Gamma-Gamma (Fader & Hardie
2013). Days are counted from the start of the simulation. Everything is drawn in blocks of
:data:`BLOCK` customers, each kind of draw from a stream of its own, so that memory stays flat, a
firm with more customers begins with the same ones, and one changed truth (say, what is spent)
leaves the others (who bought, and when) as they were. The same seed gives the same orders with the
same release of NumPy.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from math import cos, inf, isfinite, tau

import numpy as np
from numpy.typing import NDArray

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

BLOCK = 8192
"""Customers drawn at a time; part of what a seed means, so it never changes."""

YEAR = 365.25
DAY_SECONDS = 86_400


class _Draw(IntEnum):
    # The numbers are part of what a seed means: new kinds of draws get new numbers.
    RATE = 0
    DROPOUT = 1
    LIFETIME = 2
    ARRIVAL = 3
    PURCHASES = 4
    MOMENTS = 5
    TASTE = 6
    AMOUNT = 7
    IDENTIFIED = 8
    CHANNEL = 9
    STORE = 10
    REFUND = 11
    LINES = 12
    CATEGORY = 13
    PRODUCT = 14
    SPLIT = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """What there is to buy, where orders are wanted line by line.

    Attributes:
        categories: Number of categories; the k-th is bought in proportion to 1/k.
        products: Products in each category, bought alike.
        lines: Mean number of lines of an order (1 + Poisson).

    Raises:
        OptionError: A number below one.
    """

    categories: int = 12
    products: int = 20
    lines: float = 3.0

    def __post_init__(self) -> None:
        for name in ("categories", "products", "lines"):
            _check_range(name, getattr(self, name), 1, inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """The truth about a simulated firm.

    While he is one, a customer buys again at a rate per day drawn from Gamma(``r``, ``alpha``) and
    leaves at a rate per day drawn from Gamma(``s``, ``beta``). With ``alpha`` and ``beta`` in
    days, the mean rate is r / alpha a day and the share still there after t days is
    (beta / (beta + t)) ** s.

    Attributes:
        r: Shape of the purchase rates: the lower, the more customers differ.
        alpha: Rate of the same Gamma, in days.
        s: Shape of the drop-out rates.
        beta: Rate of the same Gamma, in days.
        p: Shape of the amounts of one customer's orders.
        q: Shape of customers' tastes; above 1, so that a mean exists.
        gamma: Scale of tastes, in money; the mean order is p · gamma / (q - 1).
        growth: Growth of new customers in a year: .1 is ten per cent more a year later.
        cohort_trend: The same of newer customers' purchase rate: -.2 is a fifth less a year later.
        season: Half the yearly swing of trade as a share of its mean, from 0 to below 1.
        season_peak: Day of the year of its top, 1 to 366.
        weekdays: Trade from Monday to Sunday in proportion; 0 is closed.
        opens_at: First hour of trade.
        closes_at: Hour of closing, up to 24.
        identified: Share of receipts that carry their customer.
        online: Share of orders on line.
        stores: Number of shops; the k-th is the home of customers in proportion to 1/k.
        refunds: Share of orders that are refunded in full.
        assortment: What there is to buy; None: orders without lines.

    Raises:
        OptionError: A value that cannot be.
    """

    r: float = 1.2
    alpha: float = 30.0
    s: float = 0.9
    beta: float = 300.0
    p: float = 6.25
    q: float = 3.74
    gamma: float = 15.44
    growth: float = 0.1
    cohort_trend: float = 0.0
    season: float = 0.2
    season_peak: int = 350
    weekdays: tuple[float, float, float, float, float, float, float] = (1, 1, 1, 1, 1.2, 1.4, 0.6)
    opens_at: int = 8
    closes_at: int = 20
    identified: float = 1.0
    online: float = 0.25
    stores: int = 4
    refunds: float = 0.0
    assortment: Assortment | None = None

    def __post_init__(self) -> None:
        for name, (lowest, highest) in _RANGES.items():
            _check_range(name, getattr(self, name), lowest, highest)
        _check_range("closes_at", self.closes_at, self.opens_at + 1, 24)
        for weight in self.weekdays:
            _check_range("weekdays", weight, 0, 1e6)
        _check_range("weekdays", sum(self.weekdays), 1e-6, 7e6)

    @property
    def mean_amount(self) -> float:
        """The mean of an order, in money: p · gamma / (q - 1).

        >>> round(Firm().mean_amount, 2)
        35.22
        """
        return self.p * self.gamma / (self.q - 1)

    def still_there(self, days: float) -> float:
        """The share of customers still there after so many days: (beta / (beta + t)) ** s.

        >>> Firm(s=1, beta=100).still_there(100)
        0.5
        """
        share: float = (self.beta / (self.beta + days)) ** self.s
        return share


_TINY = 1e-3
_HUGE = 1e6
_RANGES = {
    "r": (_TINY, _HUGE),
    "alpha": (_TINY, _HUGE),
    "s": (_TINY, _HUGE),
    "beta": (_TINY, _HUGE),
    "p": (_TINY, _HUGE),
    "q": (1 + _TINY, _HUGE),
    "gamma": (_TINY, _HUGE),
    "growth": (-0.99, 100),
    "cohort_trend": (-0.99, 100),
    "season": (0, 0.99),
    "season_peak": (1, 366),
    "opens_at": (0, 23),
    "identified": (0, 1),
    "online": (0, 1),
    "stores": (1, 30_000),
    "refunds": (0, 1),
}


@dataclass(frozen=True, slots=True)
class Customers:
    """What is true of each customer of a block, one element a customer.

    Attributes:
        first: Number of the first one; the others follow.
        arrived: Day of the first purchase since the start, with its fraction.
        rate: Purchases a day while a customer.
        lifetime: Days from the first purchase to leaving; may be infinite.
        mean_amount: Mean of his orders, in money.
        store: Number of his shop, from 0.
    """

    first: int
    arrived: Floats
    rate: Floats
    lifetime: Floats
    mean_amount: Floats
    store: Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block's orders, one element a line.

    Attributes:
        order: Index of its order within the block.
        line: Number within its order, from 1.
        category: Number of the category, from 0.
        product: Number of the product within all, from 0.
        cents: Amount in hundredths.
    """

    order: Ints
    line: Ints
    category: Ints
    product: Ints
    cents: Ints


@dataclass(frozen=True, slots=True)
class Block:
    """Customers with their orders, one element an order, by customer and then by time.

    Attributes:
        customers: Those who bought.
        buyer: Index of the customer within the block.
        second: Seconds since the start of the simulation.
        cents: Amount in hundredths of the currency.
        identified: Whether the receipt carries its customer.
        online: Whether it was ordered on line.
        refunded: Whether it was refunded in full.
        lines: Its lines where the firm has an assortment.
    """

    customers: Customers
    buyer: Ints
    second: Ints
    cents: Ints
    identified: Flags
    online: Flags
    refunded: Flags
    lines: Lines | None


@dataclass(frozen=True, slots=True)
class _Clock:
    # ``busy`` is the trade done by the beginning of each day, so that a steady process in it is a
    # seasonal one in days; both directions are exact because trade is even within a day.
    busy: Floats

    def busy_at(self, day: Floats) -> Floats:
        return np.interp(day, np.arange(self.busy.size), self.busy)

    def day_at(self, busy: Floats) -> Floats:
        latest = np.nextafter(float(self.busy.size - 1), 0)
        return np.minimum(np.interp(busy, self.busy, np.arange(self.busy.size)), latest)


@dataclass(frozen=True, slots=True)
class Simulator:
    """A firm over a span of days, from which blocks of customers are drawn.

    >>> simulator = Simulator(Firm(), seed=1, start=date(2024, 1, 1), days=366)
    >>> block = simulator.block(0, 100)
    >>> block.customers.arrived.size, bool((block.cents > 0).all())
    (100, True)

    Raises:
        OptionError: A span without an open day, or a seed below 0.
    """

    firm: Firm
    seed: int
    start: date
    days: int

    def __post_init__(self) -> None:
        _check_range("days", self.days, 1, (date.max - self.start).days)
        _check_range("seed", self.seed, 0, inf)
        if not self._trade().any():
            raise OptionError(say("The simulated firm is closed on every one of its days."))

    def block(self, number: int, size: int = BLOCK) -> Block:
        """Draw the first ``size`` customers of a block with their orders."""
        customers = self.customers(number, size)
        buyer, day = self._purchases(number, customers)
        orders = buyer.size
        amount = self._amounts(number, customers, buyer)
        chance = {
            draw: self._stream(number, draw).random(orders)
            for draw in (_Draw.IDENTIFIED, _Draw.CHANNEL, _Draw.REFUND)
        }
        return Block(
            customers,
            buyer,
            self.seconds(day),
            amount,
            chance[_Draw.IDENTIFIED] < self.firm.identified,
            chance[_Draw.CHANNEL] < self.firm.online,
            chance[_Draw.REFUND] < self.firm.refunds,
            self._lines(number, amount, self.firm.assortment) if self.firm.assortment else None,
        )

    def customers(self, number: int, size: int = BLOCK) -> Customers:
        """Draw the first ``size`` customers of a block without their orders.

        Raises:
            OptionError: More or fewer than a block holds.
        """
        _check_range("size", size, 1, BLOCK)
        firm = self.firm
        arrived = self._arrivals(number, size)
        rate = self._stream(number, _Draw.RATE).gamma(firm.r, 1 / firm.alpha, size)
        dropout = self._stream(number, _Draw.DROPOUT).gamma(firm.s, 1 / firm.beta, size)
        taste = self._stream(number, _Draw.TASTE).gamma(firm.q, 1 / firm.gamma, size)
        # A drop-out rate of (nearly) 0: a customer for ever.
        with np.errstate(divide="ignore", over="ignore"):
            lifetime = self._stream(number, _Draw.LIFETIME).standard_exponential(size) / dropout
        return Customers(
            first=number * BLOCK,
            arrived=arrived,
            rate=rate * (1 + firm.cohort_trend) ** (arrived / YEAR),
            lifetime=lifetime,
            mean_amount=firm.p / taste,
            store=_ranked(self._stream(number, _Draw.STORE).random(size), firm.stores),
        )

    def seconds(self, day: Floats) -> Ints:
        """Seconds since the start for days with their fraction, within the hours of trade."""
        whole = np.floor(day)
        opens = self.firm.opens_at * 3600
        open_seconds = (self.firm.closes_at - self.firm.opens_at) * 3600
        within = np.floor((day - whole) * open_seconds)
        return (whole * DAY_SECONDS + opens + within).astype(np.int64)

    def _stream(self, number: int, draw: _Draw) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number, draw)))

    def _trade(self) -> Floats:
        firm = self.firm
        mean = sum(firm.weekdays) / 7
        return np.array(
            [
                (1 + firm.season * cos(tau * (_day_of_year(day) - firm.season_peak) / YEAR))
                * firm.weekdays[day.weekday()]
                / mean
                for day in (self.start + timedelta(offset) for offset in range(self.days))
            ]
        )

    def _arrivals(self, number: int, size: int) -> Floats:
        new = self._trade() * (1 + self.firm.growth) ** (np.arange(self.days) / YEAR)
        clock = _Clock(_cumulated(new))
        return clock.day_at(self._stream(number, _Draw.ARRIVAL).random(size) * clock.busy[-1])

    def _purchases(self, number: int, customers: Customers) -> tuple[Ints, Floats]:
        """The customer and the day of every order, first purchases included."""
        clock = _Clock(_cumulated(self._trade()))
        leaves = np.minimum(customers.arrived + customers.lifetime, self.days)
        begin = clock.busy_at(customers.arrived)
        length = clock.busy_at(leaves) - begin
        repeats = self._stream(number, _Draw.PURCHASES).poisson(customers.rate * length)
        first = np.concatenate(([0], np.cumsum(repeats + 1)[:-1]))
        buyer = np.repeat(np.arange(repeats.size), repeats + 1)
        moment = self._stream(number, _Draw.MOMENTS).random(buyer.size)
        moment[first] = 0
        # One sort of customer + moment orders each customer's purchases in time.
        moment = np.sort(buyer + moment) - buyer
        day = clock.day_at(begin[buyer] + moment * length[buyer])
        day[first] = customers.arrived
        return buyer, day

    def _amounts(self, number: int, customers: Customers, buyer: Ints) -> Ints:
        p = self.firm.p
        units = self._stream(number, _Draw.AMOUNT).standard_gamma(p, buyer.size)
        money = units * (customers.mean_amount / p)[buyer]
        return np.maximum(np.rint(money * 100), 1).astype(np.int64)

    def _lines(self, number: int, cents: Ints, assortment: Assortment) -> Lines:
        more = self._stream(number, _Draw.LINES).poisson(assortment.lines - 1, cents.size)
        order = np.repeat(np.arange(cents.size), more + 1)
        last = np.cumsum(more + 1) - 1
        category = _ranked(
            self._stream(number, _Draw.CATEGORY).random(order.size), assortment.categories
        )
        product = self._stream(number, _Draw.PRODUCT).random(order.size) * assortment.products
        weight = self._stream(number, _Draw.SPLIT).standard_exponential(order.size)
        return Lines(
            order,
            np.arange(order.size) - (last - more)[order] + 1,
            category,
            category * assortment.products + product.astype(np.int64),
            _split(cents, order, last, weight),
        )


def _split(cents: Ints, order: Ints, last: Ints, weight: Floats) -> Ints:
    """Share each order's cents out among its lines by weight; the parts add up exactly."""
    through = np.cumsum(weight)
    end = through[last]
    begin = np.concatenate(([0.0], end[:-1]))
    share = (through - begin[order]) / (end - begin)[order]
    share[last] = 1.0
    upto: Ints = np.floor(share * cents[order]).astype(np.int64)
    before = np.concatenate(([0], upto[:-1]))
    before[np.concatenate(([0], last[:-1] + 1))] = 0
    parts: Ints = upto - before
    return parts


def _ranked(chance: Floats, size: int) -> Ints:
    """Turn even chances into numbers from 0, the k-th in proportion to 1 / (k + 1)."""
    edges = np.cumsum(1 / np.arange(1, size + 1))
    return np.searchsorted(edges, chance * edges[-1], side="right").astype(np.int64)


def _cumulated(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _check_range(name: str, value: float, lowest: float, highest: float) -> None:
    if lowest <= value <= highest and isfinite(value):
        return
    raise OptionError(
        say("The simulation's {name} cannot be {value}.", name=name, value=value),
        accepted=say("It takes {lowest} or more.", lowest=lowest)
        if highest == inf
        else say("It takes a number from {lowest} to {highest}.", lowest=lowest, highest=highest),
    )
