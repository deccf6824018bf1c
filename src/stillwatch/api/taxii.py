"""The TAXII 2.1 server of the forum: discovery, one API root, collections, objects, manifest, versions, status.

Every path asks who the member is, then what it may see; what it may not see is 404, as if it were not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.api import taxii_wire as wire
from stillwatch.api.allowance import Allowance
from stillwatch.api.hub_access import Access
from stillwatch.api.taxii_wire import TaxiiError
from stillwatch.errors import StorageError
from stillwatch.exchange.admission import UnreadableEnvelopeError
from stillwatch.exchange.timestamps import text_of
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Asked, Ceiling, Grant, Held, Member

ROOT = "forum"
BODY_BYTES_MAX = 10 << 20
BODY_S = 60
RETRY_S = 30
Handler = Callable[[Request, Member], Awaitable[Response]]


class Limits(NamedTuple):
    """Per member: requests, and bytes posted."""

    requests_per_s: float = 200.0
    requests_burst: float = 2_000.0
    bytes_per_s: float = 8 << 20
    bytes_burst: float = 256 << 20


class Taxii:
    """The handlers; one instance for one hub."""

    def __init__(self, hub: Hub, access: Access, limits: Limits) -> None:
        self.hub, self._access = hub, access
        self._requests = Allowance(limits.requests_per_s, limits.requests_burst)
        self._bytes = Allowance(limits.bytes_per_s, limits.bytes_burst)

    def routes(self) -> list[Route]:
        """Every path of TAXII 2.1."""
        below = f"/{ROOT}/collections/{{collection}}"
        objects = {"GET": self.objects, "POST": self.post}
        one = {"GET": self.object, "DELETE": self.delete}
        return [
            self.route("/taxii2/", {"GET": self.discovery}),
            self.route(f"/{ROOT}/", {"GET": self.root}),
            self.route(f"/{ROOT}/status/{{id}}/", {"GET": self.status}),
            self.route(f"/{ROOT}/collections/", {"GET": self.collections}),
            self.route(f"{below}/", {"GET": self.collection}),
            self.route(f"{below}/manifest/", {"GET": self.manifest}),
            self.route(f"{below}/objects/", objects),
            self.route(f"{below}/objects/{{id}}/", one),
            self.route(f"{below}/objects/{{id}}/versions/", {"GET": self.versions}),
        ]

    def route(self, path: str, by_method: Mapping[str, Handler], *serves: str) -> Route:
        """A path behind authentication, the member's allowance and the Accept header; `serves` beside TAXII's type."""

        async def endpoint(request: Request) -> Response:
            member = self._access.member(request)
            self.spent(self._requests, member, 1)
            wire.accept(request.headers.get("accept"), serves)
            handler = by_method.get(request.method) or by_method["GET"]
            return await handler(request, member)

        return Route(path, endpoint, methods=list(by_method))

    def spent(self, allowance: Allowance, member: Member, cost: float) -> None:
        """Take from the allowance. Raises TaxiiError 429."""
        if wait := allowance.wait_s(member.id, cost):
            raise TaxiiError(429, "more than this member's allowance", {"Retry-After": str(wait)})

    def spent_bytes(self, member: Member, count: int) -> None:
        """Take from what the member may post. Raises TaxiiError 429."""
        self.spent(self._bytes, member, count)

    async def discovery(self, request: Request, member: Member) -> Response:
        """The server's own resource."""
        return wire.answer({"title": self.hub.title, "default": f"/{ROOT}/", "api_roots": [f"/{ROOT}/"]})

    async def root(self, request: Request, member: Member) -> Response:
        """The API root."""
        return wire.answer(
            {"title": self.hub.title, "versions": [wire.MEDIA], "max_content_length": BODY_BYTES_MAX}
        )

    async def status(self, request: Request, member: Member) -> Response:
        """What became of one's own post."""
        found = self.hub.store.status(member.id, request.path_params["id"])
        if found is None:
            raise TaxiiError(404, "no such status")
        return wire.answer(found)

    async def collections(self, request: Request, member: Member) -> Response:
        """The collections in which the member has a right."""
        held = [_collection(grant) for grant in self.hub.store.grants(member.id)]
        return wire.answer({"collections": held} if held else {})

    async def collection(self, request: Request, member: Member) -> Response:
        """One collection."""
        return wire.answer(_collection(self._grant(request, member)))

    async def objects(self, request: Request, member: Member) -> Response:
        """A page of objects, as the bytes that were posted."""
        asked = wire.asked(request)
        return self._objects(request, self.hub.store.page(self._readable(request, member), asked), asked)

    async def object(self, request: Request, member: Member) -> Response:
        """Versions of one object; by default the last."""
        ceiling, id = self._seen(request, member)
        asked = wire.asked(request, ids=(id,))
        return self._objects(request, self.hub.store.page(ceiling, asked), asked)

    async def manifest(self, request: Request, member: Member) -> Response:
        """The objects' ids, versions and dates."""
        asked = wire.asked(request)
        found = self.hub.store.page(self._readable(request, member), asked)
        kept = wire.cut(found, asked)
        return wire.paged(kept, len(kept) < len(found), "objects", (_manifest(row) for row in kept))

    async def versions(self, request: Request, member: Member) -> Response:
        """The versions of one object."""
        ceiling, id = self._seen(request, member)
        asked = wire.asked(request, ids=(id,), versions=("all",))
        found = self.hub.store.page(ceiling, asked)
        kept = wire.cut(found, asked)
        versions = (msgspec.json.encode(row.version) for row in kept)
        return wire.paged(kept, len(kept) < len(found), "versions", versions)

    async def post(self, request: Request, member: Member) -> Response:
        """Take in an envelope; on disk before it is answered."""
        grant = self._grant(request, member)
        if not grant.can_write:
            raise TaxiiError(403, "this member may not write here")
        wire.content(request.headers.get("content-type"))
        posted = await body(request)
        self.spent(self._bytes, member, len(posted))
        try:
            status = await asyncio.to_thread(self.hub.post, member, grant, posted)
        except UnreadableEnvelopeError as error:
            raise TaxiiError(error.status, str(error)) from None
        return wire.answer(status, 202)

    async def delete(self, request: Request, member: Member) -> Response:
        """Erase versions of one's own object; members usually retract with `revoked: true` instead."""
        _, id = self._seen(request, member)
        grant = self._grant(request, member)
        if not grant.can_write:
            raise TaxiiError(403, "this member may not write here")
        asked = wire.asked(request, ids=(id,))
        if "match[version]" not in request.query_params:
            asked = asked._replace(versions=("all",))
        if not await asyncio.to_thread(self.hub.delete, member, grant, asked):
            raise TaxiiError(403, "the object is another member's")
        return wire.answer(b"{}")

    def _objects(self, request: Request, found: list[Held], asked: Asked) -> Response:
        """A page of exact bytes; with `signatures=true` the detached JWS of each beside it (`x_signatures`), with
        `proofs=SIZE` its entry and path in the log of that size (`x_proofs`, null for a later entry)."""
        kept, extra = wire.cut(found, asked), b""
        if request.query_params.get("signatures") == "true":
            extra = b',"x_signatures":' + msgspec.json.encode([row.signature for row in kept])
        if size := request.query_params.get("proofs", ""):
            try:
                proofs = self.hub.proofs(kept, wire.number(size, "proofs"))
            except ValueError as error:
                raise TaxiiError(400, str(error)) from None
            extra += b',"x_proofs":' + msgspec.json.encode(proofs)
        return wire.paged(kept, len(kept) < len(found), "objects", (row.body for row in kept), extra)

    def _grant(self, request: Request, member: Member) -> Grant:
        found = self.hub.store.grant(member.id, request.path_params["collection"])
        if found is None:
            raise TaxiiError(404, "no such collection")
        return found

    def _readable(self, request: Request, member: Member) -> Ceiling:
        grant = self._grant(request, member)
        if not grant.can_read:
            raise TaxiiError(403, "this member may not read here")
        return self.hub.ceiling(grant)

    def _seen(self, request: Request, member: Member) -> tuple[Ceiling, str]:
        ceiling, id = self._readable(request, member), request.path_params["id"]
        if not self.hub.store.known(ceiling, id):
            raise TaxiiError(404, "no such object")
        return ceiling, id


def application(routes: list[Route]) -> Starlette:
    """The application whose every error is a TAXII error resource."""
    app = Starlette(
        routes=routes,
        exception_handlers={
            TaxiiError: _taxii_error, HTTPException: _http_error, StorageError: _busy,
            ClientDisconnect: _gone, Exception: _unexpected,
        },
    )  # fmt: skip
    app.router.redirect_slashes = False
    return app


async def _taxii_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TaxiiError)
    return wire.refusal(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return wire.refusal(TaxiiError(error.status_code, error.detail, error.headers))


async def _busy(request: Request, error: Exception) -> Response:
    return wire.refusal(TaxiiError(503, "nothing can be written now", {"Retry-After": str(RETRY_S)}))


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)


async def _unexpected(request: Request, error: Exception) -> Response:
    return wire.refusal(TaxiiError(500, f"unexpected {type(error).__name__}"))


async def body(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The whole body, within `bytes_max` and BODY_S. Raises TaxiiError 408, 413, 415."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise TaxiiError(415, "send the body without Content-Encoding")
    too_large = TaxiiError(413, f"send at most {bytes_max:,} bytes", {"Connection": "close"})
    declared = request.headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()) or int(declared) > bytes_max:
        raise too_large
    held = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                held += chunk
                if len(held) > bytes_max:
                    raise too_large
    except TimeoutError:
        raise TaxiiError(408, f"send the body within {BODY_S} s", {"Connection": "close"}) from None
    return bytes(held)


def _collection(grant: Grant) -> dict[str, object]:
    return {
        "id": grant.collection, "alias": grant.alias, "title": grant.title, "description": grant.description,
        "can_read": bool(grant.can_read), "can_write": bool(grant.can_write), "media_types": [wire.STIX],
    }  # fmt: skip


def _manifest(row: Held) -> bytes:
    return msgspec.json.encode(
        {
            "id": row.id,
            "date_added": text_of(row.added),
            "version": row.version,
            "media_type": wire.STIX,
        }
    )
