"""Who calls, and whether he may."""

from typing import override

from django.http import HttpRequest
from ninja.security import HttpBearer

from regulars.apps.accounts.operations import mark_used
from regulars.apps.accounts.queries import KeyRow, find_key
from regulars.apps.accounts.rules import Permission, allows
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.clock import now


class Bearer(HttpBearer):
    """A living key whose role allows the operation."""

    def __init__(self, wanted: Permission) -> None:
        super().__init__()
        self.wanted = wanted

    @override
    def authenticate(self, request: HttpRequest, token: str) -> KeyRow | None:
        moment = now()
        key = find_key(token, moment)
        if key is None:
            return None
        if not allows(key.role, self.wanted):
            raise RefusedError(403, f"The role {key.role} does not allow {self.wanted}.")
        mark_used(key, moment)
        return key


def caller(request: HttpRequest) -> KeyRow:
    """The key that :class:`Bearer` let in."""
    key = request.auth  # type: ignore[attr-defined]
    assert isinstance(key, KeyRow)  # noqa: S101 - Bearer put it there
    return key
