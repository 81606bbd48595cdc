"""What goes wrong is told in the frame and in the reader's language; a program gets a problem."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client

from regulars.apps.accounts.rules import Role
from regulars.interfaces.console import home
from regulars.interfaces.console.wrong import broken, not_found
from visitors import visitor

pytestmark = pytest.mark.django_db


def test_an_address_that_names_nothing_is_a_page_for_people_and_a_problem_for_programs() -> None:
    page = visitor(Role.AGENT).get("/nothing")
    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()
    assert 'href="/customers"' in page.content.decode()
    problem = Client().get("/api/v1/nothing")
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")


def test_a_stranger_sees_no_navigation_on_a_page_of_an_error() -> None:
    page = Client().get("/nothing").content.decode()
    assert "There is nothing here" in page
    assert 'href="/customers"' not in page


def test_a_form_without_its_token_is_refused_with_what_to_do() -> None:
    client = visitor(Role.AGENT)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/customers/new", {"name": "Ona"})
    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()


def test_a_role_that_does_not_suffice_is_told_which_right_it_takes() -> None:
    answer = visitor(Role.ANALYST).get("/customers/new")
    assert answer.status_code == 403
    assert "customers:write" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (RuntimeError("secret of the machine"), 500, "Something went wrong that should not have"),
        (PermissionDenied("secret of the machine"), 403, "This was refused"),
    ],
)
def test_a_bug_is_a_page_that_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentence: str
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(home, "FACTS", (fail,))
    client = visitor(Role.AGENT)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "secret of the machine" not in answer.content.decode()


def test_a_page_of_an_error_needs_no_database() -> None:
    """Where the database is away, nobody knows who reads; the page is shown all the same."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = "ru"
    request.META["SERVER_NAME"], request.META["SERVER_PORT"] = "localhost", "80"
    answers: list[HttpResponse] = [broken(request), not_found(request, Exception())]
    assert [answer.status_code for answer in answers] == [500, 404]
    assert all('<html lang="ru">' in answer.content.decode() for answer in answers)
