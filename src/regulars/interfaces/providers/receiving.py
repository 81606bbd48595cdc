"""Where providers send their events: each is known by its secret or its signature."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import structlog
from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from regulars.apps.contact.operations.provider_events import take_events
from regulars.apps.contact.rules.providers import PROVIDERS
from regulars.interfaces import clock
from regulars.interfaces.providers.reading import read_event

_log = structlog.stdlib.get_logger("regulars.providers")


class _Reader(Protocol):
    """What django-anymail has for each provider."""

    basic_auth: Sequence[str]
    warn_if_no_basic_auth: bool

    def run_validators(self, request: HttpRequest) -> None: ...

    def parse_events(self, request: HttpRequest) -> Iterable[object]: ...


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the events of a provider.

    Raises:
        Http404: It is no provider, or nothing is set by which it would be known.
    """
    reader = _reader(provider)
    if request.method == "HEAD":  # some ask so whether anybody is there
        return _answer(200, "ready")
    try:
        reader.run_validators(request)
        told = _told(reader, request)
    except AnymailWebhookValidationFailure:
        _log.warning("an event without the right secret was refused", provider=provider)
        return _answer(403, "The secret or the signature is not the right one.")
    except (ImproperlyConfigured, AnymailError, ValueError, LookupError, TypeError) as error:
        _log.warning("events could not be read", provider=provider, error=type(error).__name__)
        return _answer(400, "These events cannot be read.")
    now = clock.now()
    events = [event for it in told if (event := read_event(provider, it, now)) is not None]
    return _answer(200, f"{take_events(events, now=now)} new")


def _told(reader: _Reader, request: HttpRequest) -> Sequence[AnymailTrackingEvent]:
    try:
        events = reader.parse_events(request)
    except (AttributeError, RecursionError) as error:  # it took for an object what is none
        raise ValueError(str(error)) from error
    return [event for event in events if isinstance(event, AnymailTrackingEvent)]


def _reader(provider: str) -> _Reader:
    kind = _kind(provider) if provider in PROVIDERS else None
    if kind is None:
        raise Http404
    secret = settings.ANYMAIL.get("WEBHOOK_SECRET", "")
    try:
        reader = kind(webhook_secret=secret or secrets.token_urlsafe())
    except ImproperlyConfigured as error:
        raise Http404 from error
    if not secret:
        if reader.warn_if_no_basic_auth:  # nothing would tell the provider from anybody else
            raise Http404
        reader.basic_auth = []  # its signature is enough
    return reader


@cache
def _kind(provider: str) -> Callable[..., _Reader] | None:
    """What reads the events of a provider; None for one that sends none."""
    name = f"anymail.webhooks.{provider}"
    if find_spec(name) is None:
        return None
    found: Any
    for found in vars(import_module(name)).values():
        ours = isinstance(found, type) and found.__module__ == name
        if ours and found.__name__.endswith(("TrackingWebhookView", "CombinedWebhookView")):
            reader: Callable[..., _Reader] = found
            return reader
    return None


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")
