"""Every operation of the API for every role, and for a stranger."""

from collections.abc import Mapping

import pytest
from django.test import Client

from callers import Caller
from regulars.apps.accounts.rules import GRANTS, Permission, Role
from regulars.interfaces.api.table import needs

NEEDS: Mapping[tuple[str, str], Permission] = {
    ("GET", "customers"): Permission.READ_CUSTOMERS,
    ("GET", "customers/{id}"): Permission.READ_CUSTOMERS,
    ("PUT", "customers/{id}"): Permission.WRITE_CUSTOMERS,
    ("POST", "customers/{id}/merge"): Permission.WRITE_CUSTOMERS,
    ("POST", "customers/{id}/part"): Permission.WRITE_CUSTOMERS,
    ("GET", "customers/{id}/contact-person"): Permission.READ_CUSTOMERS,
    ("PUT", "customers/{id}/contact-person"): Permission.WRITE_CUSTOMERS,
    ("GET", "customers/{id}/identities"): Permission.READ_CONTACTS,
    ("POST", "customers/{id}/identities"): Permission.WRITE_CUSTOMERS,
    ("POST", "customers/{id}/identities/remove"): Permission.WRITE_CUSTOMERS,
    ("GET", "customers/{id}/notes"): Permission.READ_CONTACTS,
    ("POST", "customers/{id}/notes"): Permission.WRITE_CUSTOMERS,
    ("GET", "customers/{id}/addresses"): Permission.READ_CONTACTS,
    ("PUT", "customers/{id}/addresses"): Permission.WRITE_CONTACTS,
    ("GET", "customers/{id}/consents"): Permission.READ_CONTACTS,
    ("PUT", "customers/{id}/consents/{purpose}"): Permission.WRITE_CONTACTS,
    ("GET", "wordings"): Permission.READ_TEMPLATES,
    ("PUT", "wordings/{purpose}"): Permission.WRITE_TEMPLATES,
    ("GET", "customers/{id}/export"): Permission.EXPORT_CUSTOMERS,
    ("POST", "customers/{id}/erase"): Permission.ERASE_CUSTOMERS,
    ("GET", "customers/{id}/deliveries"): Permission.READ_DELIVERIES,
    ("GET", "deliveries"): Permission.READ_DELIVERIES,
    ("GET", "deliveries/{id}"): Permission.READ_DELIVERIES,
    ("POST", "deliveries/{id}/cancel"): Permission.WRITE_DELIVERIES,
    ("GET", "batches"): Permission.READ_DELIVERIES,
    ("GET", "batches/{id}"): Permission.READ_DELIVERIES,
    ("POST", "batches/{id}/pause"): Permission.WRITE_DELIVERIES,
    ("POST", "batches/{id}/resume"): Permission.WRITE_DELIVERIES,
    ("POST", "batches/{id}/stop"): Permission.WRITE_DELIVERIES,
    ("GET", "suppressions"): Permission.READ_DELIVERIES,
    ("POST", "suppressions"): Permission.WRITE_DELIVERIES,
    ("POST", "suppressions/find"): Permission.READ_DELIVERIES,
    ("POST", "suppressions/{id}/lift"): Permission.WRITE_DELIVERIES,
    ("GET", "settings/messages"): Permission.READ_SETTINGS,
    ("PUT", "settings/messages"): Permission.WRITE_SETTINGS,
    ("PUT", "notes/{id}"): Permission.WRITE_CUSTOMERS,
    ("POST", "notes/{id}/remove"): Permission.WRITE_CUSTOMERS,
    ("GET", "merge-suggestions"): Permission.READ_CONTACTS,
    ("POST", "merge-suggestions/merge"): Permission.WRITE_CUSTOMERS,
    ("POST", "merge-suggestions/dismiss"): Permission.WRITE_CUSTOMERS,
    ("GET", "settings/company"): Permission.READ_SETTINGS,
    ("PUT", "settings/company"): Permission.WRITE_SETTINGS,
    ("GET", "settings/retention"): Permission.READ_SETTINGS,
    ("PUT", "settings/retention/{id}"): Permission.WRITE_SETTINGS,
    ("GET", "settings/retention/{id}/count"): Permission.READ_SETTINGS,
    ("GET", "settings/attributes"): Permission.READ_CUSTOMERS,
    ("PUT", "settings/attributes/{id}"): Permission.WRITE_SETTINGS,
    ("POST", "settings/attributes/{id}/remove"): Permission.WRITE_SETTINGS,
    ("GET", "templates"): Permission.READ_TEMPLATES,
    ("GET", "templates/{id}"): Permission.READ_TEMPLATES,
    ("PUT", "templates/{id}"): Permission.WRITE_TEMPLATES,
    ("POST", "templates/{id}/remove"): Permission.WRITE_TEMPLATES,
    ("GET", "trail"): Permission.READ_TRAIL,
    ("GET", "orders"): Permission.READ_ORDERS,
    ("GET", "orders/{id}"): Permission.READ_ORDERS,
    ("POST", "orders"): Permission.WRITE_ORDERS,
    ("POST", "orders/{id}/refunds"): Permission.WRITE_ORDERS,
    ("GET", "imports"): Permission.READ_IMPORTS,
    ("GET", "imports/{id}"): Permission.READ_IMPORTS,
    ("GET", "imports/{id}/rejects"): Permission.READ_IMPORTS,
    ("POST", "imports"): Permission.WRITE_IMPORTS,
    ("POST", "imports/{id}/retry"): Permission.WRITE_IMPORTS,
    ("POST", "imports/{id}/start"): Permission.WRITE_IMPORTS,
    ("POST", "imports/{id}/undo"): Permission.WRITE_IMPORTS,
    ("GET", "keys"): Permission.READ_SETTINGS,
    ("POST", "keys"): Permission.WRITE_SETTINGS,
    ("POST", "keys/{id}/revoke"): Permission.WRITE_SETTINGS,
    ("GET", "webhooks"): Permission.READ_SETTINGS,
    ("POST", "webhooks"): Permission.WRITE_SETTINGS,
    ("GET", "webhooks/{id}"): Permission.READ_SETTINGS,
    ("PUT", "webhooks/{id}"): Permission.WRITE_SETTINGS,
    ("POST", "webhooks/{id}/pause"): Permission.WRITE_SETTINGS,
    ("POST", "webhooks/{id}/resume"): Permission.WRITE_SETTINGS,
    ("POST", "webhooks/{id}/remove"): Permission.WRITE_SETTINGS,
    ("POST", "webhooks/{id}/rotate"): Permission.WRITE_SETTINGS,
    ("POST", "webhooks/{id}/test"): Permission.WRITE_SETTINGS,
    ("GET", "webhooks/{id}/deliveries"): Permission.READ_SETTINGS,
    ("POST", "webhooks/{id}/replay"): Permission.WRITE_SETTINGS,
    ("GET", "refunds"): Permission.READ_ORDERS,
    ("GET", "refunds/{id}"): Permission.READ_ORDERS,
    ("GET", "products"): Permission.READ_ORDERS,
    ("GET", "products/{id}"): Permission.READ_ORDERS,
    ("POST", "products"): Permission.WRITE_ORDERS,
    ("PUT", "products/{id}"): Permission.WRITE_ORDERS,
    ("GET", "costs"): Permission.READ_ORDERS,
    ("GET", "costs/{id}"): Permission.READ_ORDERS,
    ("PUT", "costs/{id}"): Permission.WRITE_ORDERS,
    ("GET", "subscriptions"): Permission.READ_ORDERS,
    ("GET", "subscriptions/{id}"): Permission.READ_ORDERS,
    ("PUT", "subscriptions/{id}"): Permission.WRITE_ORDERS,
}
"""The one table: what each operation needs."""

pytestmark = pytest.mark.django_db


def address(path: str) -> str:
    """An address of that path, of something that is not there."""
    return path.format(id="999", purpose="newsletter")


def test_the_table_names_every_operation_and_no_other() -> None:
    assert {(method, path): right for method, path, right in needs()} == NEEDS


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_stranger_is_told_to_show_a_key(method: str) -> None:
    for wanted, path in NEEDS:
        if wanted == method:
            answer = Client().generic(method, f"/api/v1/{address(path)}")
            assert answer.status_code == 401, path
            assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", Role)
def test_a_role_is_let_in_where_the_table_says_so_and_nowhere_else(role: Role) -> None:
    caller = Caller(role)
    for (method, path), needed in NEEDS.items():
        answer = caller.send(method, address(path), "{}")
        assert (answer.status_code == 403) is (needed not in GRANTS[role]), (method, path)
        assert answer.status_code < 500, (method, path)


def test_a_dead_key_is_a_strangers() -> None:
    answer = Client(headers={"Authorization": "Bearer rg_nothing"}).get("/api/v1/orders")
    assert answer.status_code == 401


def test_the_answers_carry_the_headers_of_a_guarded_house() -> None:
    answer = Client().get("/healthz")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_an_address_that_is_not_there_is_told_as_a_problem() -> None:
    answer = Client().get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
