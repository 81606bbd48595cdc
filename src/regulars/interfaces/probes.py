"""What a supervisor asks: is it alive, is it ready."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, and has the tables of this version."""
    try:
        missing = missing_migrations()
    except DatabaseError as error:
        return _no(f"The database does not answer: {type(error).__name__}")
    if missing:
        return _no(f"{missing} migrations are missing")
    return HttpResponse("ready\n", content_type="text/plain")


def missing_migrations() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _no(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=503, content_type="text/plain")
