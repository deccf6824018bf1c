"""Connections that must get to the point: one on which no request has wholly begun within HEAD_S is closed.

uvicorn bounds how long a connection may rest between requests, and the hub how long a body may take (`taxii.BODY_S`); a
stranger that sends half a request line, or nothing, would otherwise keep one of the hub's connections for ever.
"""

from __future__ import annotations

import asyncio
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
