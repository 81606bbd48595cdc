"""The one table of the API: every operation with the right that it needs."""

from regulars.apps.accounts.rules import Permission
from regulars.interfaces.api.access import rights_of
from regulars.interfaces.api.entry import api


def needs() -> list[tuple[str, str, Permission]]:
    """Method, path and right of every operation, by path.

    Raises:
        LookupError: An operation lets in somebody without a key.
    """
    return sorted(rights_of(api))
