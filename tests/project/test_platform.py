"""The platform as a person starts it."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from regulars.kernel.errors import OptionError
from regulars.project.environment import read_installation

HEAVY = """
import sys
import regulars.project.web, regulars.project.urls
print([name for name in ("scipy", "ibis", "duckdb", "pyarrow", "altair") if name in sys.modules])
"""
REGULARS = str(Path(sys.executable).with_name("regulars"))


@pytest.fixture
def surroundings() -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    return {name: text for name, text in os.environ.items() if "REGULARS" not in name} | {
        "DJANGO_SETTINGS_MODULE": "regulars.project.settings"
    }


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def run(surroundings: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [REGULARS, *map(str, words)],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_up_makes_an_installation_and_can_be_repeated(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    data = tmp_path / "shop"
    for _ in range(2):
        done = run(surroundings, "up", "--data", data, "--port", free_port(), "--exit-when-ready")
        assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600


@pytest.mark.slow
def test_a_till_posts_orders_until_the_platform_is_asked_to_stop(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    port = free_port()
    command = [REGULARS, "up", "--data", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=surroundings, stdout=subprocess.PIPE, text=True
    ) as platform:
        assert platform.stdout is not None
        while not platform.stdout.readline().startswith("http://"):
            assert platform.poll() is None
        made = run(
            surroundings,
            "key",
            "create",
            "--data",
            tmp_path,
            "--name",
            "till",
            "--role",
            "manager",
        )
        order = {"id": "1", "ordered_at": "2026-01-02T10:00:00Z", "currency": "EUR", "amount": "5"}
        request = Request(
            f"http://127.0.0.1:{port}/api/v1/orders",
            json.dumps(order).encode(),
            {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - our own
            assert answer.status == 201
        platform.send_signal(signal.SIGTERM)
        platform.stdout.read()
    assert platform.returncode == 0


@pytest.mark.slow
def test_up_is_ready_where_tls_and_another_name_are_asked_for(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    outside = surroundings | {"REGULARS_INSECURE": "0", "REGULARS_HOSTS": "shop.example"}
    done = run(outside, "up", "--data", tmp_path, "--port", free_port(), "--exit-when-ready")
    assert done.returncode == 0, done.stderr


def test_nothing_is_done_before_up_has_made_the_tables(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    done = run(surroundings, "key", "create", "--data", tmp_path, "--name", "t", "--role", "agent")
    assert (done.returncode, done.stdout) == (4, "")
    assert "Run regulars up first" in done.stderr


def test_an_unknown_role_is_refused_with_those_there_are(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    refused = run(
        surroundings, "key", "create", "--data", tmp_path, "--name", "t", "--role", "boss"
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "owner, manager, analyst, agent, auditor" in refused.stderr


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("orders:burn", "Give one of customers:read"),
        ("settings:write", "Give some of customers:read, orders:read"),
    ],
)
def test_a_scope_that_the_role_lacks_is_refused_with_those_it_has(
    tmp_path: Path, surroundings: dict[str, str], scope: str, said: str
) -> None:
    asked = ("--data", tmp_path, "--name", "t", "--role", "analyst", "--scope", scope)
    refused = run(surroundings, "key", "create", *asked)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


@pytest.mark.parametrize("name", ["REGULARS_RATE_PER_KEY", "REGULARS_RATE_WRONG_KEYS"])
def test_a_limit_that_is_no_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name} cannot be used"):
        read_installation({"REGULARS_SECRET_KEY": "x" * 50, name: "-1"})
    here = read_installation({"REGULARS_SECRET_KEY": "x" * 50, name: "0"})
    assert 0 in {here.rate_per_key, here.rate_wrong_keys}


def test_the_web_process_starts_without_the_librarys_weight() -> None:
    told = subprocess.run(  # noqa: S603 - the script stands above
        [sys.executable, "-c", HEAVY],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "regulars.project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\n"


def test_production_does_not_start_without_its_secret(tmp_path: Path) -> None:
    url = {"REGULARS_DATA": str(tmp_path), "REGULARS_DATABASE_URL": "postgresql://h/shop"}
    with pytest.raises(OptionError, match="REGULARS_SECRET_KEY is missing or shorter than 50"):
        read_installation(url)
    there = read_installation(url | {"REGULARS_SECRET_KEY": "x" * 50})
    assert not there.insecure


@pytest.mark.parametrize("url", ["mysql://h/shop", "postgresql://h", "shop"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(OptionError, match="REGULARS_DATABASE_URL cannot be used"):
        read_installation({"REGULARS_DATABASE_URL": url, "REGULARS_SECRET_KEY": "x" * 50})
