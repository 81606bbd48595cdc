"""The models of purchases from their definitions: integrals over what a customer is like, summed.

Plain Python and slow. A customer's rates and chances are integrated over on their logarithmic (or
logit) scale, where the trapezoid rule is accurate to many digits.
"""

from collections.abc import Callable, Iterator
from math import exp, lgamma, log
from random import Random

type History = tuple[int, float, float]
"""x, t_x, T."""
type Answer = tuple[float, float, float]
"""Log-likelihood, P(alive), expected purchases in the horizon."""
type Outcome = tuple[History, int]
"""A simulated history and the purchases after it."""

STEP = 0.15


def beta_geometric(
    parameters: tuple[float, float, float, float], seen: History, horizon: float, *, early: bool
) -> Answer:
    """BG/NBD, or with ``early`` dropout after the first purchase MBG/NBD."""
    r, alpha, a, b = parameters
    x, last, end = seen
    y = x + early

    def at(rate: float, p: float) -> tuple[float, float, float]:
        here = rate**x * (1 - p) ** y * exp(-rate * end)
        gone = rate**x * p * (1 - p) ** (y - 1) * exp(-rate * last) if y else 0.0
        return here, gone, (1 - exp(-rate * p * horizon)) / p

    return mixture(at, list(gamma_grid(r, alpha)), list(beta_grid(a, b)))


def pareto(parameters: tuple[float, float, float, float], seen: History, horizon: float) -> Answer:
    """Pareto/NBD."""
    r, alpha, s, beta = parameters
    x, last, end = seen

    def at(rate: float, leaving: float) -> tuple[float, float, float]:
        both = rate + leaving
        here = rate**x * exp(-both * end)
        gone = leaving * rate**x / both * (exp(-both * last) - exp(-both * end))
        return here, gone, rate / leaving * (1 - exp(-leaving * horizon))

    return mixture(at, list(gamma_grid(r, alpha)), list(gamma_grid(s, beta)))


def mixture(
    at: Callable[[float, float], tuple[float, float, float]],
    rates: list[tuple[float, float]],
    leaving: list[tuple[float, float]],
) -> Answer:
    """Sum over the kinds of customers: (value, weight) of each rate and of each leaving."""
    here = gone = bought = 0.0
    for rate, weight in rates:
        for leaves, other in leaving:
            stays, left, expected = at(rate, leaves)
            here += weight * other * stays
            gone += weight * other * left
            bought += weight * other * stays * expected
    return log(here + gone), here / (here + gone), bought / (here + gone)


def gamma_grid(shape: float, rate: float, step: float = STEP) -> Iterator[tuple[float, float]]:
    """Values of a gamma variable with their weights."""
    level = log(shape / rate)
    for place in range(-round(45 / min(shape, 1) / step), round(5 / step)):
        v = level + place * step
        weight = step * exp(shape * (v + log(rate)) - rate * exp(v) - lgamma(shape))
        if weight > 1e-40:
            yield exp(v), weight


def beta_grid(a: float, b: float) -> Iterator[tuple[float, float]]:
    """Values of a beta variable with their weights."""
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    for place in range(-round(45 / min(a, 1) / STEP), round(45 / min(b, 1) / STEP)):
        v = place * STEP
        weight = STEP * exp(scale - a * log(1 + exp(-v)) - b * log(1 + exp(v)))
        p = 1 / (1 + exp(-v))
        if weight > 1e-18 and 0 < p < 1:
            yield p, weight


def renewal_chances(alpha: float, beta: float, ages: int) -> list[float]:
    """Shifted beta-geometric: probability to leave at the 1st, 2nd … renewal, by recursion."""
    chances = [alpha / (alpha + beta)]
    for age in range(2, ages + 1):
        chances.append(chances[-1] * (beta + age - 2) / (alpha + beta + age - 1))
    return chances


def spend_likelihood(p: float, q: float, scale: float, x: int, mean: float) -> float:
    """Gamma-Gamma: log-density of the mean of ``x`` amounts, integrated over ν."""
    density = 0.0
    for nu, weight in gamma_grid(q, scale, step=0.03):
        shape, rate = p * x, nu * x
        logs = shape * log(rate) + (shape - 1) * log(mean) - rate * mean - lgamma(shape)
        density += weight * exp(logs)
    return log(density)


def simulate_beta_geometric(
    parameters: tuple[float, float, float, float],
    *,
    customers: int,
    horizon: float,
    seed: int,
    early: bool = False,
) -> list[Outcome]:
    """Customers who buy and drop out as BG/NBD (or, ``early``, MBG/NBD) has it."""
    r, alpha, a, b = parameters
    chance = Random(seed)  # noqa: S311 - simulation, not secrets
    people = []
    for _ in range(customers):
        rate, p = chance.gammavariate(r, 1 / alpha), chance.betavariate(a, b)
        end = chance.uniform(27, 39)
        times, now = [], 0.0
        stays = not (early and chance.random() < p)
        while stays:
            now += chance.expovariate(rate) if rate > 0 else end + horizon + 1
            if now > end + horizon:
                break
            times.append(now)
            stays = chance.random() >= p
        people.append(outcome(times, end))
    return people


def simulate_pareto(
    parameters: tuple[float, float, float, float], *, customers: int, horizon: float, seed: int
) -> list[Outcome]:
    """Customers who buy and leave as Pareto/NBD has it."""
    r, alpha, s, beta = parameters
    chance = Random(seed)  # noqa: S311 - simulation, not secrets
    people = []
    for _ in range(customers):
        rate, leaving = chance.gammavariate(r, 1 / alpha), chance.gammavariate(s, 1 / beta)
        end = chance.uniform(27, 39)
        stop = min(end + horizon, chance.expovariate(leaving) if leaving > 0 else end + horizon)
        times, now = [], 0.0
        while rate > 0 and (now := now + chance.expovariate(rate)) <= stop:
            times.append(now)
        people.append(outcome(times, end))
    return people


def outcome(times: list[float], end: float) -> Outcome:
    """What is seen of repeat purchases until ``end``, and how many come after."""
    seen = [time for time in times if time <= end]
    return (len(seen), seen[-1] if seen else 0.0, end), len(times) - len(seen)
