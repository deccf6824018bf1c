"""Azure API Management: gateway logs joined with its language model logs by correlation id.

Field names after learn.microsoft.com/azure/azure-monitor/reference/tables/ApiManagementGatewayLogs and
.../ApiManagementGatewayLlmLog, with the same names in lower camel case inside the `properties` of diagnostic records
(storage account, Event Hub: one record a line, or {"records": [...]}) and in Pascal case in rows of Log Analytics.

A call lies in several records. `GatewayLogs` has the caller (`apimSubscriptionId`, `callerIpAddress`) and no tokens;
`GatewayLlmLogs` has model, tokens and messages, and no caller. They share `correlationId`, so both categories must be
given, in one folder; a call without its gateway record is refused as `missing:account_id`, and a gateway record
without a model record and without a chat body is another API's call and gives no event. Messages above 32 KB come in
numbered chunks (`sequenceNumber`), joined in order; a missing chunk marks the event `truncated:messages`. Bodies in
`GatewayLogs` end at 8,192 bytes; one that was cut is marked `truncated:messages` and its text is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import field, messages, openai
from stillwatch.events.sources.source import Record, RecordError, joined_alone

GATEWAY, MODEL = "GatewayLogs", "GatewayLlmLogs"
ACCOUNT = (("apimSubscriptionId",),)
INDIRECT = (("userId",),)
CHUNK_CHARS = 30_000


@dataclass(frozen=True)
class Apim:
    """Diagnostic records or table rows of the categories GatewayLogs and GatewayLlmLogs."""

    id: ClassVar[str] = "apim"
    title: ClassVar[str] = "Azure API Management gateway and LLM logs"

    def detect(self, record: Record) -> bool:
        inner = record.get("records")
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return self.detect(inner[0])
        return _category(record) is not None

    def events(self, record: Record) -> Iterator[Record]:
        yield from joined_alone(self, record)

    def parts(self, record: Record) -> Iterator[tuple[str, Record]]:
        """(correlation id, {"category": ..., and the properties in lower camel case})."""
        if isinstance(record.get("records"), list):
            for inner in field.rows(record, "records"):
                if isinstance(inner, dict) and _category(inner) is not None:
                    yield from self.parts(inner)
            return
        flat = _flat(record)
        name = field.text(flat, "correlationId")
        if name is None:
            raise RecordError("missing:correlationId")
        yield name, flat | {"category": _category(record)}

    def join(self, parts: list[Record]) -> Iterator[Record]:
        """At most one event: the caller of the gateway record, the text and tokens of the model records."""
        callers = [p for p in parts if p.get("category") == GATEWAY]
        chunks = sorted((p for p in parts if p.get("category") == MODEL), key=_sequence)
        caller = callers[0] if callers else {}
        bodies = _bodies(caller)
        if not chunks and not bodies:
            return
        yield field.event(
            self.id, bodies | _said(chunks) | _metered(chunks) | _called(caller, chunks, bodies)
        )


def _category(record: Record) -> str | None:
    """The category of a record; rows of Log Analytics carry it as the name of their table."""
    held = record.get("category", record.get("Category", record.get("Type")))
    if held in (GATEWAY, "ApiManagementGatewayLogs"):
        return GATEWAY
    if held in (MODEL, "ApiManagementGatewayLlmLog"):
        return MODEL
    if "CorrelationId" in record and "SequenceNumber" in record:
        return MODEL
    return GATEWAY if "CorrelationId" in record and "ApimSubscriptionId" in record else None


def _flat(record: Record) -> Record:
    """Properties over the record around them, names in lower camel case; some sinks write `properties` as text."""
    held = field.decoded(record.get("properties", record.get("Properties")))
    if held is not None and not isinstance(held, dict):
        raise field.wrong_type(["properties"])
    outer = {k: v for k, v in record.items() if k not in ("properties", "Properties")}
    return {k[:1].lower() + k[1:]: v for k, v in (outer | (held or {})).items() if v is not None}


def _sequence(part: Record) -> int:
    held = part.get("sequenceNumber")
    return held if isinstance(held, int) and not isinstance(held, bool) else 0


def _called(caller: Record, chunks: list[Record], bodies: Record) -> Record:
    """Who called, when and from where."""
    named = field.account(caller, ACCOUNT, INDIRECT)
    first = chunks[0] if chunks else {}
    marks = [*named.pop("quality", []), *bodies.get("quality", []), *_gaps(chunks)]
    columns = {
        "event_id": field.text(caller, "correlationId"),
        "ts": field.moment(caller, ("time",), ("timeGenerated",)) or field.moment(first, ("time",)),
        "api_key_id": field.text(caller, "apimSubscriptionId"),
        "tenant": field.text(caller, "serviceId") or field.text(caller, "deploymentName"),
        "plan": field.text(caller, "productId"),
        "ip": field.text(caller, "callerIpAddress"),
        "latency_ms": field.number(caller, "durationMs") or field.number(caller, "totalTime"),
        "status": field.text(caller, "responseCode"),
        "error": field.text(caller, "lastErrorReason"),
        "user_agent": _header(caller, "user-agent"),
        "quality": sorted(set(marks)) or None,
    }
    return {name: value for name, value in (named | columns).items() if value is not None}


def _header(caller: Record, name: str) -> str | None:
    held = field.decoded(caller.get("requestHeaders"))
    found = {k.lower(): v for k, v in held.items()} if isinstance(held, dict) else {}
    return field.text(found, name)


def _metered(chunks: list[Record]) -> Record:
    """Model and tokens; the counts stand in one of the chunks and are zero or absent in the others."""

    def count(name: str) -> int | None:
        return max((v for c in chunks if (v := field.whole(c, name)) is not None), default=None)

    def text(name: str) -> str | None:
        return next((v for c in chunks if (v := field.text(c, name)) is not None), None)

    found = {
        "operation": "chat" if chunks else None,
        "provider": "azure.apim" if chunks else None,
        "request_model": text("deploymentName") or text("modelName"),
        "response_model": text("modelName"),
        "input_tokens": count("promptTokens"),
        "output_tokens": count("completionTokens"),
        "cached_tokens": count("promptCachedTokens"),
        "stream": next((v for c in chunks if (v := field.flag(c, "isStreamCompletion")) is not None), None),
    }
    return {name: value for name, value in found.items() if value is not None}


def _said(chunks: list[Record]) -> Record:
    """Messages and answer from the chunks in their order."""
    turns, images = messages.conversation(_whole(chunks, "requestMessages"), "requestMessages")
    answer = _whole(chunks, "responseMessages")
    told = messages.split(answer, "responseMessages")
    found = {
        "messages": turns or None,
        "images_in": images or None,
        "output_text": told.said or None,
        "reasoning_text": told.reasoning or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _whole(chunks: list[Record], name: str) -> Any:
    """One value from its chunks: lists of messages in order, or slices of one JSON text."""
    pieces = [c[name] for c in chunks if c.get(name)]
    read = [field.decoded(piece) for piece in pieces]
    if all(isinstance(piece, list) for piece in read):
        turns: list[Any] = []
        for piece in read:
            turns = _continued(turns, piece)
        return turns or None
    if all(isinstance(piece, str) for piece in pieces):
        return field.decoded("".join(pieces))
    raise field.wrong_type([name])


def _continued(turns: list[Any], piece: list[Any]) -> list[Any]:
    """Messages of the next chunk; one that filled its chunk goes on in the next, under the same role."""
    last, first = turns[-1:], piece[:1]
    cut = (
        last
        and first
        and all(isinstance(m, dict) and isinstance(m.get("content"), str) for m in (*last, *first))
        and last[0].get("role") == first[0].get("role", last[0].get("role"))
        and len(last[0]["content"]) >= CHUNK_CHARS
    )
    if not cut:
        return turns + piece
    joined = last[0] | {"content": last[0]["content"] + first[0]["content"]}
    return [*turns[:-1], joined, *piece[1:]]


def _gaps(chunks: list[Record]) -> list[str]:
    """A mark when a sequence number between the first and the last is not there."""
    numbers = {_sequence(c) for c in chunks}
    full = not numbers or len(numbers) == max(numbers) - min(numbers) + 1
    return [] if full else ["truncated:messages"]


def _bodies(caller: Record) -> Record:
    """A chat request and its response from logged bodies, where the model log was not enabled."""
    request, cut = _body(caller, "requestBody", "backendRequestBody")
    if cut:
        return {"quality": ["truncated:messages"]}
    if not isinstance(request, dict) or not {"messages", "input"} & request.keys():
        return {}
    response, cut = _body(caller, "responseBody", "backendResponseBody")
    answer = openai.result(response) if isinstance(response, dict) else {}
    return openai.parameters(request) | answer | ({"quality": ["truncated:output"]} if cut else {})


def _body(caller: Record, *names: str) -> tuple[Any, bool]:
    """(decoded body, whether it was a chat body that was cut)."""
    held = next((caller[name] for name in names if caller.get(name)), None)
    read = field.decoded(held)
    cut = isinstance(read, str) and read.lstrip()[:1] == "{" and ('"messages"' in read or '"choices"' in read)
    return (None, True) if cut else (read, False)
