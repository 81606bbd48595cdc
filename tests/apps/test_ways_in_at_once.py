"""Several at once: a link lets one in, a letter goes once, an owner is left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from messages import Fake, send
from regulars.apps.accounts.letters import sign_in_code
from regulars.apps.accounts.operations import (
    add_staff,
    change_access,
    make_link,
    post_letter,
    use_link,
)
from regulars.apps.accounts.queries import count_owners
from regulars.apps.accounts.rules import LINK_LIVES, Access, Role
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREADS = 6

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def all_at_once[Answer](act: Callable[[int], Answer]) -> list[Answer]:
    """What each of several threads was answered."""

    def alone(thread: int) -> Answer:
        try:
            return act(thread)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(alone, range(THREADS)))


def test_a_link_lets_in_one_of_many() -> None:
    ona = add_staff("ona@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    secret = make_link(ona, lives=LINK_LIVES, actor=COMMAND, now=NOW)
    answers = all_at_once(lambda _: use_link(secret, NOW))
    assert sorted(answers, key=str) == [ona] + [None] * (THREADS - 1)


def test_many_workers_send_each_letter_once() -> None:
    for number in range(20):
        until = NOW + timedelta(minutes=5)
        post_letter(sign_in_code(f"{number}@shop.example", "en", "BCDF-GHJK", until), NOW)
    office = Fake()
    assert sum(all_at_once(lambda _: send(office, NOW, most=5))) == 20
    assert sorted(office.went_to) == sorted(f"{number}@shop.example" for number in range(20))


def test_owners_who_lower_each_other_leave_one() -> None:
    owners = [
        add_staff(f"{number}@shop.example", "O", Role.OWNER, actor=COMMAND, now=NOW)
        for number in range(THREADS)
    ]

    def lower(thread: int) -> bool:
        try:
            change_access(owners[thread], Access(Role.AGENT), actor=COMMAND, now=NOW)
        except InputError:
            return False
        return True

    assert sorted(all_at_once(lower)) == [False] + [True] * (THREADS - 1)
    assert count_owners() == 1
