"""The tables as some version of Regulars had them, by its migrations."""

from collections.abc import Sequence

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from regulars.project.backup.tables import models_of

type Migration = tuple[str, str]


def applied_migrations() -> list[Migration]:
    """The migrations that made the tables of the database what they are."""
    loader = MigrationLoader(connection)
    return sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)


def later_migrations() -> list[Migration]:
    """The migrations that a later version has applied and this one does not know."""
    loader = MigrationLoader(connection)
    return sorted(
        node
        for node in loader.applied_migrations
        if node[0] in loader.migrated_apps and node not in loader.disk_migrations
    )


def models_at(migrations: Sequence[Migration]) -> dict[str, type[models.Model]]:
    """Every table as it was after these migrations, by its name."""
    state = MigrationLoader(connection).project_state(last_of(migrations))
    return models_of(state.apps)


def last_of(migrations: Sequence[Migration]) -> list[Migration]:
    """The latest of them in each app."""
    taken = set(migrations)
    nodes = MigrationLoader(connection).graph.node_map
    return [
        node
        for node in migrations
        if node in nodes
        and not any(
            child.key in taken for child in nodes[node].children if child.key[0] == node[0]
        )
    ]
