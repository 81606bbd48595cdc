"""What can be run of the page on deployment is run."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

import psycopg
import pytest

from architecture.house import ROOT, blocks
from installations import REGULARS, Installation, Postgres, free_port
from regulars.interfaces.metrics import READINGS, REGISTRY
from regulars.project import environment

PAGE = ROOT / "docs/how-to/deploy.md"
TEXT = PAGE.read_text(encoding="utf-8")


def files(language: str) -> Mapping[str, str]:
    """The files of the page in a language, by their paths."""
    return {
        block.splitlines()[0].removeprefix("# "): block.split("\n", 1)[1]
        for block in blocks(PAGE, language)
    }


UNITS = {
    Path(name).name: text
    for name, text in files("ini").items()
    if name.startswith("/etc/systemd/system/")
}
SERVICES = [name for name in UNITS if name.endswith(".service")]


def unit(name: str) -> ConfigParser:
    parsed = ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    parsed.read_string(UNITS[name])
    return parsed


def test_the_page_names_every_variable_of_the_environment_and_no_other() -> None:
    known = {
        value
        for value in vars(environment).values()
        if isinstance(value, str) and value.startswith("REGULARS_")
    }
    assert set(re.findall(r"REGULARS_[A-Z_]+", TEXT)) == known
    assert set(re.findall(r"^\| `(REGULARS_[A-Z_]+)`", TEXT, re.MULTILINE)) == known


def test_the_file_of_the_environment_is_one_that_the_platform_reads() -> None:
    told = dict(
        line.split("=", 1) for line in files("ini")["/etc/regulars/environment"].splitlines()
    )
    read = environment.read_installation(told | {"REGULARS_SECRET_KEY": "x" * 80})
    assert read.database["NAME"] == "regulars"
    assert read.database["HOST"] == "/run/postgresql"
    assert not read.insecure


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_that_there_is_and_little_else_may_happen(name: str) -> None:
    service = unit(name)["Service"]
    for line in ("NoNewPrivileges", "ProtectHome", "PrivateTmp"):
        assert service[line] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["User"] == "regulars"
    command = re.search(r"/opt/regulars/bin/regulars ([^']*)", service["ExecStart"])
    assert command is not None
    words = shlex.split(command[1])
    told = subprocess.run(  # noqa: S603 - our own command
        [REGULARS, words[0], "--help"], capture_output=True, text=True, check=True
    )
    for option in [word for word in words if word.startswith("--")]:
        assert option in told.stdout


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/regulars/bin/regulars", REGULARS), "utf-8")
    for name in UNITS:
        checked = subprocess.run(  # noqa: S603 - its own files
            [analyze, "verify", "--man=no", str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=False,
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        )
        assert (checked.returncode, ours(checked.stderr)) == (0, [])


def ours(told: str) -> list[str]:
    """The lines that are about a unit of the page."""
    return [line for line in told.splitlines() if "regulars-" in line]


def test_web_and_worker_are_guarded_alike() -> None:
    web, worker = unit("regulars-web.service"), unit("regulars-worker.service")
    own = {"ExecStart", "Environment"}
    assert {name: text for name, text in web["Service"].items() if name not in own} == {
        name: text for name, text in worker["Service"].items() if name not in own
    }


@pytest.mark.slow
def test_the_database_of_the_page_is_one_that_up_takes(postgres: Postgres, tmp_path: Path) -> None:
    server = postgres.new_database()
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in "".join(blocks(PAGE, "sql")).split(";")[:-1]:
            connection.execute(statement)
    place = server.partition("?")[2]
    shop = Installation(tmp_path / "shop", f"postgresql://regulars@/regulars?{place}")
    done = shop.run("up", "--port", free_port(), "--exit-when-ready")
    assert done.returncode == 0, done.stderr


def test_the_proxies_pass_on_what_the_platform_asks_for(tmp_path: Path) -> None:
    text = files("nginx")["/etc/nginx/conf.d/regulars.conf"]
    assert text.count("{") == text.count("}")
    for location in re.findall(r"location [^{]*\{([^}]*)\}", text):
        for header in ("Host $host", "X-Forwarded-Proto $scheme", "X-Request-ID $request_id"):
            assert f"proxy_set_header {header};" in location
    caddy = files("caddy")["/etc/caddy/Caddyfile"]
    assert caddy.replace("{http.request.uuid}", "").count("{") == caddy.count("}") - 1
    port = re.search(r"--port (\d+)", UNITS["regulars-web.service"])
    assert port is not None
    for proxied in (text, caddy):
        assert set(re.findall(r"127\.0\.0\.1:(\d+)", proxied)) == {port[1]}
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if nginx is not None and openssl is not None:
        check_nginx(nginx, openssl, text, tmp_path)


def check_nginx(nginx: str, openssl: str, text: str, folder: Path) -> None:
    """Have nginx itself read its file, with a certificate made here."""
    made = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -keyout privkey.pem -out"
    subprocess.run(  # noqa: S603 - the words stand above
        [openssl, *made.split(), "fullchain.pem"], cwd=folder, check=True, capture_output=True
    )
    inside = text.replace("/etc/ssl/regulars", str(folder))
    places = "access_log off;\n" + "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{places}{inside}\n}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    checked = subprocess.run(  # noqa: S603 - its own file
        [nginx, "-t", "-p", str(folder), "-c", str(folder / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_figures_of_the_page_are_those_that_are_served() -> None:
    counted = {metric.name for metric in REGISTRY.collect() if metric.name.startswith("regulars_")}
    served = {
        "regulars_database_up",
        *(reading.name for reading in READINGS),
        *(name if name.endswith("_seconds") else f"{name}_total" for name in counted),
    }
    assert set(re.findall(r"^\| `(regulars_[a-z_]+)`", TEXT, re.MULTILINE)) == served


def test_prometheus_asks_where_the_units_serve() -> None:
    (config,) = files("yaml").values()
    ports = set(re.findall(r"REGULARS_METRICS_PORT=(\d+)", "".join(UNITS.values())))
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", config)) == ports
