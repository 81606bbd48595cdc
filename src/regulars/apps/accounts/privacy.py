"""Staff and keys are the firm's own people and programs, not customers."""

from collections.abc import Mapping

HOLDS: Mapping[str, frozenset[str]] = {}
KEEPS: Mapping[str, str] = {
    "accounts.Staff": "people who work here",
    "accounts.StaffStore": "names of stores",
    "accounts.ApiKey": "programs of the firm",
}
