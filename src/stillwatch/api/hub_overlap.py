"""Private overlap beside TAXII: epochs, evaluations, token sets, as bytes. Paths under /exchange/overlap/.

A request body and an answer are group elements (32 bytes each) or token records, one after the other, as
application/octet-stream; an answer to an evaluation ends with the 64 bytes of its proof.
"""

from __future__ import annotations

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.api.hub_openapi import JSON, OCTETS
from stillwatch.api.taxii import Taxii, body
from stillwatch.api.taxii_wire import TaxiiError
from stillwatch.service.hub_overlap import HubOverlap, OverlapError
from stillwatch.storage.hub import Member


class OverlapDoor:
    """The handlers."""

    def __init__(self, overlap: HubOverlap, taxii: Taxii) -> None:
        self._overlap, self._taxii = overlap, taxii

    def routes(self) -> list[Route]:
        """Every path of private overlap."""
        route = self._taxii.route
        return [
            route("/exchange/overlap/", {"GET": self.epochs}, JSON),
            route("/exchange/overlap/{epoch}/account", {"GET": self.account}, JSON),
            route("/exchange/overlap/{epoch}/evaluate", {"POST": self.evaluate}, OCTETS),
            route(
                "/exchange/overlap/{epoch}/tokens", {"GET": self.others, "PUT": self.publish}, OCTETS, JSON
            ),
        ]

    async def epochs(self, request: Request, member: Member) -> Response:
        """The epochs in use at this hub: public documents."""
        return _answer(msgspec.json.encode({"epochs": self._overlap.epochs()}), JSON)

    async def account(self, request: Request, member: Member) -> Response:
        """Evaluations a day, and used today."""
        try:
            held = self._overlap.account(member, request.path_params["epoch"])
        except OverlapError as error:
            raise _refused(error) from None
        return _answer(msgspec.json.encode(held), JSON)

    async def evaluate(self, request: Request, member: Member) -> Response:
        """Answer a batch."""
        posted = await self._posted(request, member)
        try:
            held = await asyncio.to_thread(
                self._overlap.evaluate, member, request.path_params["epoch"], posted
            )
        except OverlapError as error:
            raise _refused(error) from None
        return _answer(held, OCTETS)

    async def publish(self, request: Request, member: Member) -> Response:
        """Keep a member's set."""
        posted = await self._posted(request, member)
        try:
            held = await asyncio.to_thread(
                self._overlap.publish, member, request.path_params["epoch"], posted
            )
        except OverlapError as error:
            raise _refused(error) from None
        return _answer(msgspec.json.encode(held), JSON)

    async def others(self, request: Request, member: Member) -> Response:
        """What the other members published, merged."""
        try:
            held = await asyncio.to_thread(self._overlap.others, member, request.path_params["epoch"])
        except OverlapError as error:
            raise _refused(error) from None
        return _answer(held, OCTETS)

    async def _posted(self, request: Request, member: Member) -> bytes:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != OCTETS:
            raise TaxiiError(415, f"send {OCTETS}")
        posted = await body(request)
        self._taxii.spent_bytes(member, len(posted))
        return posted


def _refused(error: OverlapError) -> TaxiiError:
    headers = {"Retry-After": str(error.retry_s)} if error.retry_s else {}
    return TaxiiError(error.status, str(error), headers)


def _answer(held: bytes, kind: str) -> Response:
    return Response(held, 200, {"Content-Type": kind, "Cache-Control": "no-store"})
