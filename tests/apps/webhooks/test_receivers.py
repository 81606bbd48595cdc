"""Nothing that a receiver does, or a name leads to, harms the house."""

import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread

import pytest

from receivers import Heard, Receiver, receiving, says
from regulars.apps.journal.webhooks import posting
from regulars.apps.journal.webhooks.posting import Receiver as Sender
from regulars.apps.journal.webhooks.rules import LONGEST_ANSWER, TIMEOUT, is_public

PUBLIC = "93.184.215.14"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


_made: list[Sender] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _made:
        _made.pop().close()


def sender(
    address: str,
    *found: str,
    private: bool = False,
    clock: Callable[[], float] = time.monotonic,
    resolve: posting.Resolve | None = None,
) -> Sender:
    """Somebody who finds these addresses under any name."""
    names = resolve or (lambda host, _: list(found) or [host])
    one = Sender(address, private=private, clock=clock, resolve=names)
    _made.append(one)
    return one


def port_of(receiver: Receiver) -> int:
    return int(receiver.address.split(":")[2].split("/")[0])


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - nobody is bound to it
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "no address",
    ],
)
def test_an_address_inside_is_no_public_one(inside: str) -> None:
    assert not is_public(inside)


@pytest.mark.parametrize("outside", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_of_the_internet_is_a_public_one(outside: str) -> None:
    assert is_public(outside)


def test_a_name_that_leads_inside_is_not_connected_to(receiver: Receiver) -> None:
    answer = sender(f"http://erp.example:{port_of(receiver)}/", "127.0.0.1").post(b"{}", {})
    assert answer.status is None
    assert "erp.example leads to 127.0.0.1" in answer.text
    assert receiver.heard == []


def test_a_name_that_leads_elsewhere_the_second_time_does_not_get_in(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    connected: list[tuple[str, int]] = []

    def rebound(host: str, _: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        connected.append(address)
        return real(receiver_at, timeout=5)

    real, receiver_at = socket.create_connection, ("127.0.0.1", port_of(receiver))
    monkeypatch.setattr(socket, "create_connection", connect)
    address = f"http://erp.example:{port_of(receiver)}/"
    one = sender(address, resolve=rebound)
    assert one.post(b"{}", {}).status == 200
    assert connected == [(PUBLIC, port_of(receiver))]
    assert receiver.heard[0].headers["host"] == f"erp.example:{port_of(receiver)}"
    one.close()
    assert one.post(b"{}", {}).status is None
    assert len(receiver.heard) == 1


def test_where_a_name_leads_outside_and_inside_the_inside_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError("nobody")

    monkeypatch.setattr(socket, "create_connection", connect)
    answer = sender("https://erp.example/", "10.0.0.1", PUBLIC, "::1").post(b"{}", {})
    assert (answer.status, answer.text) == (None, "ConnectionRefusedError: nobody")
    assert connected == [(PUBLIC, 443)]


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as inside:
        receiver.reply = says(302, "over there", Location=inside.address)
        answer = sender(receiver.address, private=True).post(b"{}", {})
        assert (answer.status, answer.text, answer.is_success) == (302, "over there", False)
        assert inside.heard == []


def test_of_a_huge_answer_little_is_read(receiver: Receiver) -> None:
    ended = Event()
    sent = 0

    def floods(_: Heard, handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(500)
        handler.end_headers()
        handler.wfile.flush()
        try:
            while sent < 1_000_000_000:
                sent += handler.connection.send(b"x" * 65536)
        except OSError:
            handler.close_connection = True
        ended.set()

    receiver.reply = floods
    one = sender(receiver.address, private=True)
    answer = one.post(b"{}", {})
    assert (answer.status, len(answer.text)) == (500, LONGEST_ANSWER)
    assert ended.wait(30)
    assert sent < 100_000_000
    receiver.reply = says(200)
    assert one.post(b"{}", {}).is_success


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx",
    ],
)
def test_an_answer_that_never_ends_is_cut_off(receiver: Receiver, begun: bytes) -> None:
    seconds = 0.0
    go_on = Event()

    def drips(_: Heard, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(begun)
        handler.wfile.flush()
        go_on.wait(30)
        handler.close_connection = True

    receiver.reply = drips
    one = sender(receiver.address, private=True, clock=lambda: seconds)
    answers: list[posting.Answer] = []
    thread = Thread(target=lambda: answers.append(one.post(b"{}", {})))
    thread.start()
    while not receiver.heard:
        time.sleep(0.01)
    one.cut_overdue()
    assert one.is_busy
    seconds = TIMEOUT + 1
    while thread.is_alive():
        one.cut_overdue()
        thread.join(0.05)
    go_on.set()
    assert answers == [posting.Answer(None, "There was no answer within 10 seconds.")]
    assert not one.is_busy


def test_a_connection_is_kept_and_one_that_was_closed_over_there_is_made_anew(
    receiver: Receiver,
) -> None:
    links: list[object] = []

    def closes(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
        links.append(handler.client_address)
        handler.close_connection = len(links) == 2  # without saying so
        says(200)(heard, handler)

    receiver.reply = closes
    one = sender(receiver.address, private=True)
    answers = [one.post(b"{}", {}).status for _ in range(3)]
    assert answers == [200, 200, 200]
    assert links[0] == links[1] != links[2]


@pytest.mark.parametrize(
    "reply", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000, b""]
)
def test_what_is_no_answer_is_a_failure_with_its_reason(receiver: Receiver, reply: bytes) -> None:
    def raw(_: Heard, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(reply)
        handler.close_connection = True

    receiver.reply = raw
    answer = sender(receiver.address, private=True).post(b"{}", {})
    assert answer.status is None
    assert answer.text


def test_text_that_no_database_takes_is_made_harmless(receiver: Receiver) -> None:
    receiver.reply = says(500, "a\x00b\nc")
    assert sender(receiver.address, private=True).post(b"{}", {}).text == "a b c"


def test_a_name_that_nobody_knows_is_a_failure() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    one = sender("https://erp.example/", resolve=unknown)
    assert "not known" in one.post(b"{}", {}).text


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for erp.example, with its key."""
    made = tmp_path / "erp.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=erp.example"
    names = ["-addext", "subjectAltName=DNS:erp.example", "-keyout", str(made)]
    names += ["-out", str(tmp_path / "c")]
    subprocess.run(["openssl", *options.split(), *names], check=True, capture_output=True)  # noqa: S603, S607 - a test's certificate
    with made.open("a", encoding="ascii") as file:
        file.write((tmp_path / "c").read_text(encoding="ascii"))
    return made


@pytest.mark.parametrize(("host", "taken"), [("erp.example", True), ("other.example", False)])
def test_the_certificate_is_that_of_the_name_whatever_address_is_connected_to(
    certificate: Path, host: str, taken: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(certificate) as safe:
        trust = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(posting, "_trust", lambda: trust)
        address = f"https://{host}:{port_of(safe)}/told"
        answer = sender(address, "127.0.0.1", private=True).post(b"{}", {})
        assert answer.is_success is taken
        assert len(safe.heard) == int(answer.is_success)
        assert taken or "CERTIFICATE_VERIFY_FAILED" in answer.text
