"""How often a caller may ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.buckets import Buckets, Rate

_TOLD = "regulars_rate"


@dataclass(frozen=True, slots=True)
class Limits:
    """The buckets of this process; None where there is no limit."""

    keys: Buckets | None
    strangers: Buckets | None


@cache
def limits() -> Limits:
    """The buckets that the settings ask for."""
    return Limits(
        keys=_buckets(settings.API_REQUESTS_PER_MINUTE),
        strangers=_buckets(settings.API_WRONG_KEYS_PER_MINUTE),
    )


def count_key(request: HttpRequest, key: int, now: datetime) -> None:
    """Count a request of a key.

    Raises:
        RefusedError: It asks too often.
    """
    if (buckets := limits().keys) is not None:
        _count(request, buckets.take(str(key), now), "This key asks too often.")


def count_stranger(request: HttpRequest, now: datetime) -> None:
    """Count a request without a living key; a living one of the same address is not held up.

    Raises:
        RefusedError: Its address asks too often.
    """
    if (buckets := limits().strangers) is not None:
        address = str(request.META.get("REMOTE_ADDR", ""))
        rate = buckets.take(address, now)
        _count(request, rate, "Too many requests without a living key came from this address.")


def tell_limits(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each answer says how often its caller may still ask."""

    def told(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        rate: Rate | None = getattr(request, _TOLD, None)
        if rate is not None:
            response["RateLimit-Limit"] = str(rate.limit)
            response["RateLimit-Remaining"] = str(rate.remaining)
            response["RateLimit-Reset"] = str(rate.reset)
            if not rate.allowed:
                response["Retry-After"] = str(rate.wait)
        return response

    return told


def _buckets(per_minute: int) -> Buckets | None:
    return Buckets(per_minute) if per_minute else None


def _count(request: HttpRequest, rate: Rate, refusal: str) -> None:
    setattr(request, _TOLD, rate)
    if not rate.allowed:
        raise RefusedError(429, f"{refusal} Ask again in {rate.wait} s.")
