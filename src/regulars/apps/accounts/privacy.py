"""Staff and keys are the firm's own people and programs, not customers."""

from collections.abc import Mapping

HOLDS: Mapping[str, frozenset[str]] = {}
KEEPS: Mapping[str, str] = {
    "accounts.Staff": "people who work here",
    "accounts.StaffStore": "names of stores",
    "accounts.ApiKey": "programs of the firm",
    "accounts.Session": "people who work here",
    "accounts.SignInLink": "people who work here",
    "accounts.SecondStep": "names of roles",
    "accounts.Remembered": "counts of tries, by a hash",
}
