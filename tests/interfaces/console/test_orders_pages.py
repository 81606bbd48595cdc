"""The list of orders, and one order."""

import pytest

from firm import make_firm
from regulars.apps.accounts.rules import Role
from visitors import visitor

pytestmark = pytest.mark.django_db


def test_orders_are_listed_newest_first_and_paged() -> None:
    make_firm()
    text = visitor(Role.AGENT).get("/orders").content.decode()
    assert "60 rows" in text
