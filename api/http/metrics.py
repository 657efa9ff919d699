"""Figures for whoever watches the service, in the format of Prometheus: `GET /metrics`, with a key of its own.

They are kept only where APOS_METRICS_KEY is set. Several workers add theirs together through files of the supervisor.
"""

import os
from collections.abc import Callable
from secrets import compare_digest
from typing import Any

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.security_log import SecurityEvent

FILES = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder through which workers add their figures together; the library reads it too."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONFLICTS = {409: "conflict", 412: "stale"}


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        by_route = ("method", "route")
        self._requests = Counter("apos_requests", "Requests answered", (*by_route, "status"), **own)
        self._seconds = Histogram("apos_request_seconds", "Time to answer", by_route, buckets=BUCKETS, **own)
        self._events = Counter("apos_security_events", "Events of the security log", ("event",), **own)
        self._conflicts = Counter("apos_write_conflicts", "Writes that found another state", ("kind",), **own)
        self._gauges: dict[str, tuple[Gauge, Callable[[], float]]] = {}

    def saw(self, method: str, route: str, status: int, event: SecurityEvent | None, seconds: float) -> None:
        """Counts and times one answer."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, status).inc()
        self._seconds.labels(known, route).observe(seconds)
        if event is not None:
            self._events.labels(event.value).inc()
        if status in CONFLICTS and method != "GET":
            self._conflicts.labels(CONFLICTS[status]).inc()

    def watch(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Adds a figure that is read when somebody asks; of several workers, their sum."""
        gauge = Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")
        self._gauges[name] = (gauge, read)

    def text(self) -> bytes:
        """All figures, of all workers where there are several."""
        for gauge, read in self._gauges.values():
            gauge.set(read())
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
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
