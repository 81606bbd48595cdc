"""Every request has an id, is told to the log once, and is counted."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from regulars.apps.accounts.queries import KeyRow, StaffRow
from regulars.interfaces.metrics import count_request

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_PROBES = {"healthz", "readyz"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_log = structlog.stdlib.get_logger("regulars.requests")


def request_id() -> str:
    """The id of the request in hand; empty where there is none.

    >>> request_id()
    ''
    """
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def tell_requests(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give each request an id, log it and count it.

    The log names the route, not the address: ids in an address may be personal.
    """

    def told(request: HttpRequest) -> HttpResponse:
        id_ = read_id(request.headers.get(HEADER, ""))
        with structlog.contextvars.bound_contextvars(request_id=id_):
            start = time.perf_counter()
            response = answer(request)
            _tell(request, response, time.perf_counter() - start)
        response[HEADER] = id_
        return response

    return told


def read_id(given: str) -> str:
    """The caller's own id where it can be kept in a log, else a new one.

    >>> read_id("till-7.receipt-1001")
    'till-7.receipt-1001'
    >>> len(read_id("anna@shop.example"))
    32
    """
    return given if _WELL_FORMED.fullmatch(given) else uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route = "" if request.resolver_match is None else request.resolver_match.route
    method = request.method if request.method in _METHODS else "OTHER"
    count_request(method, route, response.status_code, seconds)
    tell = _log.debug if route in _PROBES else _log.info
    tell(
        "request",
        method=method,
        route=route,
        status=response.status_code,
        duration_ms=round(seconds * 1000, 1),
        actor=_actor(request),
    )


def _actor(request: HttpRequest) -> str:
    for somebody in (getattr(request, "auth", None), getattr(request, "staff", None)):
        if isinstance(somebody, KeyRow | StaffRow):
            return str(somebody.actor)
    return ""
