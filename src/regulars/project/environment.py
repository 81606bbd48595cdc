"""What the environment says of this installation: its data, its database, its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

DATA = "REGULARS_DATA"
DATABASE_URL = "REGULARS_DATABASE_URL"
SECRET_KEY = "REGULARS_SECRET_KEY"  # noqa: S105 - the name of a variable
HOSTS = "REGULARS_HOSTS"
INSECURE = "REGULARS_INSECURE"

SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file
_SHORTEST_SECRET = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where this installation keeps what.

    Attributes:
        data: The folder of its files; with SQLite, of its records too.
        database: What Django connects to.
        secret_key: Signs what leaves the house and comes back.
        hosts: The names that it answers to.
        insecure: Whether it may be reached without TLS, as on a laptop.
    """

    data: Path
    database: Mapping[str, object]
    secret_key: str
    hosts: tuple[str, ...]
    insecure: bool


def read_installation(environment: Mapping[str, str]) -> Installation:
    """Read the variables that an installation is described by.

    Raises:
        OptionError: A variable is missing or cannot be used.
    """
    data = Path(environment.get(DATA) or "regulars-data")
    url = environment.get(DATABASE_URL, "")
    return Installation(
        data=data,
        database=_postgresql(url) if url else _sqlite(data),
        secret_key=_secret(environment, data, production=bool(url)),
        hosts=tuple((environment.get(HOSTS) or "localhost,127.0.0.1,[::1]").split(",")),
        insecure=environment.get(INSECURE, "0" if url else "1") == "1",
    )


def _sqlite(data: Path) -> Mapping[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(data / "records.sqlite3"),
        "OPTIONS": {
            # a transaction that reads first and writes later would fail half-way otherwise
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # the keys of many lines are inserted all over their index: 16 MB of it are kept
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
            ),
        },
    }


def _postgresql(url: str) -> Mapping[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise OptionError(
            say("{name} cannot be used.", name=DATABASE_URL),
            accepted=say("Give postgresql://user@host/database."),
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _secret(environment: Mapping[str, str], data: Path, *, production: bool) -> str:
    """The signing secret: given in production, else the one that ``up`` put into the folder."""
    file = data / SECRET_FILE
    given = environment.get(SECRET_KEY, "")
    if not given and not production and file.is_file():
        given = file.read_text(encoding="ascii").strip()
    if len(given) < _SHORTEST_SECRET:
        raise OptionError(
            say(
                "{name} is missing or shorter than {n} characters.",
                name=SECRET_KEY,
                n=_SHORTEST_SECRET,
            ),
            accepted=say("Give a long random text, the same on every start."),
        )
    return given
