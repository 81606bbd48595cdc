"""A receiver of deliveries, spoken to over HTTP: nothing of it is trusted.

The standard library's client rather than one of more comfort: it follows no redirect, asks no
proxy, and lets the socket be opened here, to the very address that was found to be public.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from queue import Empty, LifoQueue
from threading import Lock
from typing import override
from urllib.parse import urlsplit

from regulars.apps.journal.webhooks.rules import LONGEST_ANSWER, TIMEOUT, is_public

_READ = 4096
_STALE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)


class RefusedAddressError(OSError):
    """A name leads to no address that a webhook may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said.

    Attributes:
        status: Its status; None where it did not answer.
        text: How its answer began, or why there was none.
    """

    status: int | None
    text: str

    @property
    def is_success(self) -> bool:
        """Whether it took the delivery."""
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)

    @property
    def is_gone(self) -> bool:
        """Whether it wants no more, ever."""
        return self.status == HTTPStatus.GONE


type Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Link(http.client.HTTPConnection):
    """A connection to an address that was looked at before it was connected to."""

    def __init__(self, receiver: "Receiver") -> None:
        super().__init__(receiver.host, receiver.port, timeout=TIMEOUT)
        self.default_port = 443 if receiver.is_safe else 80  # which the Host header leaves out
        self._receiver = receiver
        self._open: socket.socket | None = None  # the library lets go of its own before the end
        self.deadline = 0.0
        self.cut_off = False

    @override
    def connect(self) -> None:
        link = self._receiver.open()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = link
        if self._receiver.is_safe:
            self.sock = _trust().wrap_socket(link, server_hostname=self._receiver.host)
        self._open = self.sock

    def cut(self) -> None:
        """End it under whoever waits for it."""
        self.cut_off = True
        if self._open is not None:
            with suppress(OSError):  # it may have ended by itself
                self._open.shutdown(socket.SHUT_RDWR)


class Receiver:
    """Where deliveries of a webhook go; connections are kept open between them.

    Args:
        address: Of the webhook.
        private: Whether addresses that are not of the public internet are allowed.
        clock: Seconds that only ever grow.
        resolve: Finds the addresses of a name.
    """

    def __init__(
        self,
        address: str,
        *,
        private: bool,
        clock: Callable[[], float],
        resolve: Resolve = resolve,
    ) -> None:
        parts = urlsplit(address)
        self.is_safe = parts.scheme == "https"
        self.host = str(parts.hostname)
        self.port = parts.port or (443 if self.is_safe else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._private = private
        self._clock = clock
        self._resolve = resolve
        self._idle: LifoQueue[_Link] = LifoQueue()
        self._busy: set[_Link] = set()
        self._lock = Lock()

    def open(self) -> socket.socket:
        """A socket to the first address of the name that is allowed and lets itself be reached.

        Raises:
            OSError: There is none.
        """
        found = self._resolve(self.host, self.port)
        allowed = [it for it in found if self._private or is_public(it)]
        if not allowed:
            raise RefusedAddressError(
                f"{self.host} leads to {', '.join(found)}, not to the public internet."
            )
        last = OSError(f"{self.host} has no address.")
        for address in allowed:
            try:
                return socket.create_connection((address, self.port), timeout=TIMEOUT)
            except OSError as error:
                last = error
        raise last

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a delivery, and say what came of it; nothing is raised."""
        link, is_used = self._take()
        try:
            try:
                return self._exchange(link, body, headers)
            except _STALE:
                if not is_used or link.cut_off:
                    raise
                link.close()  # it was closed over there while it was idle
                return self._exchange(link, body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            link.close()
            if link.cut_off or isinstance(error, TimeoutError):
                return Answer(None, f"There was no answer within {TIMEOUT:g} seconds.")
            return Answer(None, f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])
        finally:
            self._give_back(link)

    def _exchange(self, link: _Link, body: bytes, headers: Mapping[str, str]) -> Answer:
        link.request("POST", self._target, body, dict(headers))
        answer = link.getresponse()
        read = answer.read(_READ)
        if link.cut_off:  # what ends in the midst looks whole to the library
            raise TimeoutError
        if answer.will_close or (not answer.isclosed() and answer.read(1)):
            link.close()  # or there is more of it than anybody wants to read
        text = "" if answer.status < HTTPStatus(300) else _text(read)
        return Answer(answer.status, text)

    def _take(self) -> tuple[_Link, bool]:
        try:
            link = self._idle.get_nowait()
        except Empty:
            link = _Link(self)
        link.deadline = self._clock() + TIMEOUT
        with self._lock:
            self._busy.add(link)
        return link, link.sock is not None

    def _give_back(self, link: _Link) -> None:
        with self._lock:
            self._busy.discard(link)
        if link.cut_off:
            link.close()
        elif link.sock is not None:
            self._idle.put(link)

    @property
    def is_busy(self) -> bool:
        """Whether a delivery is on its way."""
        return bool(self._busy)

    def cut_overdue(self) -> None:
        """End what takes too long altogether, however often a few bytes arrive."""
        with self._lock:
            overdue = [link for link in self._busy if link.deadline < self._clock()]
        for link in overdue:
            link.cut()

    def close(self) -> None:
        """Close what is open and idle."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


def _text(body: bytes) -> str:
    """How an answer began, as text that every database takes."""
    text = body.decode("utf-8", "replace")[:LONGEST_ANSWER]
    return "".join(it if it.isprintable() else " " for it in text).strip()
