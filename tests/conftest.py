"""The tests' database: which tests run on it, and how it is emptied, the trail too."""

import os
from collections.abc import Iterator

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import TransactionTestCase

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def uses_tables(item: pytest.Item) -> bool:
    """Whether a test may ask the database; pytest-django stops every other one that does."""
    of_django = isinstance(item, pytest.Function) and issubclass(
        item.cls or object, TransactionTestCase
    )
    asked = {"db", "transactional_db", "live_server"}
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return (
        of_django
        or item.get_closest_marker("django_db") is not None
        or not asked.isdisjoint(fixtures)
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what asks the database: all else has the same answers on SQLite."""
    if os.environ.get("REGULARS_TEST_DATABASE") == "postgresql":
        config.hook.pytest_deselected(items=[it for it in items if not uses_tables(it)])
        items[:] = filter(uses_tables, items)


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
