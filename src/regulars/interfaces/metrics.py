"""Figures for a monitoring system, served on a port that the public does not reach."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import override

from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from regulars.apps.contact.queries.waiting import get_waiting
from regulars.apps.journal.queries import get_backlog
from regulars.interfaces.clock import now

REGISTRY = CollectorRegistry()
"""What is served."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_REQUESTS = Counter(
    "regulars_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
_SECONDS = Histogram(
    "regulars_request_seconds",
    "How long answers took.",
    ["method", "route"],
    buckets=_BUCKETS,
    registry=REGISTRY,
)
_WORK = Counter("regulars_work", "What the worker did.", ["task"], registry=REGISTRY)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that is read from the records when somebody asks for it."""

    name: str
    help: str
    read: Callable[[datetime], float]


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request; nothing is written to the database."""
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(method, route).observe(seconds)


def count_work(task: str, done: int) -> None:
    """Count what the worker did of a task."""
    _WORK.labels(task).inc(done)


class Readings(Collector):
    """Figures of the records, and whether the database answers at all."""

    def __init__(self, readings: Sequence[Reading], clock: Callable[[], datetime] = now) -> None:
        self._readings = readings
        self._clock = clock

    @override
    def collect(self) -> Iterable[Metric]:
        values = self._values()
        up = 0.0 if values is None else 1.0
        yield GaugeMetricFamily("regulars_database_up", "Whether the database answers.", up)
        for reading, value in zip(self._readings, values or (), strict=False):
            yield GaugeMetricFamily(reading.name, reading.help, value)

    def describe(self) -> Iterable[Metric]:
        """Nothing: to ask the database while the process starts would delay it."""
        return ()

    def _values(self) -> list[float] | None:
        moment = self._clock()
        try:
            connection.ensure_connection()
            return [reading.read(moment) for reading in self._readings]
        except DatabaseError:
            return None
        finally:
            # whoever asks gets a thread of his own, which ends with his answer
            if not connection.in_atomic_block:
                connection.close()


FOLLOWERS = (
    Reading(
        "regulars_followers_waiting",
        "Pieces of followers' work that wait.",
        lambda moment: get_backlog(moment).waiting,
    ),
    Reading(
        "regulars_followers_oldest_seconds",
        "How long the oldest of them has been due.",
        lambda moment: get_backlog(moment).oldest.total_seconds(),
    ),
    Reading(
        "regulars_followers_failed",
        "Pieces of followers' work that a person has to look at.",
        lambda moment: get_backlog(moment).failed,
    ),
)
"""What waits between the apps."""
MESSAGES = (
    Reading(
        "regulars_messages_waiting",
        "Messages that are due and have not gone.",
        lambda moment: get_waiting(moment).due,
    ),
    Reading(
        "regulars_messages_oldest_seconds",
        "How long the one that was due first has been.",
        lambda moment: get_waiting(moment).oldest.total_seconds(),
    ),
    Reading(
        "regulars_messages_uncertain",
        "Messages of which nobody knows whether they went.",
        lambda moment: get_waiting(moment).uncertain,
    ),
)
"""What waits at the door out."""
READINGS = (*FOLLOWERS, *MESSAGES)
"""All of them."""


def serve_metrics(
    host: str, port: int, readings: Sequence[Reading] = READINGS
) -> Callable[[], None]:
    """Serve the figures in a thread of their own; return what stops it.

    Raises:
        OSError: The port is taken.
    """
    records = Readings(readings)
    REGISTRY.register(records)
    process = ProcessCollector(registry=REGISTRY)
    server, thread = start_http_server(port, host, registry=REGISTRY)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()
        REGISTRY.unregister(records)
        REGISTRY.unregister(process)

    return stop
