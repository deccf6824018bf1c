"""The hub's process: the application of TAXII and what stands beside it, on one socket, over TLS or behind a proxy."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import NamedTuple

import uvicorn
from starlette.applications import Starlette

from stillwatch.api.connections import PromptConnection
from stillwatch.api.hub_access import Access, Tokens
from stillwatch.api.hub_metrics import Metrics
from stillwatch.api.hub_overlap import OverlapDoor
from stillwatch.api.hub_side import Side
from stillwatch.api.taxii import Limits, Taxii, application
from stillwatch.errors import StillwatchError, UsageError
from stillwatch.service.hub import Hub
from stillwatch.service.hub_overlap import HubOverlap

START_S = 10.0
CONNECTIONS_MAX = 512


class Door(NamedTuple):
    """How the hub is reached. `certificate_header` only behind a proxy that sets or removes it on every request;
    `client_authorities`: PEM of the authorities whose client certificates the hub itself accepts (mutual TLS)."""

    address: str
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    certificate_header: str = ""
    limits: Limits = Limits()
    client_authorities: Path | None = None


def served(hub: Hub, door: Door, metrics: Metrics | None = None) -> Starlette:
    """The whole application."""
    tokens = Tokens()
    taxii = Taxii(hub, Access(hub, tokens, door.certificate_header), door.limits)
    overlap = OverlapDoor(HubOverlap(hub), taxii)
    app = application([*taxii.routes(), *Side(hub, tokens, taxii).routes(), *overlap.routes()])
    if metrics is not None:
        app.add_middleware(metrics.middleware)
    return app


class HubServer:
    """The application served by a thread, from entering the context to leaving it. Raises UsageError."""

    def __init__(self, hub: Hub, door: Door, metrics: Metrics | None = None) -> None:
        host, colon, port = door.address.rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise UsageError(
                "not an address", where=door.address, hint="give HOST:PORT, such as 127.0.0.1:6443"
            )
        self._host, self.port = host.strip("[]") or "127.0.0.1", int(port)
        _safe(self._host, door)
        settings = uvicorn.Config(
            served(hub, door, metrics), http=PromptConnection, log_config=None, access_log=False,
            limit_concurrency=CONNECTIONS_MAX,
            timeout_keep_alive=30, timeout_graceful_shutdown=10, lifespan="off", server_header=False,
            proxy_headers=False, ssl_certfile=door.tls_certificate, ssl_keyfile=door.tls_key,
            ssl_ca_certs=str(door.client_authorities) if door.client_authorities else None,
            ssl_cert_reqs=ssl.CERT_OPTIONAL if door.client_authorities else ssl.CERT_NONE,
        )  # fmt: skip
        try:
            settings.load()
        except (OSError, ssl.SSLError) as error:
            raise UsageError(
                "a TLS file cannot be read", where=str(door.client_authorities or door.tls_certificate),
                hint="give PEM files with --tls-certificate, --tls-key and --client-authorities",
            ) from error  # fmt: skip
        if settings.ssl is not None:
            settings.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        self._server = uvicorn.Server(settings)
        self._thread: threading.Thread | None = None

    def __enter__(self) -> HubServer:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            listening = socket.create_server((self._host, self.port), family=family)
        except OSError as error:
            raise StillwatchError(
                f"cannot listen: {error.strerror or error}", where=f"{self._host}:{self.port}",
                hint="choose another address, or stop what listens there",
            ) from error  # fmt: skip
        self.port = listening.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="hub", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_S
        while not self._server.started and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_S)


def _safe(host: str, door: Door) -> None:
    """Raises UsageError when secrets would cross a network in the clear, or anyone could name a certificate."""
    if (door.tls_certificate is None) != (door.tls_key is None):
        raise UsageError(
            "TLS needs a certificate and its key", hint="give both --tls-certificate and --tls-key"
        )
    if door.client_authorities and door.tls_certificate is None:
        raise UsageError(
            "client certificates without TLS",
            hint="give --tls-certificate and --tls-key with --client-authorities",
        )
    if door.certificate_header and not door.behind_proxy:
        raise UsageError(
            "--certificate-header without --behind-proxy",
            hint="only a proxy can vouch for a client's certificate",
        )
    if door.tls_certificate is None and not door.behind_proxy and not _loopback(host):
        raise UsageError(
            "client secrets would cross the network in the clear", where=host,
            hint="give --tls-certificate and --tls-key, or --behind-proxy when a proxy ends TLS",
        )  # fmt: skip


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
