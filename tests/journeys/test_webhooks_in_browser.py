"""The pages of webhooks in a real browser, on a phone and on a desk, light and dark."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from browsers import CHROMIUM, chromium, look, window
from firm import make_firm
from regulars.apps.accounts.rules import Role
from regulars.apps.journal.models import Webhook, WebhookDelivery
from regulars.apps.journal.operations import announce
from regulars.apps.journal.webhooks.operations import (
    WebhookData,
    add_webhook,
    rotate_secret,
    send_test,
)
from regulars.apps.journal.webhooks.queue import offer_events
from regulars.apps.people.events import CustomersChanged
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on PATH"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def furnish() -> tuple[int, int]:
    """A webhook that fails, with deliveries of every state; its number and a delivery's."""
    make_firm(orders=5, customers=4)
    told = WebhookData(
        address="https://books.corner-shop.example/regulars/deliveries?store=old-town",
        events=("customer.changed", "order.taken"),
    )
    number = add_webhook(told, private=False, actor=COMMAND, now=NOW).webhook.id
    other = WebhookData(address="https://till.example/told")
    gone = add_webhook(other, private=False, actor=COMMAND, now=NOW).webhook.id
    rotate_secret(number, overlap=timedelta(days=1), actor=COMMAND, now=NOW)
    with transaction.atomic():
        announce(CustomersChanged((1, 2, 3, 4)), NOW)  # beside what the firm itself made known
    offer_events(NOW)
    send_test(number, actor=COMMAND, now=NOW)
    rows = WebhookDelivery.objects.filter(webhook=number)
    rows.filter(customer=1).update(state="done", status=200, attempts=1, tried_at=NOW)
    answer = "<html><title>502 Bad Gateway</title>the books are closed " + "x" * 200
    rows.filter(customer=2).update(
        state="failed", status=502, attempts=11, tried_at=NOW, answer=answer
    )
    rows.filter(customer=3).update(attempts=2, tried_at=NOW, answer="TimeoutError")
    Webhook.objects.filter(pk=number).update(failing_since=NOW)
    Webhook.objects.filter(pk=gone).update(paused="gone", paused_at=NOW)
    return number, rows.filter(state="failed").latest("pk").pk


def test_nothing_of_webhooks_is_cut_or_hinders(browser: Browser, live_server: LiveServer) -> None:
    number, failed = furnish()
    page = window(browser, live_server.url, visitor(Role.OWNER))
    for name, address in {
        "webhooks": "/settings/webhooks",
        "webhook-new": "/settings/webhooks/new",
        "webhook": f"/settings/webhooks/{number}",
        "webhook-delivery": f"/settings/webhooks/{number}/deliveries/{failed}",
        "webhook-again": f"/settings/webhooks/{number}/again",
    }.items():
        page.goto(address)
        look(page, name)
