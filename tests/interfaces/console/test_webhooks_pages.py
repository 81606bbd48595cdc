"""Webhooks, as an owner uses them."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from regulars.apps.accounts.rules import Role
from regulars.apps.journal.models import Webhook, WebhookDelivery
from regulars.apps.journal.webhooks.operations import WebhookData, add_webhook, send_test
from regulars.apps.journal.webhooks.queries import (
    Paused,
    State,
    get_webhook,
    list_deliveries,
    list_webhooks,
)
from regulars.kernel.actors import COMMAND
from visitors import visitor

NOW = datetime.now(UTC)  # noqa: TID251 - the pages read the clock
ADDRESS = "https://erp.shop.example/regulars"

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return visitor(Role.OWNER)


@pytest.fixture
def hook() -> int:
    told = WebhookData(address=ADDRESS)
    return add_webhook(told, private=False, actor=COMMAND, now=NOW).webhook.id


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(str(answer.content.decode()))


def send(client: Client, path: str, **told: object) -> str:
    """The page that comes after a form."""
    answer = client.post(path, told, follow=True)
    assert answer.status_code == 200, path
    return html.unescape(str(answer.content.decode()))


def given_up(hook: int) -> int:
    """A delivery that failed for good."""
    made = send_test(hook, actor=COMMAND, now=NOW)
    WebhookDelivery.objects.filter(pk=made).update(
        state="failed", attempts=11, status=500, answer="<b>out of order</b>", tried_at=NOW
    )
    return made


def test_a_webhook_is_made_and_its_secret_shown_once(owner: Client) -> None:
    assert "No webhooks yet" in shown(owner, "/settings/webhooks")
    page = send(owner, "/settings/webhooks/new", address=ADDRESS, events=["order.taken"])
    secret = re.search(r'id="secret">(whsec_[^<]+)<', page)
    assert secret is not None
    [row] = list_webhooks()
    assert (row.address, row.events) == (ADDRESS, ("order.taken",))
    for path in ("/settings/webhooks", f"/settings/webhooks/{row.id}"):
        page = shown(owner, path)
        assert ADDRESS in page
        assert secret[1] not in page


@pytest.mark.parametrize("address", ["http://erp.shop.example/", "https://10.0.0.1/", "nowhere"])
def test_an_address_that_cannot_be_used_is_refused_beside_its_field(
    owner: Client, address: str
) -> None:
    page = send(owner, "/settings/webhooks/new", address=address)
    assert 'id="id_address_error"' in page
    assert address in page
    assert list_webhooks() == []


def test_a_webhook_is_changed(owner: Client, hook: int) -> None:
    path = f"/settings/webhooks/{hook}/edit"
    assert ADDRESS in shown(owner, path)
    assert "Saved." in send(owner, path, address=f"{ADDRESS}/new", events=["order.taken"])
    row = get_webhook(hook)
    assert (row.address, row.events) == (f"{ADDRESS}/new", ("order.taken",))
    assert "is no address" in send(owner, path, address="x y")


def test_a_webhook_is_paused_and_goes_on(owner: Client, hook: int) -> None:
    assert "It is paused" in send(owner, f"/settings/webhooks/{hook}/pause")
    assert get_webhook(hook).paused is Paused.STAFF
    assert "What waited is sent now" in send(owner, f"/settings/webhooks/{hook}/pause")
    assert get_webhook(hook).paused is None


@pytest.mark.parametrize(
    ("why", "words"),
    [("failing", "failed for two days"), ("gone", "410"), ("secret", "make a new one")],
)
def test_the_page_says_why_a_webhook_is_paused(
    owner: Client, hook: int, why: str, words: str
) -> None:
    Webhook.objects.update(paused=why, paused_at=NOW)
    assert words in shown(owner, f"/settings/webhooks/{hook}")


def test_a_webhook_without_its_secret_goes_on_with_a_new_one_alone(
    owner: Client, hook: int
) -> None:
    Webhook.objects.update(paused="secret", paused_at=NOW)
    assert "Replace it" in send(owner, f"/settings/webhooks/{hook}/pause")
    assert "whsec_" in send(owner, f"/settings/webhooks/{hook}/secret", hours=0)
    assert get_webhook(hook).paused is None


def test_a_webhook_that_fails_says_since_when(owner: Client, hook: int) -> None:
    Webhook.objects.update(failing_since=NOW - timedelta(hours=3))
    assert "It has failed since" in shown(owner, f"/settings/webhooks/{hook}")


def test_a_new_secret_is_shown_and_the_old_ones_end_is_said(owner: Client, hook: int) -> None:
    path = f"/settings/webhooks/{hook}/secret"
    assert 'value="24"' in shown(owner, path)
    assert "whsec_" in send(owner, path, hours=24)
    kept, ends = get_webhook(hook).secrets
    assert kept is None
    assert ends is not None
    assert "Old secret ends" in shown(owner, f"/settings/webhooks/{hook}")
    assert "whsec_" not in send(owner, path, hours=721)


def test_a_test_stands_in_the_list(owner: Client, hook: int) -> None:
    page = send(owner, f"/settings/webhooks/{hook}/test")
    assert "A test is on its way" in page
    assert "webhook.test" in page


def test_deliveries_are_narrowed_and_saved(owner: Client, hook: int) -> None:
    given_up(hook)
    path = f"/settings/webhooks/{hook}"
    assert "webhook.test" in shown(owner, f"{path}?state=failed")
    assert "Nothing fits" in shown(owner, f"{path}?state=done")
    assert "Nothing fits" in shown(owner, f"{path}?customer=7")
    answer = owner.get(f"{path}?as=csv")
    assert b"failed" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_one_that_was_given_up_says_why_and_is_sent_again(owner: Client, hook: int) -> None:
    number = given_up(hook)
    path = f"/settings/webhooks/{hook}/deliveries/{number}"
    raw = owner.get(path).content.decode()
    assert "&lt;b&gt;out of order&lt;/b&gt;" in raw
    assert "It is sent again" in send(owner, path)
    [row] = list_deliveries(hook)
    assert (row.state, row.attempts) == (State.WAITING, 0)


def test_all_that_failed_or_all_since_a_day_is_sent_again(owner: Client, hook: int) -> None:
    given_up(hook)
    path = f"/settings/webhooks/{hook}/again"
    assert "Send again" in shown(owner, path)
    assert "Give a day" in send(owner, path, which="since")
    assert "1 delivery is sent again" in send(owner, path, which="failed")
    assert "0 deliveries are sent again" in send(owner, path, which="failed")
    assert "1 delivery is sent again" in send(owner, path, which="since", since="2026-01-01")


def test_a_webhook_is_removed_once_it_was_asked(owner: Client, hook: int) -> None:
    path = f"/settings/webhooks/{hook}/remove"
    assert "nothing more?" in shown(owner, path)
    assert "is told nothing more" in send(owner, path)
    assert list_webhooks() == []


def test_whoever_only_reads_settings_sees_no_button_that_writes(hook: int) -> None:
    page = shown(visitor(Role.MANAGER), f"/settings/webhooks/{hook}")
    assert ADDRESS in page
    assert "/test" not in page
    assert "/remove" not in page
