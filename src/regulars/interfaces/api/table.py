"""The one table of the API: every operation with the right that it needs."""

import re

from ninja.operation import Operation

from regulars.apps.accounts.rules import Permission
from regulars.interfaces.api.access import Bearer
from regulars.interfaces.api.entry import api


def needs() -> list[tuple[str, str, Permission]]:
    """Method, path and right of every operation, by path.

    Raises:
        LookupError: An operation lets in somebody without a key.
    """
    return sorted(
        (method, re.sub("/+", "/", f"{prefix}/{path}").strip("/"), _right(operation))
        for prefix, router in api._routers  # noqa: SLF001 - ninja lists its operations nowhere else
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    )


def _right(operation: Operation) -> Permission:
    for guard in operation.auth_callbacks:
        if isinstance(guard, Bearer):
            return guard.wanted
    raise LookupError(f"{operation.view_func.__name__} lets in anybody.")
