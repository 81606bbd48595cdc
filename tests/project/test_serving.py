"""What runs under a supervisor: settings, files, figures and logs of real processes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from installations import Installation, Server, free_port, orders, wait_until

pytestmark = pytest.mark.slow

PRODUCTION = {
    "REGULARS_DATABASE_URL": "postgresql://regulars@db.example/regulars",
    "REGULARS_SECRET_KEY": "".join(chr(33 + n) for n in range(60)),
    "REGULARS_HOSTS": "regulars.example",
    "REGULARS_INSECURE": "0",
    "REGULARS_SMTP_URL": "smtp://shop:secret@mail.example:587?from=shop@regulars.example",
}


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=Installation(tmp_path).environment | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_the_tables_of_a_later_version_are_left_alone(
    installation: Installation, tmp_path: Path
) -> None:
    installation.rows(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('orders', '9999_later', '2030-01-01') RETURNING id"
    )
    shown = "SELECT app, name FROM django_migrations ORDER BY id"
    before = installation.rows(shown)
    for words in (["up"], ["web"], ["worker"], ["backup", tmp_path / "shop.zip"]):
        done = installation.run(*words)
        assert done.returncode != 0
        assert "The database has the tables of a later version of Regulars." in done.stderr
    assert installation.rows(shown) == before
    assert not list(tmp_path.glob("*.zip"))


def figures(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


def test_figures_are_on_the_other_port_of_web_and_worker_and_nowhere_else(
    installation: Installation,
) -> None:
    secret, of_web, of_worker = installation.key(), free_port(), free_port()
    with (
        installation.serving("--metrics-port", of_web) as server,
        installation.running("worker", "--metrics-port", of_worker),
    ):
        assert server.get("/metrics").status == 404
        assert server.post("/api/v1/orders", orders(3), secret).status == 200
        told = figures(of_web)
        assert (
            'regulars_requests_total{method="POST",route="api/v1/orders",status="200"} 1.0' in told
        )
        assert "regulars_followers_waiting 0.0" in told
        assert "process_resident_memory_bytes" in told
        worker = Server(of_worker, server.process)
        wait_until(lambda: worker.get("/metrics").status == 200)
        assert "regulars_followers_failed 0.0" in figures(of_worker)


def test_each_line_that_web_and_worker_log_is_json(installation: Installation) -> None:
    secret = installation.key()
    with installation.serving() as server, installation.running("worker"):
        given = {"X-Request-ID": "till-7.0001", "Authorization": f"Bearer {secret}"}
        assert server.get("/api/v1/orders?customer_id=anna", given).status == 200
        wait_until(lambda: "worker started" in installation.log.read_text("utf-8"))
    told = [json.loads(line) for line in installation.log.read_text("utf-8").splitlines()]
    assert [line["route"] for line in told if line.get("request_id") == "till-7.0001"] == [
        "api/v1/orders"
    ]
    assert "anna" not in installation.log.read_text("utf-8")


def test_files_for_browsers_have_names_that_may_be_kept_for_ever(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    files = [path.relative_to(shop.folder).as_posix() for path in shop.folder.rglob("*.css")]
    hashed = [name for name in files if re.search(r"\.[0-9a-f]{12}\.css$", name)]
    assert hashed
    assert not list((shop.folder / "static").glob("admin"))
    with shop.serving() as server:
        answer = server.get(f"/{hashed[0]}")
        assert (answer.status, answer.headers["content-type"]) == (
            200,
            'text/css; charset="utf-8"',
        )
        assert "immutable" in answer.headers["cache-control"]


def test_a_database_that_does_not_answer_is_named_at_the_start(tmp_path: Path) -> None:
    nowhere = f"postgresql://regulars@/shop?host={tmp_path}"
    done = Installation(tmp_path / "shop", nowhere).run("up", "--exit-when-ready")
    assert done.returncode == 4
    assert "The database does not answer" in done.stderr


@pytest.mark.parametrize("text", ["0", "x", "65536"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    done = Installation(tmp_path / "shop").run("worker", "--metrics-port", text)
    assert done.returncode == 2
