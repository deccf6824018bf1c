"""Envoy AI Gateway: JSON access log entries with `gen_ai.*` fields or the `io.envoy.ai_gateway` dynamic metadata.

Field names after aigateway.envoyproxy.io/docs/capabilities/observability/accesslogs: `gen_ai.request.model`,
`gen_ai.response.model`, `gen_ai.provider.name`, `gen_ai.usage.*`, `session.id`, and the metadata keys `llm_input_token`,
`llm_output_token`, `model_name_override`, `backend_name`. "-" means absent. The log holds no prompt, so it gives
metadata alone. It names nobody unless the format is told to: log what authentication established as `account.id`
(from ext_authz or a JWT claim; `x-client-id` of API key authentication is taken too).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from stillwatch.events.sources import field
from stillwatch.events.sources.source import Record

NAMESPACE = "io.envoy.ai_gateway"
ENTRY = {"start_time", "response_code", "x-request-id", "downstream_remote_address"}
ACCOUNT = (("account.id",), ("account_id",), ("x-account-id",), ("meta.account_id",), ("meta.caller",))
INDIRECT = (("x-client-id",), ("api_key.id",), ("x-api-key-id",), ("x-user-id",), ("user.id",))
COLUMNS = {
    "request_model": ("gen_ai.request.model", "meta.request_model"),
    "response_model": ("gen_ai.response.model", "meta.response_model", "meta.model_name_override"),
    "provider": ("gen_ai.provider.name", "meta.backend_name", "meta.ai_service_backend_name"),
    "operation": ("gen_ai.operation.name",),
    "tenant": ("tenant.id", "x-tenant-id"),
    "api_key_id": ("api_key.id", "x-api-key-id", "x-client-id"),
    "org_id": ("organization.id", "x-org-id"),
    "session_id": ("session.id", "meta.session.id"),
    "user_agent": ("user-agent", "user_agent.original"),
    "client_fingerprint": ("tls.client.ja4", "tls_ja4_fingerprint", "tls_ja3_fingerprint"),
    "status": ("response_code",),
}
COUNTS = {
    "input_tokens": ("gen_ai.usage.input_tokens", "meta.llm_input_token"),
    "output_tokens": ("gen_ai.usage.output_tokens", "meta.llm_output_token"),
    "cached_tokens": (
        "gen_ai.usage.cached_input_tokens",
        "gen_ai.usage.cache_read.input_tokens",
        "meta.llm_cached_input_token",
    ),
    "reasoning_tokens": ("gen_ai.usage.reasoning_tokens", "meta.llm_reasoning_token"),
}


@dataclass(frozen=True)
class Envoy:
    """A flat access log entry with at least one `gen_ai.*` field or the gateway's dynamic metadata."""

    id: ClassVar[str] = "envoy"
    title: ClassVar[str] = "Envoy AI Gateway access log"

    def detect(self, record: Record) -> bool:
        spoken = any(key.startswith("gen_ai.") for key in record) or _metadata(record) is not None
        return spoken and not ENTRY.isdisjoint(record.keys())

    def events(self, record: Record) -> Iterator[Record]:
        found = {key: value for key, value in record.items() if value not in ("-", "")}
        held = _metadata(record)
        if isinstance(held, dict):
            found |= {f"meta.{key}": value for key, value in held.items() if value not in ("-", "")}
        models = (*COLUMNS["request_model"], *COLUMNS["response_model"])
        if not any(name in found for name in (*models, *COUNTS["input_tokens"], *COUNTS["output_tokens"])):
            return  # another route of the same gateway
        columns: Record = {
            name: field.first_text(found, *((key,) for key in keys)) for name, keys in COLUMNS.items()
        }
        for name, keys in COUNTS.items():
            columns[name] = next((v for key in keys if (v := _count(found, key)) is not None), None)
        yield field.event(
            self.id,
            columns
            | field.account(found, ACCOUNT, INDIRECT)
            | {
                "event_id": _id(found),
                "ts": field.moment(found, ("start_time",), ("time",)),
                "latency_ms": _count(found, "duration"),
                "ip": _address(found),
                "error": field.text(found, "response_code_details") if _failed(found) else None,
            },
        )


def _id(found: Record) -> str | None:
    """The request id with its time: where callers may set the id, one of them cannot hide calls behind each other."""
    named = field.text(found, "x-request-id")
    return f"{named}@{field.moment(found, ('start_time',), ('time',))}" if named else None


def _metadata(record: Record) -> Any:
    return record.get(NAMESPACE, field.peek(record.get("dynamic_metadata"), NAMESPACE))


def _count(found: Record, name: str) -> int | None:
    """A whole number; Envoy's text formatter writes numbers as text."""
    held = found.get(name)
    if isinstance(held, str) and held.isascii() and held.isdigit() and len(held) <= 18:
        return int(held)
    return field.whole(found, name)


def _failed(found: Record) -> bool:
    return (_count(found, "response_code") or 0) >= 400


def _address(found: Record) -> str | None:
    """The peer that Envoy saw, without its port; `x-forwarded-for` is the caller's word and is not taken."""
    held = field.first_text(
        found, ("downstream_remote_address_without_port",), ("downstream_remote_address",)
    )
    if held is None or held.count(":") == 1:
        return held and held.split(":")[0]
    return held[1:].split("]")[0] if held.startswith("[") else held
