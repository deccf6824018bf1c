"""Anthropic pairs: Messages requests logged beside their response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import field, messages, pair
from stillwatch.events.sources.source import Record


@dataclass(frozen=True)
class Anthropic:
    """{"request": ..., "response": ...} where the response is a `message` object."""

    id: ClassVar[str] = "anthropic"
    title: ClassVar[str] = "Anthropic Messages pairs"

    def detect(self, record: Record) -> bool:
        if not isinstance(field.peek(record, "request"), dict):
            return False
        request = field.peek(record, "request", "body") or record["request"]
        response = field.peek(record, "response", "body") or field.peek(record, "response")
        if not isinstance(request, dict) or "messages" not in request:
            return False
        kind = field.peek(response, "type")
        refused = kind == "error" and "error" in response
        return kind == "message" or refused or "anthropic_version" in request

    def events(self, record: Record) -> Iterator[Record]:
        request, response = pair.body(record, "request"), pair.body(record, "response")
        columns = {"provider": "anthropic", **parameters(request), **result(response)}
        columns["event_id"] = field.first_text(record, ("event_id",), ("id",)) or field.text(response, "id")
        columns["error"] = pair.failure(response)
        beside = {name: value for name, value in pair.around(record).items() if value is not None}
        yield field.event(self.id, columns | beside)


def parameters(request: Record) -> Record:
    """Canonical columns of a Messages request, also as carried inside a Bedrock body."""
    turns, images = messages.conversation(request.get("messages"))
    return {
        "operation": "chat",
        "messages": messages.system(request.get("system")) + turns,
        "images_in": images or None,
        "end_user_id": field.text(request, "metadata", "user_id"),
        "request_model": field.text(request, "model"),
        "temperature": field.number(request, "temperature"),
        "top_p": field.number(request, "top_p"),
        "max_tokens": field.whole(request, "max_tokens"),
        "stream": field.flag(request, "stream"),
        "reasoning_effort": field.first_text(request, ("output_config", "effort"), ("thinking", "type")),
        "tools_hash": field.digest(request.get("tools")),
    }


def result(response: Any) -> Record:
    """Canonical columns of a `message` object."""
    parts = messages.split(field.peek(response, "content"), "response.content")
    return {
        "output_text": parts.said or None,
        "reasoning_text": parts.reasoning or None,
        "response_model": field.text(response, "model"),
        "status": field.text(response, "stop_reason"),
        "input_tokens": field.whole(response, "usage", "input_tokens"),
        "output_tokens": field.whole(response, "usage", "output_tokens"),
        "cached_tokens": field.whole(response, "usage", "cache_read_input_tokens"),
    }
