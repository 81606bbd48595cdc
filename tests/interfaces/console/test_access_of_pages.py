"""Every address of the platform for every role, and for a stranger."""

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from doors import DOORS, METHODS, Method, address, routes
from regulars.apps.accounts.rules import GRANTS, Permission, Role
from visitors import visitor

pytestmark = pytest.mark.django_db


def sent_to_sign_in(answer: HttpResponseBase) -> bool:
    location = answer.headers.get("Location", "")
    return answer.status_code == 302 and location.startswith("/sign-in")


def test_the_table_names_every_address_and_no_other() -> None:
    ours = {route for route in routes(get_resolver()) if not route.startswith("api/")}
    assert ours == set(DOORS)


def test_a_page_says_of_itself_what_the_table_says() -> None:
    for route, door in DOORS.items():
        if isinstance(door.who, Permission):
            view = get_resolver().resolve(address(route)).func
            assert (view.needs, view.to_write) == (door.who, door.post), route  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_comes_only_where_strangers_may(method: Method) -> None:
    for route, door in DOORS.items():
        answer = Client().generic(method, address(route))
        if method not in door.only:
            assert answer.status_code == 405, route
        elif door.who in {"anybody", "strangers"}:
            assert answer.status_code < 500, route
            assert answer.status_code != 403, route
        else:
            assert sent_to_sign_in(answer), (route, answer.status_code)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", Role)
def test_a_role_comes_where_the_table_says_so_and_nowhere_else(role: Role, method: Method) -> None:
    client = visitor(role)
    for route, door in DOORS.items():
        if route in {"sign-out", "sign-in/link/<str:secret>"}:
            continue
        answer = client.generic(method, address(route))
        assert answer.status_code < 500, route
        if method not in door.only:
            assert answer.status_code == 405, route
            continue
        needed = door.needs(method)
        shut_out = needed is not None and needed not in GRANTS[role]
        if not route.startswith("me/again"):  # shut where there is nothing to be asked again
            assert (answer.status_code == 403) is shut_out, (route, answer.status_code)
