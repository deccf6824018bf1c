"""Figures of the hub for Prometheus, on an address of their own: no member's name is a label."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from stillwatch.errors import StillwatchError, UsageError
from stillwatch.service.hub import Hub

BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30)


class Metrics:
    """Requests by method and status, their duration, and what the store holds."""

    def __init__(self, hub: Hub) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "stillwatch_hub_requests", "Requests answered.", ("method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "stillwatch_hub_request_seconds",
            "Time to answer.",
            ("method",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_Counts(hub))

    def middleware(self, app: Any) -> Any:
        """The application, counted."""

        async def counted(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            method = scope["method"] if scope["method"] in ("GET", "POST", "DELETE") else "other"
            began = time.perf_counter()

            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    self._requests.labels(method, str(message["status"])).inc()
                    self._seconds.labels(method).observe(time.perf_counter() - began)
                await send(message)

            await app(scope, receive, sent)

        return counted

    def listen(self, address: str) -> int:
        """Serve the figures on HOST:PORT from a thread; the port. Raises UsageError, StillwatchError."""
        host, colon, port = address.rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise UsageError("not an address", where=address, hint="give HOST:PORT, such as 127.0.0.1:9464")
        try:
            server, _ = start_http_server(int(port), host.strip("[]") or "127.0.0.1", self.registry)
        except OSError as error:
            raise StillwatchError(
                f"cannot listen: {error.strerror or error}", where=address, hint="choose another address"
            ) from error
        return int(server.server_port)


class _Counts(Collector):
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, value in self._hub.store.counts().items():
            yield GaugeMetricFamily(
                f"stillwatch_hub_{name}", f"{name.replace('_', ' ').capitalize()} stored.", value
            )
