"""Who calls, and whether he may."""

import re
from collections.abc import Iterator
from typing import override

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.security import HttpBearer

from regulars.apps.accounts.operations import mark_used
from regulars.apps.accounts.queries import KeyRow, find_key
from regulars.apps.accounts.rules import Permission, allows
from regulars.interfaces.api.limits import count_key, count_stranger
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.clock import now


class Bearer(HttpBearer):
    """A living key whose role and scopes allow the operation, asking no oftener than it may."""

    def __init__(self, wanted: Permission) -> None:
        super().__init__()
        self.wanted = wanted

    @override
    def authenticate(self, request: HttpRequest, token: str) -> KeyRow | None:
        moment = now()
        key = find_key(token, moment)
        if key is None:
            count_stranger(request, moment)
            return None
        count_key(request, key.id, moment)
        if not key.may(self.wanted):
            raise RefusedError(403, _why_not(key, self.wanted))
        mark_used(key, moment)
        return key


def caller(request: HttpRequest) -> KeyRow:
    """The key that :class:`Bearer` let in."""
    key = request.auth  # type: ignore[attr-defined]
    assert isinstance(key, KeyRow)  # noqa: S101 - Bearer put it there
    return key


def rights_of(api: NinjaAPI) -> Iterator[tuple[str, str, Permission]]:
    """Method, path and right of every operation.

    Raises:
        LookupError: An operation lets in somebody without a key.
    """
    for prefix, router in api._routers:  # noqa: SLF001 - ninja lists its operations nowhere else
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    address = re.sub("/+", "/", f"{prefix}/{path}").strip("/")
                    yield method, address, _right(operation)


def _right(operation: Operation) -> Permission:
    for guard in operation.auth_callbacks:
        if isinstance(guard, Bearer):
            return guard.wanted
    raise LookupError(f"{operation.view_func.__name__} lets in anybody.")


def _why_not(key: KeyRow, wanted: Permission) -> str:
    if key.scopes is not None and allows(key.role, wanted):
        return f"This key was made for {', '.join(sorted(key.scopes))}, not for {wanted}."
    return f"The role {key.role} does not allow {wanted}."
