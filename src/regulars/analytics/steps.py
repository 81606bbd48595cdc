"""Every customer's walk through the periods: where he came from and whether he stayed.

One row per customer and period with a purchase knows its neighbours; collapsed over customers it
becomes a small cube from which cohorts, growth accounting and the retention trend are all read.
"""

import ibis
import ibis.expr.types as ir

NEW, RETAINED, RESURRECTED = "new", "retained", "resurrected"


def steps(calendar: ir.Table, began: ir.Table | None = None) -> ir.Table:
    """One row per customer and period with a purchase, with its neighbours.

    Args:
        calendar: ``customer_id`` · ``period`` · ``amount``, one row per customer and period.
        began: ``customer_id`` · ``cohort`` where the calendar does not reach back to it; None: it
            does.

    Returns:
        ``customer_id`` · ``cohort`` (his first period) · ``period`` · ``came`` (``new``,
        ``retained``: bought in the period before too, ``resurrected``) · ``following`` (the next
        period in which he bought; null: none) · ``amount`` · ``before`` (amount in the period
        before; 0 unless retained).
    """
    walk = ibis.window(group_by="customer_id", order_by="period")
    known = calendar if began is None else calendar.inner_join(began, "customer_id")
    seen = known.select(
        "customer_id",
        "period",
        "amount",
        cohort=known.period.first().over(walk) if began is None else known.cohort,
        previous=known.period.lag().over(walk),
        previous_amount=known.amount.lag().over(walk),
        following=known.period.lead().over(walk),
    )
    # beyond either end some engines find 0 instead of null: neither may pass for a neighbour
    first = seen.period == seen.cohort
    retained = ~first & (seen.previous == seen.period - 1)
    return seen.select(
        "customer_id",
        "cohort",
        "period",
        "amount",
        came=first.ifelse(NEW, retained.ifelse(RETAINED, RESURRECTED)),
        following=(seen.following > seen.period).ifelse(seen.following, ibis.null("int64")),
        before=retained.ifelse(seen.previous_amount, 0),
    )


def movements(steps: ir.Table) -> ir.Table:
    """The steps of all customers, counted: a cube of a few hundred rows.

    Returns:
        One row per ``cohort`` · ``period`` · ``came``, with ``customers``, ``amount``, ``before``,
        ``expansion`` and ``contraction`` (what retained customers spent more, or less, than in the
        period before; both positive). Who left is who was there and was not retained.
    """
    flagged = steps.mutate(more=steps.amount - steps.before)
    retained = flagged.came == RETAINED
    return flagged.group_by(["cohort", "period", "came"]).agg(
        customers=flagged.count(),
        amount=flagged.amount.sum(),
        before=flagged.before.sum(),
        expansion=(retained & (flagged.more > 0)).ifelse(flagged.more, 0).sum(),
        contraction=(retained & (flagged.more < 0)).ifelse(-flagged.more, 0).sum(),
    )
