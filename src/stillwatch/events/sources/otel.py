"""OpenTelemetry GenAI spans in OTLP/JSON; one span with `gen_ai.*` attributes is one event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import field, messages
from stillwatch.events.sources.source import Record, RecordError

DEPTH_MAX = 32
ACCOUNT = (("account.id",), ("account_id",), ("gen_ai.account.id",))
INDIRECT = (
    ("api_key.id",),
    ("gen_ai.request.user",),
    ("enduser.id",),
    ("user.id",),
)
COLUMNS = {
    "operation": ("gen_ai.operation.name", "llm.request.type"),
    "provider": ("gen_ai.provider.name", "gen_ai.system"),
    "tenant": ("tenant.id",),
    "api_key_id": ("api_key.id",),
    "org_id": ("organization.id", "org.id"),
    "ip": ("client.address", "net.peer.ip"),
    "asn": ("client.as.number",),
    "payment_id": ("payment.id",),
    "end_user_id": ("enduser.id", "user.id", "gen_ai.request.user"),
    "session_id": ("session.id",),
    "conversation_id": ("gen_ai.conversation.id",),
    "user_agent": ("user_agent.original",),
    "client_fingerprint": ("tls.client.ja4", "tls.client.ja3"),
    "request_model": ("gen_ai.request.model",),
    "response_model": ("gen_ai.response.model",),
    "response_format": ("gen_ai.output.type",),
    "reasoning_effort": ("gen_ai.request.reasoning_effort", "gen_ai.openai.request.reasoning_effort"),
    "error": ("error.type",),
}
COUNTS = {
    "max_tokens": ("gen_ai.request.max_tokens",),
    "n": ("gen_ai.request.choice.count",),
    "seed": ("gen_ai.request.seed", "gen_ai.openai.request.seed"),
    "input_tokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    "output_tokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    "reasoning_tokens": ("gen_ai.usage.reasoning_tokens",),
    "cached_tokens": ("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
}
SPOKEN = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


@dataclass(frozen=True)
class OTel:
    """ExportTraceServiceRequest objects in JSON, one a line or one a file."""

    id: ClassVar[str] = "otel"
    title: ClassVar[str] = "OpenTelemetry GenAI (OTLP/JSON and OTLP protobuf)"

    def detect(self, record: Record) -> bool:
        return "resourceSpans" in record

    def events(self, record: Record) -> Iterator[Record]:
        first_bad: RecordError | None = None
        for resource, span in _spans(record):
            try:
                found = {**attributes(resource), **attributes(span)}
                if any(name.startswith("gen_ai.") for name in found):
                    yield _event(span, found)
            except RecordError as bad:
                first_bad = first_bad or bad
        if first_bad is not None:
            raise first_bad


def _spans(record: Record) -> Iterator[tuple[Any, Any]]:
    """Every (resource, span) of an export."""
    for group in field.rows(record, "resourceSpans"):
        for scope in field.rows(group, "scopeSpans") or field.rows(group, "instrumentationLibrarySpans"):
            for span in field.rows(scope, "spans"):
                yield field.peek(group, "resource"), span


def attributes(holder: Any) -> Record:
    """OTLP key-value pairs of a span, resource or span event as a plain object."""
    pairs = field.rows(holder, "attributes")
    return {key: plain(field.peek(p, "value")) for p in pairs if isinstance(key := field.peek(p, "key"), str)}


def plain(value: Any, depth: int = 0) -> Any:
    """An OTLP AnyValue as plain JSON; 64-bit integers come as text. Raises RecordError where malformed."""
    if not isinstance(value, dict) or not value:
        return None
    if depth > DEPTH_MAX:
        raise field.wrong_type(["attributes"])
    kind, held = next(iter(value.items()))
    if kind == "intValue":
        return _int64(held)
    if kind == "arrayValue":
        return [plain(inner, depth + 1) for inner in field.rows(held, "values")]
    if kind == "kvlistValue":
        pairs = field.rows(held, "values")
        return {str(field.peek(p, "key")): plain(field.peek(p, "value"), depth + 1) for p in pairs}
    return held


def _int64(held: Any) -> int:
    """An OTLP int64, written as text or as a number."""
    number = held
    if isinstance(held, str) and len(held) <= 20:
        try:
            number = int(held)
        except ValueError:
            raise field.wrong_type(["attributes", "intValue"]) from None
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > field.INT64_MAX:
        raise field.wrong_type(["attributes", "intValue"])
    return number


def _event(span: Any, found: Record) -> Record:
    """The canonical event of one span with its attributes."""
    start, end = _nanos(span, "startTimeUnixNano"), _nanos(span, "endTimeUnixNano")
    trace, own = field.text(span, "traceId"), field.text(span, "spanId")
    turns, output, thought = _content(span, found)
    finish = found.get("gen_ai.response.finish_reasons")
    columns: Record = {
        "event_id": f"{trace}:{own}" if trace and own else None,
        "ts": None if start is None else start / 1e9,
        "latency_ms": (end - start) / 1e6 if start is not None and end is not None and end >= start else None,
        "messages": turns,
        "output_text": output or None,
        "reasoning_text": thought or None,
        "temperature": field.number(found, "gen_ai.request.temperature"),
        "top_p": field.number(found, "gen_ai.request.top_p"),
        "stream": field.flag(found, "gen_ai.request.stream"),
        "status": field.text({"status": finish[0]}, "status")
        if isinstance(finish, list) and finish
        else None,
        "tools_hash": field.digest(found.get("gen_ai.tool.definitions")),
    }
    for name, keys in COLUMNS.items():
        columns[name] = field.first_text(found, *((key,) for key in keys))
    for name, keys in COUNTS.items():
        columns[name] = next((v for key in keys if (v := field.whole(found, key)) is not None), None)
    return field.event(OTel.id, columns | field.account(found, ACCOUNT, INDIRECT))


def _nanos(span: Any, name: str) -> int | None:
    """Unix nanoseconds; zero means unset."""
    held = field.peek(span, name)
    if held is None:
        return None
    try:
        return _int64(held) or None
    except RecordError:
        raise field.wrong_type([name]) from None


def _content(span: Any, found: Record) -> tuple[list[Record], str, str]:
    """Messages, output and reasoning: from attributes, else numbered attributes, else span events."""
    inner = [event for event in field.rows(span, "events") if isinstance(event, dict)]
    for event in inner:
        if event.get("name") == "gen_ai.client.inference.operation.details":
            found = attributes(event) | found
    asked, _ = messages.conversation(
        field.decoded(found.get("gen_ai.input.messages")), "gen_ai.input.messages"
    )
    said = field.decoded(found.get("gen_ai.output.messages"))
    if asked or said is not None:
        first = messages.system(
            field.decoded(found.get("gen_ai.system_instructions")), "gen_ai.system_instructions"
        )
        spoken = said if isinstance(said, list) else [said]
        bodies = [field.peek(m, "parts") or field.peek(m, "content") or m for m in spoken]
        parts = messages.split(bodies, "gen_ai.output.messages")
        return first + asked, parts.said, parts.reasoning
    if (numbered := _numbered(found, "gen_ai.prompt")) or "gen_ai.completion.0.content" in found:
        done = _numbered(found, "gen_ai.completion")
        return numbered, "\n".join(m["text"] for m in done), ""
    return _spoken(inner)


def _numbered(found: Record, stem: str) -> list[Record]:
    """The older `gen_ai.prompt.N.role` and `.content` attributes, in order of N, up to the first gap."""
    out: list[Record] = []
    for i in range(len(found)):
        if f"{stem}.{i}.content" not in found and f"{stem}.{i}.role" not in found:
            break
        content = messages.split(field.decoded(found.get(f"{stem}.{i}.content")), stem)
        if said := content.said or content.tool:
            out.append({"role": messages.role(found.get(f"{stem}.{i}.role")), "text": said})
    return out


def _spoken(events: list[Record]) -> tuple[list[Record], str, str]:
    """Messages and output of the older span events, one a message."""
    turns: list[Record] = []
    said: list[str] = []
    for event in events:
        name, held = event.get("name"), attributes(event)
        if name == "gen_ai.choice":
            message = field.decoded(held.get("message"))
            body = field.peek(message, "content") or message or held.get("content")
            said.append(messages.split(body, "gen_ai.choice").said)
        elif isinstance(name, str) and name in SPOKEN:
            text = messages.split(field.decoded(held.get("content")), name).said
            turns += [{"role": SPOKEN[name], "text": text}] if text else []
    return turns, "\n".join(filter(None, said)), ""
