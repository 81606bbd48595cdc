"""The API does what its description says, whatever is sent to it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
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
from soaking import SOAK

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
# with every change the borders of every field are tried on PostgreSQL alone, the stricter one:
# drawing them takes each process seconds before its first test
description.config.phases.coverage.enabled = connection.vendor == "postgresql" or SOAK > 1


@pytest.fixture
def secret(db: None) -> Iterator[str]:  # noqa: ARG001 - it is a row
    """An owner's secret; requests leave the test's connection, and so its transaction, open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield secret_of(Role.OWNER)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@description.parametrize()
@settings(
    max_examples=6 * SOAK,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case: schemathesis.Case[Any], secret: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)
