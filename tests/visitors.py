"""Visitors of the console, each signed in with a role."""

from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.test import Client

from regulars.apps.accounts.operations import add_staff, change_access
from regulars.apps.accounts.rules import Access, Role
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def visitor(role: Role, stores: frozenset[str] | None = None) -> Client:
    """A browser in which somebody of a role has signed in, who may be limited to some stores."""
    number = add_staff(f"{role}@shop.example", f"An {role}", role, actor=COMMAND, now=NOW)
    if stores is not None:
        change_access(number, Access(role, stores), actor=COMMAND, now=NOW)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=number))
    return client
