"""What guards every page: headers, tokens of forms, names of hosts, cookies."""

import pytest
from django.test import Client

from doors import DOORS, address
from letters import the_letter
from regulars.apps.accounts.rules import Role
from visitors import visitor

pytestmark = pytest.mark.django_db
_WITHOUT_SESSION = ("healthz", "readyz", "my/", "provider/")

PAGES = ("/sign-in", "/sign-in/password", "/sign-in/link/nothing", "/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_carries_the_headers_of_a_guarded_house(path: str) -> None:
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/me", "/settings/staff", "/sign-in"])
def test_no_page_of_somebody_is_kept_by_a_browser(path: str) -> None:
    assert "no-store" in visitor(Role.OWNER).get(path).headers.get("Cache-Control", "no-store")


def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    client = visitor(Role.OWNER)
    for path in ("/", "/me", "/me/app", "/me/passkeys/add", "/settings/keys/new"):
        page = client.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        for script in page.split("<script")[1:]:
            head, _, body = script.partition(">")
            assert " src=" in head or 'type="application/json"' in head, (path, head)
            assert " src=" not in head or body.startswith("</script>")


def test_no_form_is_taken_without_its_token() -> None:
    client = visitor(Role.OWNER)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for route, door in DOORS.items():
        if "POST" in door.only and not route.startswith(_WITHOUT_SESSION):
            answer = strict.post(address(route))
            assert answer.status_code == 403, route


def test_another_host_is_not_answered() -> None:
    for path in ("/sign-in", "/healthz", "/api/v1/orders"):
        assert Client(headers={"Host": "evil.example"}).get(path).status_code == 400


def test_a_link_is_never_built_from_a_forwarded_host() -> None:
    client = visitor(Role.OWNER)
    told = {"email": "new@shop.example", "name": "N", "language": "en", "role": "agent"}
    client.post(
        "/settings/staff/invite",
        told | {"every_store": "on"},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    text = the_letter().text
    assert "http://testserver/sign-in/link/" in text
    assert "evil" not in text


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites() -> None:
    client = Client()
    client.get("/sign-in")
    client.post("/sign-in/code", {"email": "somebody@shop.example"})
    for cookie in (client.cookies["csrftoken"], client.cookies["sessionid"]):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
