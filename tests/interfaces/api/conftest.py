"""Callers of the API."""

import pytest

from callers import Caller
from regulars.apps.accounts.rules import Role


@pytest.fixture
def owner(db: None) -> Caller:  # noqa: ARG001 - his key is a row
    return Caller(Role.OWNER)
