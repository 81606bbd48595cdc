"""The firm's settings hold nothing of customers."""

from collections.abc import Mapping

HOLDS: Mapping[str, frozenset[str]] = {}
KEEPS: Mapping[str, str] = {
    "firm.Company": "the firm itself",
    "firm.Retention": "names of settings",
}
