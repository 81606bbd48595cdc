"""The API does what its description says, whatever is sent to it."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callers import secret_of
from regulars.apps.accounts.rules import Role
from regulars.project.web import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/x-ndjson")
def as_it_stands(_: object, value: object) -> bytes:
    """A stream of rows is sent as it was drawn."""
    return bytes(value) if isinstance(value, bytes) else str(value).encode(errors="replace")


description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # a server's requests end their connections
@description.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case: schemathesis.Case[Any]) -> None:
    headers = {"Authorization": f"Bearer {secret_of(Role.OWNER)}"}
    case.call_and_validate(headers=headers, checks=CHECKS)
