"""A receiver of webhooks: a real server, which does what a test tells it to."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, override


@dataclass(frozen=True)
class Heard:
    """A delivery as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:  # noqa: ANN401 - JSON
        """What it tells."""
        return json.loads(self.body)

    @property
    def customer(self) -> int:
        """The number of its customer."""
        return int(self.told["data"]["customer"]["number"])

    def is_signed_by(self, secret: str) -> bool:
        """Whether one of its signatures is that of a secret; written from the specification."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        told = b".".join(
            [self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode()]
        )
        wanted = hmac.new(key, told + b"." + self.body, hashlib.sha256).digest()
        given = [it.split(",", 1) for it in self.headers["webhook-signature"].split(" ")]
        return any(
            version == "v1" and hmac.compare_digest(base64.b64decode(mac), wanted)
            for version, mac in given
        )


type Reply = Callable[[Heard, BaseHTTPRequestHandler], None]


def says(status: int, text: str = "", **headers: str) -> Reply:
    """A reply of a status and a text."""

    def reply(_: Heard, handler: BaseHTTPRequestHandler) -> None:
        body = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


@dataclass
class Receiver:
    """What came in, and what is replied."""

    address: str
    reply: Reply = field(default_factory=lambda: says(200))
    heard: list[Heard] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Take a delivery in."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        one = Heard(handler.path, headers, body)
        with self._lock:
            self.heard.append(one)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self.reply(one, handler)
        finally:
            with self._lock:
                self._now -= 1

    @property
    def customers(self) -> list[int]:
        """The customers whose deliveries came in, in their order."""
        return [it.customer for it in self.heard]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    @override
    def handle_error(self, *_: object) -> None:
        """A sender that hangs up is what some tests are about."""


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver on this machine; with a certificate, one that speaks TLS."""
    receiver: Receiver

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            receiver.take(self)
            self.wfile.flush()

        @override
        def log_message(self, *_: object) -> None:
            """Nothing: tests have their own words."""

    server = _Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/told")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
