"""What a logged request and response pair says around the call: who, when, from where, how it ended."""

from __future__ import annotations

from stillwatch.events.sources import field
from stillwatch.events.sources.source import Record

ACCOUNT = (("account_id",), ("account",), ("metadata", "account_id"))
INDIRECT = (
    ("api_key_id",),
    ("metadata", "api_key_id"),
    ("organization",),
    ("org_id",),
    ("user",),
    ("request", "safety_identifier"),
    ("request", "user"),
    ("request", "metadata", "user_id"),
)
TIME = (("ts",), ("timestamp",), ("time",), ("created",), ("created_at",))
BESIDE = (
    "tenant",
    "provider",
    "ip",
    "asn",
    "payment_id",
    "email_domain",
    "plan",
    "end_user_id",
    "session_id",
    "conversation_id",
    "user_agent",
    "client_fingerprint",
    "reasoning_ref",
    "status",
    "error",
)


def body(record: Record, side: str) -> Record:
    """The request or response object, unwrapped where a logger stored it under `body`."""
    outer = field.table(record, side)
    return field.table(outer, "body") or outer


def around(record: Record) -> Record:
    """Canonical columns logged beside the pair, at the top level or under `metadata`.

    Raises RecordError 'missing:account_id' where nobody can be named.
    """
    found: Record = {name: field.first_text(record, (name,), ("metadata", name)) for name in BESIDE}
    found["api_key_id"] = field.first_text(record, ("api_key_id",), ("metadata", "api_key_id"))
    found["org_id"] = field.first_text(record, ("org_id",), ("organization",), ("metadata", "org_id"))
    found["account_created"] = field.moment(record, ("account_created",), ("metadata", "account_created"))
    found["latency_ms"] = field.number(record, "latency_ms")
    answered = (*TIME, ("response", "created"), ("response", "created_at"), ("response", "body", "created"))
    found["ts"] = field.moment(record, *answered)
    return found | field.account(record, ACCOUNT, INDIRECT)


def failure(response: Record) -> str | None:
    """The kind and code of an error the vendor returned; its message may quote a prompt and is left out."""
    held = response.get("error")
    if held is None or isinstance(held, str):
        return "error" if held else None
    kind, code = field.first_text(held, ("type",)), field.first_text(held, ("code",))
    return ": ".join(dict.fromkeys(word for word in (kind, code) if word)) or "error"
