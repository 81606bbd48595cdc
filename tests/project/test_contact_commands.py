"""What goes out, and comes back, on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from pytest_django import Settings
from typer.testing import CliRunner, Result

from outbox import a_batch, a_delivery, somebody
from regulars.apps.contact.models import DeliveryEvent
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.states import State
from regulars.project import contact_commands

RETURNED = Path(__file__).parents[1] / "apps/contact/returned"

type Run = Callable[..., Result]

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on the test's own database."""
    monkeypatch.setattr(contact_commands, "open_installation", lambda _: None)
    app = typer.Typer()
    contact_commands.mount(app)

    def run(*words: object, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin)

    return run


def test_mails_that_came_back_are_taken_from_files_and_from_a_pipe(
    run: Run, tmp_path: Path, settings: Settings
) -> None:
    delivery = a_delivery(a_batch(), somebody(), State.SENT, to="ona@example.com")
    ours = message_id(delivery, "shop.example", settings.SECRET_KEY)
    for name in ("unknown-user", "delayed-then-delivered", "out-of-office"):
        text = (RETURNED / f"{name}.eml").read_text("utf-8").replace("{message_id}", ours)
        (tmp_path / name).write_text(text, "utf-8")
    done = run("bounces", tmp_path / "unknown-user", tmp_path / "out-of-office")
    assert (done.exit_code, done.output) == (
        0,
        "1 of 2 mails told of messages; 1 thing was new.\n",
    )
    piped = (tmp_path / "delayed-then-delivered").read_bytes()
    done = run("bounces", "-", stdin=piped)
    assert done.output == "1 of 1 mails told of messages; 2 things was new.\n"
    assert DeliveryEvent.objects.filter(delivery=delivery).count() == 3


def test_a_file_that_is_not_there_is_named_and_nothing_is_taken(run: Run, tmp_path: Path) -> None:
    done = run("bounces", RETURNED / "complaint.eml", tmp_path / "gone")
    assert done.exit_code == 4
    assert f"{tmp_path / 'gone'} cannot be read" in done.output
    assert not DeliveryEvent.objects.exists()


class Planted:
    """A name system in which a domain has nothing but SPF."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name."""
        return ["v=spf1 a -all"] if name == "shop.example" else []

    def mail_servers(self, name: str) -> list[str]:
        """The MX records of a name."""
        return [f"mx.{name}"]


def test_a_domain_is_told_of_line_by_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.apps.contact.deliverability.names.Dns", Planted)
    done = run("deliverability", "Shop <shop@shop.example>", "--selector", "pm")
    assert done.exit_code == 0, done.output
    lines = [line.split("\t") for line in done.output.splitlines()]
    assert [line[:2] for line in lines] == [
        ["good", "SPF"],
        ["problem", "DKIM"],
        ["problem", "DMARC"],
        ["good", "alignment"],
        ["problem", "one click"],
    ]
    assert lines[1][2].startswith("There is no DKIM key at pm._domainkey.shop.example. Publish")
    refused = run("deliverability", "localhost")
    assert refused.exit_code == 4
    assert "localhost is no domain. Give one such as shop.example." in refused.output
