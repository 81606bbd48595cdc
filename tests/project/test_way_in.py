"""The way in from the machine itself: the first owner, links, and a deployment without gaps."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.test import Client

from regulars.apps.accounts.operations import add_staff
from regulars.apps.accounts.queries import count_owners
from regulars.apps.accounts.rules import Role
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError, OptionError
from regulars.project.doors import address_of, ensure_owner, told_at_the_door
from regulars.project.environment import read_installation

NOW = datetime.now(UTC)  # noqa: TID251 - links are used on the spot
COOKIES = """
import django
django.setup()
from django.conf import settings
print(
    settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT,
    settings.SECURE_HSTS_SECONDS, settings.ALLAUTH_TRUSTED_PROXY_COUNT,
)
"""


@pytest.fixture
def deployed(tmp_path: str) -> dict[str, str]:
    """The environment of a deployment behind TLS."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
        "REGULARS_DATA": str(tmp_path),
        "REGULARS_DATABASE_URL": "postgresql://shop@localhost/shop",
        "REGULARS_SECRET_KEY": "s3cret-" * 10,
        "REGULARS_HOSTS": "shop.example",
        "REGULARS_INSECURE": "0",
        "REGULARS_SMTP_URL": "smtps://shop:secret@mail.example?from=shop@shop.example",
    }


def told_by(surroundings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *words], env=surroundings, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_deployment_passes_djangos_own_check(deployed: dict[str, str]) -> None:
    done = told_by(deployed, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.slow
def test_behind_tls_cookies_travel_nowhere_else(deployed: dict[str, str]) -> None:
    assert told_by(deployed, "-c", COOKIES).stdout.split() == [
        "True",
        "True",
        "True",
        "31536000",
        "1",
    ]


@pytest.mark.django_db
def test_the_first_owner_is_made_once() -> None:
    first = ensure_owner("Boss@Shop.Example", NOW)
    again = ensure_owner("other@shop.example", NOW)
    assert (first.new, again.new) == (True, False)
    assert first.staff.email == again.staff.email == "boss@shop.example"
    assert count_owners() == 1


@pytest.mark.django_db
def test_an_owner_without_an_address_is_refused() -> None:
    with pytest.raises(InputError, match="no e-mail address"):
        ensure_owner("boss", NOW)


@pytest.mark.django_db
def test_somebody_of_another_role_is_not_made_an_owner_in_passing() -> None:
    add_staff("agent@shop.example", "A", Role.AGENT, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="works here and is no owner"):
        ensure_owner("agent@shop.example", NOW)
    assert count_owners() == 0


@pytest.mark.django_db
def test_the_link_that_up_tells_lets_the_owner_in() -> None:
    owner = ensure_owner(None, NOW)
    told = [str(it) for it in told_at_the_door(owner, "http://testserver", NOW)]
    assert told[0] == "owner@localhost is the first owner."
    link = told[1].rpartition(" ")[2]
    assert Client().post(link)["Location"] == "/"


@pytest.mark.django_db
def test_where_it_may_be_reached_from_outside_a_link_is_told_once(
    settings: pytest.FixtureRequest,
) -> None:
    settings.MAY_BE_INSECURE = False  # type: ignore[attr-defined]
    assert told_at_the_door(ensure_owner(None, NOW), "https://shop.example", NOW)
    assert told_at_the_door(ensure_owner(None, NOW), "https://shop.example", NOW) == []


def test_the_address_has_a_name_that_browsers_keep_passkeys_under() -> None:
    assert address_of("127.0.0.1", 8000) == "http://localhost:8000"
    assert address_of("10.0.0.5", 80) == "http://10.0.0.5:80"


@pytest.mark.parametrize("address", ["shop.example", "ftp://shop.example", "https://shop/x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(OptionError, match="REGULARS_ADDRESS cannot be used"):
        read_installation({"REGULARS_ADDRESS": address, "REGULARS_SECRET_KEY": "x" * 50})
