"""The canonical event (schema v1): two Arrow tables joined by `event_id`, names after OpenTelemetry GenAI."""

from __future__ import annotations

import pyarrow as pa

_TS = pa.timestamp("us", tz="UTC")

EVENTS = pa.schema(
    [
        ("event_id", pa.string()),
        ("ts", _TS),
        ("source", pa.string()),
        ("tenant", pa.string()),
        ("provider", pa.string()),
        ("operation", pa.string()),
        ("account_id", pa.string()),
        ("api_key_id", pa.string()),
        ("org_id", pa.string()),
        ("ip", pa.string()),
        ("asn", pa.string()),
        ("payment_id", pa.string()),
        ("email_domain", pa.string()),
        ("account_created", _TS),
        ("plan", pa.string()),
        ("end_user_id", pa.string()),
        ("session_id", pa.string()),
        ("conversation_id", pa.string()),
        ("user_agent", pa.string()),
        ("client_fingerprint", pa.string()),
        ("request_model", pa.string()),
        ("temperature", pa.float64()),
        ("top_p", pa.float64()),
        ("max_tokens", pa.int64()),
        ("n", pa.int64()),
        ("seed", pa.int64()),
        ("logprobs", pa.bool_()),
        ("top_logprobs", pa.int64()),
        ("stream", pa.bool_()),
        ("reasoning_effort", pa.string()),
        ("reasoning_ref", pa.string()),
        ("response_format", pa.string()),
        ("tools_hash", pa.string()),
        ("response_model", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("cached_tokens", pa.int64()),
        ("images_in", pa.int64()),
        ("images_out", pa.int64()),
        ("audio_out_s", pa.float64()),
        ("latency_ms", pa.float64()),
        ("status", pa.string()),
        ("error", pa.string()),
        ("content_level", pa.string()),
        ("quality", pa.list_(pa.string())),
    ]
)
MESSAGE = pa.struct([("role", pa.string()), ("text", pa.string())])
CONTENT = pa.schema(
    [
        ("event_id", pa.string()),
        ("messages", pa.list_(MESSAGE)),
        ("output_text", pa.string()),
        ("reasoning_text", pa.string()),
    ]
)
REQUIRED = ("event_id", "ts", "account_id")
ROLES = ("system", "user", "assistant", "tool")
