"""The tests' database is emptied between tests, the trail too, which no user can empty."""

from collections.abc import Iterator

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@pytest.fixture(scope="session", autouse=True)
def emptied_without_triggers() -> Iterator[None]:
    """SQLite is emptied row by row: triggers are put aside meanwhile (PostgreSQL truncates)."""
    with pytest.MonkeyPatch.context() as patch:
        flush = DatabaseWrapper.ops_class.sql_flush

        def unguarded(self: BaseDatabaseOperations, *words: object, **named: object) -> list[str]:
            with self.connection.cursor() as cursor:
                cursor.execute(_TRIGGERS)
                triggers = cursor.fetchall()
            dropped = [f"DROP TRIGGER {name}" for name, _ in triggers]
            flushed = flush(self, *words, **named)  # type: ignore[arg-type]
            return [*dropped, *flushed, *(sql for _, sql in triggers)]

        patch.setattr(DatabaseWrapper.ops_class, "sql_flush", unguarded)
        yield
