"""Connections that must get to the point, and that say who is at the other end of TLS.

One on which no request has wholly begun within HEAD_S is closed: uvicorn bounds how long a connection may rest between
requests, and the hub how long a body may take (`taxii.BODY_S`); a stranger that sends half a request line, or nothing,
would otherwise keep one of the hub's connections for ever.

The client's certificate, which the handshake has checked, reaches the application in the scope as the TLS extension of
ASGI has it; uvicorn leaves it out.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 30.0


class PromptConnection(H11Protocol):
    """uvicorn's HTTP/1.1 with a clock from the opening, or the last answer, to the end of a request's headers."""

    _since = 0.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        if tls is not None and (shown := tls.getpeercert(binary_form=True)):
            self.app = _showing(self.app, ssl.DER_cert_to_PEM_cert(shown))
        self._since = self.loop.time()
        self._watch = self.loop.call_later(HEAD_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop it."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Start it again."""
        super().on_response_complete()
        self._since = self.loop.time()

    def _look(self) -> None:
        cycle: Any = self.cycle  # None until the first request, whatever its annotation says
        busy = cycle is not None and not cycle.response_complete
        left = HEAD_S if busy else self._since + HEAD_S - self.loop.time()
        if left <= 0:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(left, self._look)


def client_certificate(scope: Mapping[str, Any]) -> bytes | None:
    """The client's certificate (DER) as the handshake accepted it, or None."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return ssl.PEM_cert_to_DER_cert(chain[0]) if chain else None


def _showing(app: Any, pem: str) -> Any:
    """The application told of the client's certificate (ASGI TLS extension 0.2)."""
    tls = {
        "server_cert": None, "client_cert_chain": [pem], "client_cert_name": None, "client_cert_error": None,
        "tls_version": None, "cipher_suite": None,
    }  # fmt: skip

    async def told(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app({**scope, "extensions": {**scope.get("extensions", {}), "tls": tls}}, receive, send)

    return told
