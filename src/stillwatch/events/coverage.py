"""What each detector needs from the logs, and which can therefore run."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

PRESENT_MIN = 0.05
NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "lexical keys (key burst, linking)": (("messages",), "prompts; without them no campaign can be raised"),
    "semantic keys (topic cells, content exchange)": (("messages",), "prompts"),
    "intent keys (elicitation)": (("messages",), "prompts"),
    "protocol keys": (
        ("user_agent", "client_fingerprint", "max_tokens", "temperature"),
        "client or request parameters",
    ),
    "infrastructure keys": (("ip",), "the caller's address"),
    "identity keys": (("payment_id", "account_created"), "payment token or sign-up time"),
    "timing keys (pivot)": (("request_model",), "the requested model"),
    "fail-over between accounts": (("status", "error"), "the status of each request"),
    "provenance keys (prefix)": (("messages",), "prompts with their history"),
    "one customer": (("org_id", "payment_id"), "organisation or payment"),
    "end users": (("end_user_id",), "end-user ids sent by the caller"),
    "known harness": (("user_agent",), "the client string"),
}


class Runnable(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one part can run on this input, and why not."""

    part: str
    runs: bool
    why: str


def runnable(coverage: Mapping[str, float]) -> list[Runnable]:
    """What can run given column -> share of events that carry it; any one of a part's columns suffices."""
    out = []
    for part, (columns, what) in NEEDS.items():
        share = max(coverage.get(c, 0.0) for c in columns)
        why = (
            f"{share:.0%} of events carry {what}"
            if share >= PRESENT_MIN
            else f"needs {what} ({' or '.join(columns)})"
        )
        out.append(Runnable(part=part, runs=share >= PRESENT_MIN, why=why))
    return out
