"""Langfuse exports: generations, alone or inside their trace, from the UI, the API or the blob storage export.

Field names after langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields (`trace_id`, `user_id`,
`provided_model_name`, `usage_details`, `start_time` in UTC without a zone) and the public API (`traceId`, `userId`,
`model`, `usageDetails`, `startTime`). Rows of a legacy export name no user; they are joined with the rows of `traces/`
by trace id. Langfuse has no gateway: `userId` is what the traced application says, and is marked so. Spans, events and
scores are read and give no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from stillwatch.events.sources import field, messages, openai
from stillwatch.events.sources.source import Record, RecordError, joined_alone

TRACE_IDS = (("traceId",), ("trace_id",))
STARTS = (("startTime",), ("start_time",))
GATEWAY_USER = ("metadata", "user_api_key_user_id")
USERS = (("userId",), ("user_id",))
SESSIONS = (("sessionId",), ("session_id",))
TENANTS = (("projectId",), ("project_id",))
_ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$")


@dataclass(frozen=True)
class Langfuse:
    """An observation, a trace with its observations, a page of either, or a row of a blob storage export."""

    id: ClassVar[str] = "langfuse"
    title: ClassVar[str] = "Langfuse export"

    def detect(self, record: Record) -> bool:
        if _is_observation(record) or _is_trace(record) or _is_score(record):
            return True
        inner = record.get("observations", record.get("data"))
        page = "meta" in record or "trace" in record
        first = inner[0] if isinstance(inner, list) and inner else None
        return page and isinstance(first, dict) and (_is_observation(first) or _is_trace(first))

    def events(self, record: Record) -> Iterator[Record]:
        yield from joined_alone(self, record)

    def parts(self, record: Record) -> Iterator[tuple[str, Record]]:
        """(trace id, {"trace": who and which session} or {"generation": observation})."""
        if isinstance(record.get("data"), list) and not _is_observation(record):
            for inner in field.rows(record, "data"):
                if isinstance(inner, dict):
                    yield from self.parts(inner)
            return
        trace = record if _is_trace(record) else field.table(record, "trace")
        name = field.text(trace, "id")
        if name is not None:
            keep = ("userId", "user_id", "sessionId", "session_id", "projectId", "project_id")
            yield name, {"trace": {key: trace[key] for key in keep if trace.get(key) is not None}}
        found = [record] if _is_observation(record) else field.rows(record, "observations")
        for observation in found:
            if isinstance(observation, dict) and observation.get("type") == "GENERATION":
                yield field.first_text(observation, *TRACE_IDS) or name or "", {"generation": observation}

    def join(self, parts: list[Record]) -> Iterator[Record]:
        """One event for each generation; its own user and session before those of the trace."""
        trace: Record = {}
        for part in parts:
            trace |= part.get("trace") or {}
        first_bad: RecordError | None = None
        for part in parts:
            if "generation" in part:
                try:
                    yield _event(part["generation"], trace)
                except RecordError as error:
                    first_bad = first_bad or error
        if first_bad is not None:
            raise first_bad


def _is_observation(record: Record) -> bool:
    linked = any(path[0] in record for path in TRACE_IDS)
    return linked and "type" in record and any(path[0] in record for path in STARTS)


def _is_trace(record: Record) -> bool:
    owned = "htmlPath" in record or any(path[0] in record for path in TENANTS)
    return owned and {"id", "timestamp", "tags"} <= record.keys()


def _is_score(record: Record) -> bool:
    kind = "data_type" in record or "dataType" in record
    return kind and {"id", "name", "value"} <= record.keys() and any(p[0] in record for p in TRACE_IDS)


def _event(said: Record, trace: Record) -> Record:
    """The canonical event of one generation."""
    start = field.moment(said, *STARTS)
    asked = _asked(field.decoded(said.get("input")))
    whose = said if field.first_text(said, GATEWAY_USER, *USERS) else trace
    return field.event(
        Langfuse.id,
        asked
        | _limits(field.decoded(_either(said, "modelParameters", "model_parameters")))
        | _answered(field.decoded(said.get("output")))
        | _counts(field.decoded(_either(said, "usageDetails", "usage_details")) or said.get("usage"))
        | field.account(whose, (GATEWAY_USER,), USERS)
        | {
            "event_id": field.text(said, "id"),
            "ts": _utc(start),
            "latency_ms": _elapsed_ms(start, field.moment(said, ("endTime",), ("end_time",))),
            "tenant": field.first_text(said, *TENANTS) or field.first_text(trace, *TENANTS),
            "session_id": field.first_text(said, *SESSIONS) or field.first_text(trace, *SESSIONS),
            "api_key_id": field.text(said, "metadata", "user_api_key_hash"),
            "ip": field.text(said, "metadata", "requester_ip_address"),
            "request_model": field.first_text(said, ("provided_model_name",), ("model",)),
            "operation": "chat" if "messages" in asked else None,
            "error": "error" if said.get("level") == "ERROR" else None,
        },
    )


def _either(record: Record, one: str, other: str) -> Any:
    return record.get(one) if record.get(one) is not None else record.get(other)


def _utc(value: Any) -> Any:
    """The blob storage export writes UTC without saying so."""
    return f"{value}+00:00" if isinstance(value, str) and value and not _ZONE.search(value) else value


def _elapsed_ms(start: Any, end: Any) -> float | None:
    try:
        spent = datetime.fromisoformat(_utc(end)) - datetime.fromisoformat(_utc(start))
    except (TypeError, ValueError):
        return None
    return spent.total_seconds() * 1000.0 if spent.total_seconds() >= 0 else None


def _asked(given: Any) -> Record:
    """`input` is whatever was traced: a list of messages, a request body, or a text."""
    if not isinstance(given, dict):
        turns, images = messages.conversation(given, "input")
        return {"messages": turns, "images_in": images or None} if turns else {}
    held = next((given[key] for key in ("messages", "contents") if key in given), None)
    turns, images = messages.conversation(given if held is None else held, "input")
    first = messages.system(given.get("system"), "input.system") if held is not None else []
    turns = first + turns
    found: Record = {"images_in": images or None, "tools_hash": field.digest(given.get("tools"))}
    return found | ({"messages": turns} if turns else {})


def _answered(given: Any) -> Record:
    if isinstance(given, dict) and "choices" in given:
        return openai.result(given)
    said = messages.split(given, "output")
    thought = field.text(given, "reasoning_content") if isinstance(given, dict) else None
    reasoning = "\n".join(filter(None, [said.reasoning, thought]))
    return {"output_text": said.said or None, "reasoning_text": reasoning or None}


def _limits(given: Any) -> Record:
    """Model parameters; some clients trace numbers as text."""
    held = {} if given is None else given
    if not isinstance(held, dict):
        raise field.wrong_type(["modelParameters"])
    held = {key: _numeric(value) for key, value in held.items()}
    limits = ("max_tokens", "maxTokens", "max_completion_tokens", "max_output_tokens")
    return {
        "temperature": field.number(held, "temperature"),
        "top_p": field.number(held, "top_p"),
        "seed": field.whole(held, "seed"),
        "max_tokens": next((v for name in limits if (v := field.whole(held, name)) is not None), None),
        "reasoning_effort": field.text(held, "reasoning_effort"),
    }


def _numeric(value: Any) -> Any:
    """A number given as text; what is no number is left out ("inf" stands for no limit)."""
    if not isinstance(value, str):
        return value
    return float(value) if re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value) else None


def _counts(given: Any) -> Record:
    named = {
        "input_tokens": ("input", "promptTokens", "prompt_tokens"),
        "output_tokens": ("output", "completionTokens", "completion_tokens"),
        "cached_tokens": ("input_cached_tokens", "cache_read_input_tokens"),
        "reasoning_tokens": ("output_reasoning_tokens", "reasoning_tokens"),
    }
    return {
        column: next((v for name in names if (v := field.whole(given, name)) is not None), None)
        for column, names in named.items()
    }
