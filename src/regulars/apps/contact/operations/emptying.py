"""Writes: a text that nobody may read once it has gone is let go."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.states import OPEN


def empty_secrets(ended: Collection[int]) -> None:
    """Empty secret batches of which nothing waits any more.

    Args:
        ended: Numbers of deliveries that are over, as this transaction has written it.
    """
    if not ended:
        return
    of_them = Delivery.objects.filter(pk__in=ended).values("batch")
    secret = Batch.objects.filter(secret=True, pk__in=of_them).order_by("pk")
    # of two workers that end the last two deliveries the second sees what the first has written
    numbers = list(secret.select_for_update(no_key=True).values_list("pk", flat=True))
    if numbers:
        waiting = Delivery.objects.filter(batch=OuterRef("pk"), state__in=OPEN)
        over = Batch.objects.filter(~Exists(waiting), pk__in=numbers)
        over.update(content={}, values={})
