"""Whether our mails are believed, on its page: looked up when staff press, and not before."""

import pytest
from django.test import override_settings

from regulars.apps.accounts.rules import Role
from regulars.apps.contact.deliverability.names import NoAnswerError
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.rules.policy import Policy
from regulars.interfaces.console.contact import believed
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db


class Planted:
    """A name system with planted records, which counts what it is asked."""

    asked: list[str] = []  # noqa: RUF012 - one for the test, however many look

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name."""
        self.asked.append(name)
        if name.startswith("_dmarc."):
            raise NoAnswerError(name)
        return ["v=spf1 include:<script>alert(1)</script> -all"] if name == "shop.example" else []

    def mail_servers(self, name: str) -> list[str]:
        """The MX records of a name."""
        return [f"mx.{name}"]


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Planted.asked = []
    monkeypatch.setattr(believed, "Dns", Planted)
    return Planted.asked


def page(query: str = "") -> str:
    return visitor(Role.MANAGER).get(f"/settings/mail{query}").content.decode()


def test_the_page_proposes_the_firms_own_domain_and_asks_nobody() -> None:
    put_policy(Policy(sender_address="hello@shop.example"), actor=COMMAND, now=NOW)
    assert 'value="hello@shop.example"' in page()
    assert Planted.asked == []


def test_every_finding_says_what_it_means_and_what_to_do() -> None:
    with override_settings(PUBLIC_ADDRESS="https://regulars.shop.example"):
        told = page("?domain=hello@shop.example&selectors=pm,s1")
    assert "There is no DKIM key at pm._domainkey.shop.example." in told
    assert "There is no DKIM key at s1._domainkey.shop.example." in told
    assert "The name system did not answer" in told
    assert "can be unsubscribed from with one click" in told
    assert "keeps mails from arriving" in told


def test_a_record_of_a_stranger_is_shown_and_never_run() -> None:
    told = page("?domain=shop.example")
    assert "<script>alert" not in told
    assert "include:&lt;script&gt;" in told


def test_what_is_no_domain_is_said_beside_its_field() -> None:
    for wrong in ("", "localhost", "a%20b"):
        told = page(f"?domain={wrong}")
        assert "wrong-text" in told
        assert 'id="found"' not in told
    assert Planted.asked == []
