"""Forms may be sent as often as ever before each test."""

import pytest

from regulars.interfaces.buckets import Buckets
from regulars.interfaces.pages import often


@pytest.fixture(autouse=True)
def nobody_has_come_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buckets are full."""
    monkeypatch.setattr(often, "LINKS", Buckets(per_minute=20))
    monkeypatch.setattr(often, "STRANGERS", Buckets(per_minute=60))
