"""Migrate an empty database from nothing, and from each earlier state with rows in it.

Prints one JSON object: the tables made at once, and by state whatever is otherwise there. With the
name of a migration it stops before it, and prints how many rows each table has then.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from regulars.project.opening import open_installation

open_installation(None)

from django.db import IntegrityError, connection, models, transaction  # noqa: E402 - Django is set up above
from django.db.migrations.executor import MigrationExecutor  # noqa: E402 - same

from regulars.project.backup.restoring import drop_everything  # noqa: E402 - same
from regulars.project.backup.tables import Field, go_on_from, models_of  # noqa: E402 - same

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROWS = (1, 2)
type Node = tuple[str, str]


def plan() -> list[Node]:
    """Every migration, in order."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    return [
        (migration.app_label, migration.name) for migration, _ in executor.migration_plan(leaves)
    ]


def migrate(nodes: list[Node]) -> None:
    """Bring the tables to a state."""
    for node in nodes:
        MigrationExecutor(connection).migrate([node])


def fill(nodes: list[Node]) -> dict[str, int]:
    """Put a row or two into each table of a state; how many each has then."""
    last = {app: (app, name) for app, name in nodes}
    state = MigrationExecutor(connection).loader.project_state(list(last.values()))
    tables = models_of(state.apps)
    with transaction.atomic():
        for model in tables.values():
            for number in ROWS:
                put(model, number)
            go_on_from(model, max(ROWS))
    return {name: models.QuerySet(model).count() for name, model in tables.items()}


def put(model: type[models.Model], number: int) -> None:
    """Insert a row, unless there is one or the table takes no second one."""
    try:
        with transaction.atomic():
            model._base_manager.bulk_create([row(model, number)])  # noqa: SLF001 - Django's way
    except IntegrityError:
        assert models.QuerySet(model).exists(), model


def row(model: type[models.Model], number: int) -> models.Model:
    """A row that breaks no rule of its table."""
    allowed = dict(choices(model))
    seen: set[object] = set()
    values: dict[str, object] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            # two keys to one table differ, as those of an alias have to
            values[field.attname] = 2 if field.related_model in seen else 1
            seen.add(field.related_model)
        elif not field.null:
            values[field.attname] = allowed.get(field.attname, value(field, number))
    return model(**values)


def choices(model: type[models.Model]) -> Iterator[tuple[str, object]]:
    """The first of the values that a check names, by column."""
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        if isinstance(constraint, models.CheckConstraint) and isinstance(condition, models.Q):
            for child in condition.children:
                if isinstance(child, tuple) and child[0].endswith("__in"):
                    yield child[0].removesuffix("__in"), child[1][0]


def value(field: Field, number: int) -> object:
    """Something that a column takes."""
    found = [made for kind, made in VALUES if isinstance(field, kind)]
    return found[0](number) if found else number


# a time is a date too, for Django
VALUES: Sequence[tuple[type, Callable[[int], object]]] = (
    (models.DateTimeField, lambda _: NOW),
    (models.DateField, lambda _: NOW.date()),
    (models.BooleanField, lambda _: False),
    (models.JSONField, lambda _: {}),
    (models.UUIDField, "{:032}".format),
    (models.BinaryField, lambda _: b"x"),
    (models.CharField, str),
    (models.TextField, str),
)


def described() -> dict[str, list[str]]:
    """Columns, constraints and indexes of every table, in an order of their own."""
    with connection.cursor() as cursor:
        find = _of_postgresql if connection.vendor == "postgresql" else _of_sqlite
        return {
            table: sorted(find(cursor, table))
            for table in connection.introspection.table_names(cursor)
        }


QUERIES = (
    """SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,
         is_nullable, column_default, is_identity
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s""",
    """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE conrelid = quote_ident(%s)::regclass""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s",
)


def _of_postgresql(cursor: Any, table: str) -> Iterator[str]:  # noqa: ANN401 - Django has no type for it
    for query in QUERIES:
        cursor.execute(query, [table])
        yield from (repr(found) for found in cursor.fetchall())


def _of_sqlite(cursor: Any, table: str) -> Iterator[str]:  # noqa: ANN401 - Django has no type for it
    cursor.execute(f"PRAGMA table_info({connection.ops.quote_name(table)})")
    yield from (repr(found[1:]) for found in cursor.fetchall())
    for name, told in connection.introspection.get_constraints(cursor, table).items():
        known = "" if name.startswith(("fk_", "__unnamed", "sqlite_autoindex")) else name
        yield repr((known, sorted(told.items())))
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
    yield from (str(found[0]) for found in cursor.fetchall())


def main() -> None:
    """Compare every way to the last state."""
    nodes = plan()
    if sys.argv[1:]:
        nodes = nodes[: nodes.index((*sys.argv[1].split("."),))]  # type: ignore[arg-type]
        migrate(nodes)
        print(json.dumps(fill(nodes)))  # noqa: T201 - whoever started this reads it
        return
    migrate(nodes)
    fresh = described()
    known = MigrationExecutor(connection).loader.disk_migrations
    told: dict[str, object] = {"fresh": fresh, "states": {}}
    for place, (app, name) in enumerate(nodes):
        if not known[app, name].__module__.startswith("regulars."):
            continue
        drop_everything()
        migrate(nodes[:place])
        before = fill(nodes[:place])
        migrate(nodes[place:])
        now = described()
        lost = [table for table, rows in before.items() if table in now and count(table) < rows]
        otherwise = {
            table: sorted(set(fresh.get(table, [])) ^ set(now.get(table, [])))
            for table in fresh.keys() | now.keys()
            if fresh.get(table) != now.get(table)
        }
        told["states"][f"{app}.{name}"] = {"lost": lost, "otherwise": otherwise}  # type: ignore[index]
    print(json.dumps(told))  # noqa: T201 - whoever started this reads it


def count(table: str) -> int:
    """The rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - ours
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
