"""Writes are answered once: a retry gets the stored answer, another body is refused."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from regulars.apps.journal.operations import Answered, find_answer, keep_answer
from regulars.interfaces.api.problems import RefusedError
from regulars.kernel.actors import Actor

HEADER = "Idempotency-Key"
_LONGEST = 255


def answer_once(
    request: HttpRequest,
    actor: Actor,
    now: datetime,
    act: Callable[[], tuple[int, object]],
    *,
    body: bytes | None = None,
) -> HttpResponse:
    """Do a write and keep its answer, in one transaction.

    Args:
        request: With or without an ``Idempotency-Key``.
        actor: Who calls; keys of different callers do not meet.
        now: The time.
        act: Does it; returns the status and the body.
        body: What tells the request's body from another; default: the body itself.

    Raises:
        RefusedError: The key was used for another request, or is too long.
    """
    key = request.headers.get(HEADER, "")
    if len(key) > _LONGEST:
        raise RefusedError(400, f"{HEADER} has at most {_LONGEST} characters.")
    with transaction.atomic():
        before = find_answer(actor, key, _fingerprint(request, body), now) if key else None
        if before is not None:
            return _again(before)
        status, answer = act()
        text = json.dumps(answer, ensure_ascii=False)
        if key:
            keep_answer(actor, key, status, text)
    return _response(status, text)


def _again(before: Answered) -> HttpResponse:
    if not before.same or before.status is None:
        raise RefusedError(409, f"This {HEADER} was used for another request.")
    response = _response(before.status, before.body)
    response["Idempotent-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest, body: bytes | None) -> str:
    told = f"{request.method} {request.get_full_path()}\n".encode()
    told += request.body if body is None else body
    return hashlib.sha256(told).hexdigest()


def _response(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json")
