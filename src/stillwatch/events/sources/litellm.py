"""LiteLLM standard logging payload: one object for each call through the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import field, messages, openai
from stillwatch.events.sources.source import Record, RecordError

ACCOUNT = (("metadata", "user_api_key_user_id"),)
INDIRECT = (
    ("metadata", "user_api_key_hash"),
    ("metadata", "user_api_key_team_id"),
    ("metadata", "user_api_key_org_id"),
    ("end_user",),
)


@dataclass(frozen=True)
class LiteLLM:
    """The `StandardLoggingPayload` written by the proxy's loggers (JSON file, object store, webhook)."""

    id: ClassVar[str] = "litellm"
    title: ClassVar[str] = "LiteLLM standard logging payload"

    def detect(self, record: Record) -> bool:
        return "call_type" in record and ("startTime" in record or "model_parameters" in record)

    def events(self, record: Record) -> Iterator[Record]:
        asked = openai.parameters(field.table(record, "model_parameters"))
        turns, images = messages.conversation(_unwrapped(record.get("messages")))
        yield field.event(
            self.id,
            asked
            | _answer(record)
            | _caller(record)
            | {
                "event_id": field.text(record, "id"),
                "ts": field.moment(record, ("startTime",), ("endTime",)),
                "operation": field.text(record, "call_type"),
                "provider": field.text(record, "custom_llm_provider"),
                "request_model": field.first_text(record, ("model_group",), ("model",)),
                "messages": turns,
                "images_in": images or None,
                "latency_ms": _elapsed_ms(record),
            },
        )


def _unwrapped(turns: Any) -> Any:
    """Messages are sometimes logged as {"messages": [...]}."""
    return turns["messages"] if isinstance(turns, dict) and "messages" in turns else turns


def _caller(record: Record) -> Record:
    """Who called: proxy keys are checked by the proxy, `end_user` is the caller's word."""
    return field.account(record, ACCOUNT, INDIRECT) | {
        "api_key_id": field.text(record, "metadata", "user_api_key_hash"),
        "org_id": field.first_text(
            record, ("metadata", "user_api_key_org_id"), ("metadata", "user_api_key_team_id")
        ),
        "ip": field.first_text(record, ("requester_ip_address",), ("metadata", "requester_ip_address")),
        "end_user_id": field.text(record, "end_user"),
        "session_id": field.first_text(record, ("session_id",), ("trace_id",)),
        "user_agent": field.first_text(record, ("user_agent",), ("metadata", "user_agent")),
    }


def _answer(record: Record) -> Record:
    """The response as text or as a chat completion; the proxy's own token counts come first."""
    held = record.get("response")
    if isinstance(held, str) or held is None:
        answer: Record = {"output_text": held or None}
    elif isinstance(held, dict):
        answer = openai.result(held)
    else:
        raise RecordError("wrong-type:response")
    counts = {
        "input_tokens": field.whole(record, "prompt_tokens"),
        "output_tokens": field.whole(record, "completion_tokens"),
        "status": field.text(record, "status"),
        "error": field.first_text(
            record, ("error_information", "error_class"), ("error_information", "error_code")
        ),
    }
    return answer | {name: value for name, value in counts.items() if value is not None}


def _elapsed_ms(record: Record) -> float | None:
    """`response_time` is in seconds; else the difference of the two epoch times."""
    if (seconds := field.number(record, "response_time")) is not None:
        return seconds * 1000.0
    start, end = record.get("startTime"), record.get("endTime")
    if isinstance(start, float) and isinstance(end, float) and end >= start:
        return (end - start) * 1000.0
    return None
