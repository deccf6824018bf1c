"""What the forum serves beside TAXII: access tokens, the log with its proofs, the members' manifests."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stillwatch.api import taxii_wire as wire
from stillwatch.api.hub_access import TOKEN_S, Tokens
from stillwatch.api.hub_openapi import JSON, PLAIN, document
from stillwatch.api.taxii import Taxii, body
from stillwatch.api.taxii_wire import TaxiiError
from stillwatch.exchange.assertion import AUDIENCE
from stillwatch.exchange.timestamps import us_of
from stillwatch.service.client_assertion import TOKEN_BYTES_MAX, WrongAssertionError, redeem
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Asked, Member

WITNESS_BYTES_MAX = 1024
GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Side:
    """The handlers; paths under /exchange/."""

    def __init__(self, hub: Hub, tokens: Tokens, taxii: Taxii) -> None:
        self._hub, self._tokens, self._taxii = hub, tokens, taxii

    def routes(self) -> list[Route]:
        """Every path beside TAXII's."""
        route = self._taxii.route
        return [
            Route(AUDIENCE, self.token, methods=["POST"]),
            route("/exchange/openapi.json", {"GET": self.description}, JSON),
            route("/exchange/log/checkpoint", {"GET": self.checkpoint}, PLAIN),
            route("/exchange/log/witness", {"POST": self.witness}, PLAIN),
            route("/exchange/log/key", {"GET": self.key}, PLAIN),
            route("/exchange/log/consistency", {"GET": self.consistency}, JSON),
            route("/exchange/log/inclusion", {"GET": self.inclusion}, JSON),
            route("/exchange/members", {"GET": self.manifests}, JSON),
            route("/exchange/members/{id}", {"GET": self.manifest}, JSON),
        ]

    async def token(self, request: Request) -> Response:
        """OAuth 2.0 client credentials (RFC 6749, 4.4) with private_key_jwt (RFC 7523, 2.2)."""
        posted = await body(request, TOKEN_BYTES_MAX)
        form = {k: v[0] for k, v in parse_qs(posted.decode("ascii", "replace")).items()}
        if form.get("grant_type") != GRANT:
            return _oauth_error(400, "unsupported_grant_type")
        if form.get("client_assertion_type") != ASSERTION:
            return _oauth_error(401, "invalid_client")
        try:
            member = await asyncio.to_thread(redeem, self._hub, form.get("client_assertion", ""))
        except WrongAssertionError:
            return _oauth_error(401, "invalid_client")
        held = {"access_token": self._tokens.issue(member.id), "token_type": "Bearer", "expires_in": TOKEN_S}
        return _plain_json(held)

    async def description(self, request: Request, member: Member) -> Response:
        """This interface as an OpenAPI document."""
        return _plain_json(document())

    async def checkpoint(self, request: Request, member: Member) -> Response:
        """The signed checkpoint of now; with `witnesses`, the newest that so many members have signed."""
        try:
            wanted = _number(request, "witnesses") if "witnesses" in request.query_params else 0
        except ValueError as error:
            raise TaxiiError(400, str(error)) from None
        try:
            return PlainTextResponse(await asyncio.to_thread(self._hub.checkpoint, wanted))
        except ValueError as error:
            raise TaxiiError(404, str(error)) from None

    async def witness(self, request: Request, member: Member) -> Response:
        """Two lines: the size of a checkpoint, and the member's cosignature line for it."""
        posted = await body(request, WITNESS_BYTES_MAX)
        size, _, line = posted.decode("utf-8", "replace").partition("\n")
        if not size.isascii() or not size.isdigit() or len(size) > 15:
            raise TaxiiError(400, "the first line is the size of the checkpoint that the second line signs")
        try:
            await asyncio.to_thread(self._hub.witnessed, member, int(size), line.removesuffix("\n"))
        except ValueError as error:
            raise TaxiiError(422, str(error)) from None
        return Response(status_code=204)

    async def key(self, request: Request, member: Member) -> Response:
        """The log's public key."""
        return PlainTextResponse(self._hub.verifier() + "\n")

    async def consistency(self, request: Request, member: Member) -> Response:
        """`first`, `second`: hashes that lead from the one size of the log to the other."""
        try:
            proof = self._hub.consistency(_number(request, "first"), _number(request, "second"))
        except ValueError as error:
            raise TaxiiError(400, str(error)) from None
        return _plain_json({"consistency": [_b64(x) for x in proof]})

    async def inclusion(self, request: Request, member: Member) -> Response:
        """`collection`, `id`, `version`, `size`: the entry of an object that the member may see, and its path."""
        query = request.query_params
        grant = self._hub.store.grant(member.id, query.get("collection", ""))
        if grant is None or not grant.can_read:
            raise TaxiiError(404, "no such collection")
        try:
            version, size = us_of(query.get("version", "")), _number(request, "size")
        except ValueError:
            raise TaxiiError(400, "give collection, id, version (a timestamp) and size (a number)") from None
        asked = Asked(limit=1, ids=(query.get("id", ""),), versions=(version,))
        found = self._hub.store.page(self._hub.ceiling(grant), asked)
        if not found:
            raise TaxiiError(404, "no such object")
        try:
            entry, path = self._hub.inclusion(found[0].entry, size)
        except ValueError as error:
            raise TaxiiError(400, str(error)) from None
        return _plain_json({"index": found[0].entry, "entry": _b64(entry), "path": [_b64(x) for x in path]})

    async def manifests(self, request: Request, member: Member) -> Response:
        """Every member's manifest: who signs with what, who reads where."""
        held = [msgspec.Raw(found.manifest) for found in self._hub.store.members()]
        return _plain_json({"members": held})

    async def manifest(self, request: Request, member: Member) -> Response:
        """A member's manifest, signed by the hub: whose keys sign what."""
        found = self._hub.store.member(request.path_params["id"])
        if found is None:
            raise TaxiiError(404, "no such member")
        return _plain_json(found.manifest)


def _number(request: Request, name: str) -> int:
    return wire.number(request.query_params.get(name, ""), name)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _plain_json(held: object, status: int = 200) -> Response:
    answer = wire.answer(held, status, {"Cache-Control": "no-store"})
    answer.headers["Content-Type"] = JSON
    return answer


def _oauth_error(status: int, code: str) -> Response:
    return _plain_json({"error": code}, status)
