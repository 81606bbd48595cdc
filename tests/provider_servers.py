"""A provider's API that runs in the test: it keeps what it is sent, and answers as it is told."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

SILENT = -1
"""It takes the request and says nothing."""


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Api:
    """What came, and what is answered.

    Attributes:
        answers: Status, body and headers, one for each request; the last one again and again.
    """

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)

    def says(self, status: int, body: str = "{}", **headers: str) -> None:
        """Have it answer so next."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, body, told))


@contextmanager
def api_server() -> Iterator[Api]:
    """A server that runs until the end."""
    api, over = Api(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            api.asked.append(Asked(self.command, self.path, headers, body))
            status, text, more = api.answers[min(len(api.asked), len(api.answers)) - 1]
            if status == SILENT:
                over.wait(30)
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in ({"Content-Type": "application/json"} | dict(more)).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield api
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
