"""What the environment says of this installation: its data, its database, its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.project import ways_out

DATA = "REGULARS_DATA"
DATABASE_URL = "REGULARS_DATABASE_URL"
SECRET_KEY = "REGULARS_SECRET_KEY"  # noqa: S105 - the name of a variable
HOSTS = "REGULARS_HOSTS"
INSECURE = "REGULARS_INSECURE"
RATE_PER_KEY = "REGULARS_RATE_PER_KEY"
RATE_WRONG_KEYS = "REGULARS_RATE_WRONG_KEYS"
LARGEST_UPLOAD = "REGULARS_LARGEST_UPLOAD"
SMTP_URL = ways_out.SMTP_URL
MAIL_PROVIDER = ways_out.MAIL_PROVIDER
MAIL_FROM = ways_out.MAIL_FROM
ANYMAIL = ways_out.ANYMAIL
SMS_TRANSPORT = ways_out.SMS_TRANSPORT
OWNER_EMAIL = "REGULARS_OWNER_EMAIL"
ADDRESS = "REGULARS_ADDRESS"
PRIVATE_WEBHOOKS = "REGULARS_PRIVATE_WEBHOOKS"

METRICS_PORT = "REGULARS_METRICS_PORT"
METRICS_HOST = "REGULARS_METRICS_HOST"

SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file
_SHORTEST_SECRET = 50
_LAST_PORT = 65535
_REQUESTS_OF_A_KEY = 6000
_WRONG_KEYS = 30
_LARGEST_UPLOAD = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where this installation keeps what.

    Attributes:
        data: The folder of its files; with SQLite, of its records too.
        database: What Django connects to.
        secret_key: Signs what leaves the house and comes back.
        hosts: The names that it answers to.
        insecure: Whether it may be reached without TLS, as on a laptop.
        rate_per_key: Requests a minute that a web process takes from a key of the API; 0 for
            any number.
        rate_wrong_keys: Wrong keys a minute that it takes from an address; 0 for any number.
        largest_upload: Bytes of a file that is sent to be imported; 0 for any number.
        ways: How messages leave the house.
        address: Where browsers find it, without a slash at the end; empty on a laptop.
        private_webhooks: Whether webhooks may be within the firm's own network.
    """

    data: Path
    database: Mapping[str, object]
    secret_key: str
    hosts: tuple[str, ...]
    insecure: bool
    rate_per_key: int
    rate_wrong_keys: int
    largest_upload: int
    ways: ways_out.WaysOut
    address: str
    private_webhooks: bool


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
        rate_per_key=_number(environment, RATE_PER_KEY, _REQUESTS_OF_A_KEY),
        rate_wrong_keys=_number(environment, RATE_WRONG_KEYS, _WRONG_KEYS),
        largest_upload=_number(environment, LARGEST_UPLOAD, _LARGEST_UPLOAD),
        ways=ways_out.read_ways_out(environment, data),
        address=_address(environment),
        private_webhooks=environment.get(PRIVATE_WEBHOOKS, "0") == "1",
    )


def _number(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environment.get(name) or str(otherwise)
    if not (text.isascii() and text.isdigit()):
        raise OptionError(
            say("{name} cannot be used.", name=name),
            accepted=say("Give a whole number; 0 for no limit."),
        )
    return int(text)


def _address(environment: Mapping[str, str]) -> str:
    told = environment.get(ADDRESS, "").rstrip("/")
    parts = urlsplit(told)
    if told and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
        raise OptionError(
            say("{name} cannot be used.", name=ADDRESS),
            accepted=say("Give the address of the first page, such as https://shop.example."),
        )
    return told


def read_metrics(environment: Mapping[str, str]) -> tuple[str, int] | None:
    """Where the figures are served: on this machine alone, unless another host is named.

    Raises:
        OptionError: The port is no port.
    """
    text = environment.get(METRICS_PORT, "")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= _LAST_PORT:
        raise OptionError(
            say("{name} is {text}.", name=METRICS_PORT, text=text),
            accepted=say("Give a port from 1 to {last}.", last=str(_LAST_PORT)),
        )
    return environment.get(METRICS_HOST) or "127.0.0.1", int(text)


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
        # the statements of an order take longer to be planned than to be carried out
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, **options},
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
