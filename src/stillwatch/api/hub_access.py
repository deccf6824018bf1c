"""Who a request comes from: Basic with a client secret, a Bearer token, or a TLS client certificate."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable

from starlette.requests import Request

from stillwatch.api.connections import client_certificate
from stillwatch.api.taxii_wire import TaxiiError
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Member

TOKEN_S = 600
TOKENS_MAX, MEMBER_TOKENS_MAX = 10_000, 16
CHALLENGE = {"WWW-Authenticate": 'Basic realm="stillwatch", Bearer'}


class Tokens:
    """Access tokens in memory, by hash: 256 random bits, ten minutes; a restart asks every member to come again.

    A member holds at most MEMBER_TOKENS_MAX, and one more ends its oldest: nobody uses up what others need.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._held: dict[bytes, tuple[str, float]] = {}
        self._own: dict[str, deque[bytes]] = {}
        self._clock = clock

    def issue(self, member: str) -> str:
        """A fresh token of this member."""
        now, own = self._clock(), self._own.setdefault(member, deque())
        while len(own) >= MEMBER_TOKENS_MAX:
            self._held.pop(own.popleft(), None)
        if len(self._held) >= TOKENS_MAX:
            self._held = {k: v for k, v in self._held.items() if v[1] > now}
        if len(self._held) >= TOKENS_MAX:
            raise TaxiiError(503, "too many tokens are in use", {"Retry-After": str(TOKEN_S)})
        token = secrets.token_urlsafe(32)
        own.append(hashlib.sha256(token.encode()).digest())
        self._held[own[-1]] = (member, now + TOKEN_S)
        return token

    def member(self, token: str) -> str | None:
        """Whose token this is, or None."""
        held = self._held.get(hashlib.sha256(token.encode("utf-8", "replace")).digest())
        return held[0] if held and held[1] > self._clock() else None


class Access:
    """`certificate_header`: the header in which a trusted proxy writes the SHA-256 of the client's certificate; without one,
    the certificate of the connection itself counts."""

    def __init__(self, hub: Hub, tokens: Tokens, certificate_header: str = "") -> None:
        self._hub, self._tokens, self._header = hub, tokens, certificate_header

    def member(self, request: Request) -> Member:
        """The active member that asks. Raises TaxiiError 401."""
        found = self._found(request)
        if found is None:
            raise TaxiiError(401, "no member with these credentials", CHALLENGE)
        return found

    def _found(self, request: Request) -> Member | None:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                id, colon, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
            except ValueError:
                return None
            return self._hub.by_secret(id, secret) if colon else None
        if kind.lower() == "bearer":
            id = self._tokens.member(given.strip()) or ""
            found = self._hub.store.member(id)
            return found if found is not None and found.state == "active" else None
        if self._header:
            fingerprint = request.headers.get(self._header)
        else:
            shown = client_certificate(request.scope)
            fingerprint = hashlib.sha256(shown).hexdigest() if shown else None
        return self._hub.by_certificate(fingerprint) if fingerprint else None
