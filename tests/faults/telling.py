"""Webhooks of a real installation: ``telling.py hook ADDRESS ROUNDS`` or ``telling.py OFFSET``.

The first makes a webhook and so many rounds of news of each customer; the second is a worker
whose clock is off by so many seconds.
"""

import sys
from datetime import UTC, datetime, timedelta
from threading import Event

from regulars.project.opening import open_installation

open_installation(None)

from django.conf import settings  # noqa: E402 - Django is set up above
from django.db import transaction  # noqa: E402 - same

from regulars.apps.journal.operations import announce  # noqa: E402 - same
from regulars.apps.journal.webhooks.operations import WebhookData, add_webhook  # noqa: E402 - same
from regulars.apps.people.events import CustomersChanged  # noqa: E402 - same
from regulars.kernel.actors import COMMAND  # noqa: E402 - same
from regulars.project.webhook_loop import work_webhooks  # noqa: E402 - same

CUSTOMERS = tuple(range(1, 11))


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)  # noqa: TID251 - the edge


def hook(address: str, rounds: int) -> None:
    """A webhook, and what it is to be told: each customer, again and again."""
    told = WebhookData(address=address)
    print(add_webhook(told, private=True, actor=COMMAND, now=now()).secret)  # noqa: T201 - for whoever looks
    for _ in range(rounds):
        with transaction.atomic():
            announce(CustomersChanged(CUSTOMERS), now())


if __name__ == "__main__":
    settings.PRIVATE_WEBHOOKS = True
    if sys.argv[1] == "hook":
        hook(sys.argv[2], int(sys.argv[3]))
    else:
        offset = timedelta(seconds=float(sys.argv[1]))
        work_webhooks(Event(), lambda: now() + offset)
