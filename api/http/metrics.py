"""Figures for whoever watches the service, in the format of Prometheus: `GET /metrics`, with a key of its own.

They are kept only where APOS_METRICS_KEY is set. Several workers add theirs together through files of the supervisor.
"""

import os
from secrets import compare_digest
from typing import Any

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.http.observing import Seen
from api.http.service import Service, service_of

FILES = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder through which workers add their figures together; the library reads it too."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        by_route = ("method", "route")
        self._requests = Counter("apos_requests", "Requests answered", (*by_route, "status"), **own)
        self._seconds = Histogram("apos_request_seconds", "Time to answer", by_route, buckets=BUCKETS, **own)
        self._events = Counter("apos_security_events", "Events of the security log", ("event",), **own)
        self._problems = Counter("apos_problems", "Refusals by their kind", ("kind",), **own)
        live: dict[str, Any] = {**own, "multiprocess_mode": "livesum"}
        self._waiting = Gauge("apos_waiting", "Pieces of large work that wait for their turn", ("queue",), **live)
        self._connections = Gauge("apos_connections_in_use", "Connections to the database in use", ("use",), **live)

    def saw(self, method: str, answer: Seen, service: Service) -> None:
        """Counts and times one answer, and notes what the service is at; several workers tell only what they noted."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, answer.route, answer.status).inc()
        self._seconds.labels(known, answer.route).observe(answer.seconds)
        if answer.event is not None:
            self._events.labels(answer.event.value).inc()
        if answer.problem is not None:
            self._problems.labels(answer.problem).inc()
        self.note(service)

    def note(self, service: Service) -> None:
        """Notes how much waits, and how many connections are in use."""
        for queue, number in service.turns.waiting().items():
            self._waiting.labels(queue).set(number)
        for use, number in service.database.in_use().items():
            self._connections.labels(use).set(number)

    def text(self, service: Service) -> bytes:
        """All figures, of all workers where there are several."""
        self.note(service)
        registry = self.registry
        if FILES in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def answer(request: Request, key: str, metrics: Metrics) -> Response:
    """The figures, for whoever shows the key."""
    _, _, shown = request.headers.get("authorization", "").partition(" ")
    if not compare_digest(shown.encode(), key.encode()):
        wanted = {"WWW-Authenticate": 'Bearer realm="apos-metrics"'}
        return Response("this needs `Authorization: Bearer` with APOS_METRICS_KEY\n", 401, wanted, "text/plain")
    return Response(metrics.text(service_of(request)), media_type=CONTENT_TYPE_LATEST)
