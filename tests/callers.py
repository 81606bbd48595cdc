"""Callers of the API, each with a key of a role."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from django.http import HttpResponse
from django.test import Client

from regulars.apps.accounts.operations import make_key
from regulars.apps.accounts.rules import Role
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


type Body = str | float | Sequence["Body"] | Mapping[str, "Body"] | None


def secret_of(role: Role) -> str:
    """A new key of a role."""
    return make_key(f"a {role}", role, actor=COMMAND, now=NOW).secret


class Caller:
    """Somebody with a key."""

    def __init__(self, role: Role) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {secret_of(role)}"})

    def get(self, path: str) -> HttpResponse:
        """Read something."""
        return cast("HttpResponse", self._client.get(f"/api/v1/{path}"))

    def send(self, method: str, path: str, body: Body, key: str = "") -> HttpResponse:
        """Write something: text as it stands, all else as JSON."""
        data = body if isinstance(body, str) else json.dumps(body)
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._client.generic(
            method, f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )
        return cast("HttpResponse", answer)

    def post(self, path: str, body: Body, key: str = "") -> HttpResponse:
        """Send something."""
        return self.send("POST", path, body, key)

    def put(self, path: str, body: Body, key: str = "") -> HttpResponse:
        """Put something."""
        return self.send("PUT", path, body, key)
