"""Kong AI Gateway: log entries of its logging plugins (http-log, file-log and others) that hold an `ai` object.

Field names after developer.konghq.com/ai-gateway/ai-audit-log-reference (`ai.proxy.meta`, `.usage`, `.payload`; before
3.8 `ai.<plugin>` and `ai.payload.request`) and the http-log entry (`request`, `response`, `consumer`,
`authenticated_entity`, `client_ip`, `started_at` in ms). The consumer is the account, the credential its key. Prompts
are there only with the plugin's `logging.log_payloads`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import anthropic, field, messages, openai
from stillwatch.events.sources.source import Record

ACCOUNT = (("consumer", "id"), ("authenticated_entity", "consumer_id"), ("consumer", "username"))
INDIRECT = (("authenticated_entity", "id"),)
PROXIES = ("proxy", "proxy-advanced", "ai-proxy", "ai-proxy-advanced")


@dataclass(frozen=True)
class Kong:
    """A gateway log entry with `ai.<plugin>.meta` or `.usage`."""

    id: ClassVar[str] = "kong"
    title: ClassVar[str] = "Kong AI Gateway log"

    def detect(self, record: Record) -> bool:
        held = record.get("ai")
        entry = isinstance(record.get("request"), dict) and ("client_ip" in record or "started_at" in record)
        return entry and isinstance(held, dict) and bool(_plugin(held))

    def events(self, record: Record) -> Iterator[Record]:
        held = field.table(record, "ai")
        plugin = _plugin(held)
        yield field.event(
            self.id,
            _asked(field.peek(plugin, "payload", "request") or field.peek(held, "payload", "request"))
            | _answered(field.peek(plugin, "payload", "response"))
            | _metered(plugin)
            | _caller(record)
            | {
                "event_id": field.text(record, "request", "id"),
                "ts": field.moment(record, ("started_at",)),
                "latency_ms": field.number(record, "latencies", "request"),
                "status": field.text(record, "response", "status"),
                "error": field.text(plugin, "meta", "error_type"),
            },
        )


def _plugin(held: Record) -> Record:
    """What the proxying plugin logged; the transformer plugins call models of their own and are not asked."""
    named = [held[name] for name in PROXIES if isinstance(held.get(name), dict)]
    named += [v for k, v in sorted(held.items()) if k not in PROXIES and "transformer" not in k]
    return next((p for p in named if isinstance(p, dict) and ("meta" in p or "usage" in p)), {})


def _metered(plugin: Record) -> Record:
    """Model and token counts as the gateway measured them (3.8 renamed `prompt_token` to `prompt_tokens`)."""
    found = {
        "provider": field.text(plugin, "meta", "provider_name"),
        "request_model": field.text(plugin, "meta", "request_model"),
        "response_model": field.text(plugin, "meta", "response_model"),
        "stream": True if field.peek(plugin, "meta", "request_mode") == "stream" else None,
        "input_tokens": _count(plugin, "prompt_tokens", "prompt_token"),
        "output_tokens": _count(plugin, "completion_tokens", "completion_token"),
        "cached_tokens": field.whole(plugin, "usage", "prompt_tokens_details", "cached_tokens"),
        "reasoning_tokens": field.whole(plugin, "usage", "completion_tokens_details", "reasoning_tokens"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _count(plugin: Record, *names: str) -> int | None:
    return next((v for name in names if (v := field.whole(plugin, "usage", name)) is not None), None)


def _caller(record: Record) -> Record:
    return field.account(record, ACCOUNT, INDIRECT) | {
        "api_key_id": field.text(record, "authenticated_entity", "id"),
        "tenant": field.first_text(record, ("workspace_name",), ("workspace",)),
        "ip": field.text(record, "client_ip"),
        "user_agent": field.text(record, "request", "headers", "user-agent"),
    }


def _asked(payload: Any) -> Record:
    body = field.decoded(payload)
    if isinstance(body, str):
        return {"messages": [{"role": "user", "text": body}]} if body else {}
    if body is not None and not isinstance(body, dict):
        raise field.wrong_type(["ai", "payload", "request"])
    if not body:
        return {}
    if "contents" in body:
        turns, images = messages.conversation(body["contents"], "contents")
        return {"messages": turns, "images_in": images or None}
    if "prompt" in body and "messages" not in body:
        return openai.parameters(body | {"messages": body["prompt"]})
    return anthropic.parameters(body) if "system" in body else openai.parameters(body)


def _answered(payload: Any) -> Record:
    """A response body; the gateway keeps only the joined text of a streamed one."""
    body = field.decoded(payload)
    if isinstance(body, str):
        return {"output_text": body or None}
    if body is not None and not isinstance(body, dict):
        raise field.wrong_type(["ai", "payload", "response"])
    if not body:
        return {}
    return anthropic.result(body) if isinstance(body.get("content"), list) else openai.result(body)
