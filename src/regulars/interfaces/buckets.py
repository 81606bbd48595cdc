"""How often somebody may ask: a bucket for each, in the memory of this process."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from threading import Lock

_MINUTE = 60.0
_MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """What a caller has left.

    Attributes:
        allowed: Whether this request is one of those he may make.
        limit: How many he may make at once.
        remaining: How many of them are left.
        reset: Seconds until all of them are back.
        wait: Seconds until the next one is back; 0 where one is left.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int
    wait: int


class Buckets:
    """A bucket for each caller: it holds a minute's requests and fills evenly.

    Which caller has been away longest is forgotten first, as if his bucket were full.

    >>> from datetime import UTC, timedelta
    >>> buckets, noon = Buckets(per_minute=2), datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [buckets.take("a", noon).allowed for _ in range(3)]
    [True, True, False]
    >>> buckets.take("a", noon + timedelta(seconds=30)).allowed
    True
    """

    def __init__(self, per_minute: int, most: int = _MOST_CALLERS) -> None:
        self._size = per_minute
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str, now: datetime) -> Rate:
        """Take one request out of a caller's bucket, where it holds one."""
        second = now.timestamp()
        with self._lock:
            level = self._level(caller, second)
            allowed = level >= 1
            level -= allowed
            self._levels[caller] = (level, second)
            self._levels.move_to_end(caller)
            if len(self._levels) > self._most:
                self._levels.popitem(last=False)
        return self._rate(level, allowed=allowed)

    def _level(self, caller: str, second: float) -> float:
        level, then = self._levels.get(caller, (float(self._size), second))
        passed = max(0.0, second - then)  # a clock that is set back gives nothing
        return min(float(self._size), level + passed * self._size / _MINUTE)

    def _rate(self, level: float, *, allowed: bool) -> Rate:
        a_request = _MINUTE / self._size
        return Rate(
            allowed=allowed,
            limit=self._size,
            remaining=int(level),
            reset=ceil((self._size - level) * a_request),
            wait=ceil(max(0.0, 1 - level) * a_request),
        )
