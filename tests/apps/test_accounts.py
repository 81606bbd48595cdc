"""Keys: shown once, kept as a hash, ended."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.apps.accounts.models import ApiKey
from regulars.apps.accounts.operations import add_staff, make_key, mark_used, revoke_key
from regulars.apps.accounts.queries import count_owners, find_key, list_keys
from regulars.apps.accounts.rules import GRANTS, Permission, Role
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_the_secret_finds_the_key_and_is_nowhere_kept() -> None:
    made = make_key("till", Role.AGENT, actor=COMMAND, now=NOW)
    assert find_key(made.secret, NOW) == made.key
    assert find_key(made.secret + "x", NOW) is None
    kept = ApiKey.objects.values_list().get()
    assert made.secret not in [str(value) for value in kept]
    assert made.secret not in str(list_entries())


def test_a_key_ends_when_it_was_said_to() -> None:
    end = NOW + timedelta(days=1)
    made = make_key("till", Role.AGENT, actor=COMMAND, now=NOW, expires_at=end)
    assert find_key(made.secret, end - timedelta(seconds=1)) == made.key
    assert find_key(made.secret, end) is None


def test_a_revoked_key_is_dead_and_is_revoked_once() -> None:
    made = make_key("till", Role.AGENT, actor=COMMAND, now=NOW)
    assert revoke_key(made.key.id, actor=COMMAND, now=NOW)
    assert not revoke_key(made.key.id, actor=COMMAND, now=NOW)
    assert find_key(made.secret, NOW) is None
    assert [entry.verb for entry in list_entries()] == ["revoked key", "made key"]


@pytest.mark.parametrize(("name", "ends"), [(" ", None), ("till", NOW)])
def test_a_key_without_a_name_or_a_future_is_refused(name: str, ends: datetime | None) -> None:
    with pytest.raises(InputError):
        make_key(name, Role.AGENT, actor=COMMAND, now=NOW, expires_at=ends)
    assert list_keys() == []


def test_the_last_use_is_known_by_its_day() -> None:
    made = make_key("till", Role.AGENT, actor=COMMAND, now=NOW)
    mark_used(made.key, NOW)
    (row,) = list_keys()
    assert row.used_on == NOW.date()


def test_somebody_is_taken_on_once() -> None:
    first = add_staff("Ona@Shop.lt", "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    assert add_staff("ona@shop.lt", "Another", Role.AGENT, actor=COMMAND, now=NOW) == first
    assert count_owners() == 1


def test_an_auditor_writes_nothing_and_an_analyst_sees_no_contacts() -> None:
    assert not [right for right in GRANTS[Role.AUDITOR] if right.endswith(":write")]
    assert Permission.READ_CONTACTS not in GRANTS[Role.ANALYST]
    assert GRANTS[Role.OWNER] == frozenset(Permission)
