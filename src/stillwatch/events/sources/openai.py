"""OpenAI pairs: Chat Completions and Responses requests logged beside their response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from stillwatch.events.sources import field, messages, pair
from stillwatch.events.sources.source import Record


@dataclass(frozen=True)
class OpenAI:
    """{"request": ..., "response": ...} with identity and time beside them."""

    id: ClassVar[str] = "openai"
    title: ClassVar[str] = "OpenAI chat and Responses pairs"

    def detect(self, record: Record) -> bool:
        request = field.peek(record, "request")
        request = field.peek(request, "body") or request
        return isinstance(request, dict) and ("messages" in request or "input" in request)

    def events(self, record: Record) -> Iterator[Record]:
        request, response = pair.body(record, "request"), pair.body(record, "response")
        columns = {"provider": "openai", **parameters(request), **result(response)}
        columns["event_id"] = field.first_text(record, ("event_id",), ("id",)) or field.text(response, "id")
        columns["error"] = pair.failure(response)
        beside = {name: value for name, value in pair.around(record).items() if value is not None}
        columns["end_user_id"] = field.first_text(request, ("safety_identifier",), ("user",))
        yield field.event(self.id, columns | beside)


def parameters(request: Record) -> Record:
    """Canonical columns of a chat or Responses request."""
    asked = "input" if "input" in request else "messages"
    turns, images = messages.conversation(request.get(asked), asked)
    return {
        "operation": "responses" if asked == "input" else "chat",
        "messages": messages.system(request.get("instructions"), "instructions") + turns,
        "images_in": images or None,
        "request_model": field.text(request, "model"),
        "temperature": field.number(request, "temperature"),
        "top_p": field.number(request, "top_p"),
        "max_tokens": _first_whole(request, "max_completion_tokens", "max_output_tokens", "max_tokens"),
        "n": field.whole(request, "n"),
        "seed": field.whole(request, "seed"),
        "logprobs": field.flag(request, "logprobs"),
        "top_logprobs": field.whole(request, "top_logprobs"),
        "stream": field.flag(request, "stream"),
        "reasoning_effort": field.first_text(request, ("reasoning_effort",), ("reasoning", "effort")),
        "reasoning_ref": field.text(request, "previous_response_id"),
        "response_format": field.first_text(request, ("response_format", "type"), ("text", "format", "type")),
        "tools_hash": field.digest(request.get("tools")),
    }


def result(response: Record) -> Record:
    """Canonical columns of a chat completion or a Responses object."""
    choices = field.rows(response, "choices")
    spoken = [field.peek(choice, "message") or field.peek(choice, "text") for choice in choices]
    spoken += field.rows(response, "output")
    said = messages.split(spoken, "response")
    thought = [field.text(message, "reasoning_content") for message in spoken]
    usage = field.table(response, "usage")
    details = field.table(usage, "completion_tokens_details") or field.table(usage, "output_tokens_details")
    prompt = field.table(usage, "prompt_tokens_details") or field.table(usage, "input_tokens_details")
    finish = field.text(choices[0], "finish_reason") if choices else None
    return {
        "output_text": said.said or None,
        "reasoning_text": "\n".join(filter(None, [said.reasoning, *thought])) or None,
        "response_model": field.text(response, "model"),
        "status": finish or field.text(response, "status"),
        "input_tokens": _first_whole(usage, "prompt_tokens", "input_tokens"),
        "output_tokens": _first_whole(usage, "completion_tokens", "output_tokens"),
        "reasoning_tokens": field.whole(details, "reasoning_tokens"),
        "cached_tokens": field.whole(prompt, "cached_tokens"),
    }


def _first_whole(record: Record, *names: str) -> int | None:
    """The first of several names that holds a whole number."""
    return next((value for name in names if (value := field.whole(record, name)) is not None), None)
