"""Ages at which customers come back, and how many ages each of them has passed."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import ibis
import ibis.expr.types as ir

_SECONDS = int(timedelta(days=1).total_seconds())


def calendar_ages(steps: ir.Table, covered_until: int) -> ir.Table:
    """Ages in calendar periods since the period of the first purchase.

    Args:
        steps: The table of :func:`regulars.analytics.steps.steps`.
        covered_until: Number of the first period that had not ended by ``as_of``.

    Returns:
        ``age`` · ``following`` (his next age; null: none) · ``passed`` (ages that the customer has
        lived through whole), one row per customer and age with a purchase.
    """
    return steps.select(
        age=steps.period - steps.cohort,
        following=steps.following - steps.cohort,
        passed=covered_until - steps.cohort,
    )


def day_ages(purchases: ir.Table, since: date, covered_until: int) -> ir.Table:
    """Ages in days of 24 hours since the instant of the first purchase.

    Args:
        purchases: ``customer_id`` (never null) · ``ordered_at`` (UTC) · ``ordered_on``.
        since: Customers whose first day is not before this one are followed.
        covered_until: The instant at which ``as_of`` ends, in seconds since 1970 (UTC).

    Returns:
        As :func:`calendar_ages`.
    """
    seconds = purchases.select(
        "customer_id", "ordered_on", second=purchases.ordered_at.epoch_seconds().cast("int64")
    )
    begun = seconds.group_by("customer_id").agg(
        start=seconds.second.min(), first_on=seconds.ordered_on.min()
    )
    followed = seconds.join(begun.filter(begun.first_on >= ibis.date(since)), "customer_id")
    aged = followed.select(
        "customer_id",
        age=((followed.second - followed.start) // _SECONDS).cast("int64"),
        passed=((covered_until - followed.start) // _SECONDS).cast("int64"),
    ).distinct()
    following = aged.age.lead().over(ibis.window(group_by="customer_id", order_by="age"))
    walked = aged.mutate(following=following)
    # an engine may lead to 0 instead of null beyond the end
    return walked.select(
        "age",
        "passed",
        following=(walked.following > walked.age).ifelse(walked.following, ibis.null("int64")),
    )


def age_counts(ages: ir.Table) -> ir.Table:
    """Who bought at each age, and for whom it was the last time.

    Returns:
        ``passed`` · ``age`` · ``customers`` · ``lasts`` (no purchase at a later age).
    """
    return ages.group_by(["passed", "age"]).agg(
        customers=ages.count(), lasts=ages.following.isnull().ifelse(1, 0).sum()
    )


def bracket_counts(ages: ir.Table, edges: Sequence[int]) -> ir.Table:
    """Who bought within each bracket ``[edges[i], edges[i + 1])``, once however often.

    Returns:
        ``passed`` · ``customers`` (all) · ``bracket_0``, ``bracket_1``, … (who bought in it).
    """
    counts = {}
    for number, (start, end) in enumerate(pairwise(edges)):
        leaves = ages.following.isnull() | (ages.following >= end)
        inside = (ages.age >= start) & (ages.age < end)
        counts[f"bracket_{number}"] = (inside & leaves).ifelse(1, 0).sum()
    everybody = (ages.age == 0).ifelse(1, 0).sum()
    return ages.group_by("passed").agg(customers=everybody, **counts)
