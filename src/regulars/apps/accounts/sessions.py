"""Sessions in a table of ours: whose they are stands in a column, so that they can be ended."""

from datetime import datetime
from typing import Any, cast, override

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from regulars.apps.accounts.models import Session

BEGAN = "began_at"
SEEN = "seen_at"
BROWSER = "browser"


class SessionStore(DatabaseStore):
    """What ``settings.SESSION_ENGINE`` names."""

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        staff = data.get(SESSION_KEY)
        row.staff_id = None if staff is None else int(str(staff))
        row.began_at = _instant(data.get(BEGAN))
        row.seen_at = _instant(data.get(SEEN))
        row.browser = str(data.get(BROWSER, ""))[:200]
        return row


def _instant(told: object) -> datetime | None:
    return None if told is None else datetime.fromisoformat(str(told))
