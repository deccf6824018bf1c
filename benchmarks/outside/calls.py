"""Accounts, clients and calls of a made-up lab, and the world folder they are written to."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.outside.catalogue import SPEED_TOKENS_S
from stillwatch.events.schema import CONTENT, EVENTS, MESSAGE

Message = tuple[str, str]  # (role, text); roles are system, user, assistant and tool

BYTES_PER_TOKEN = 4.1  # of UTF-8; about right for Latin, Cyrillic and Chinese alike
CACHE_TOKENS_MIN = 1024  # shorter prefixes are not served from the cache


class Account(msgspec.Struct, frozen=True):
    """A billed account. `created` is in seconds since 1970 (UTC), like every time of this package."""

    id: str
    org: str | None
    payment: str | None
    email_domain: str | None
    created: float
    plan: str
    keys: tuple[str, ...]


class Client(msgspec.Struct, frozen=True):
    """A program as the server sees it, with the settings it usually sends (None: not sent)."""

    user_agent: str
    fingerprint: str
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stream: bool = False
    reasoning_effort: str | None = None
    response_format: str | None = None
    tools_hash: str | None = None
    logprobs: bool = False
    n: int | None = None


class Call(msgspec.Struct, frozen=True):
    """One call of the model. `harvest` is the truth: the call belongs to a campaign and is not its cover."""

    ts: float
    account: Account
    key: str
    ip: str
    asn: str
    client: Client
    model: str
    messages: tuple[Message, ...]
    output: str
    reasoning: str | None = None
    conversation: str | None = None
    session: str | None = None
    end_user: str | None = None
    status: str = "ok"
    error: str | None = None
    harvest: bool = False


class Group(msgspec.Struct, frozen=True):
    """Accounts that belong together, with their calls (any order, reference period included).

    `kind` is "campaign", the name of a look-alike as interfaces.md lists them (evaluation, batch, …), or
    "crowd" for people who are in neither list. `archetype` is empty unless it is a campaign. `declares` is
    TOML that goes into authorisations.toml.
    """

    name: str
    kind: str
    archetype: str
    accounts: tuple[Account, ...]
    calls: tuple[Call, ...]
    declares: str = ""


def tokens(text: str) -> int:
    """About how many tokens a text has; 0 for an empty one."""
    return round(len(text.encode()) / BYTES_PER_TOKEN + 0.5) if text else 0


def event_ids(calls: Sequence[Call]) -> list[str]:
    """An id per call from account and time alone, so that other traffic never changes it."""
    seen: Counter[str] = Counter()
    ids = []
    for call in calls:
        name = f"{call.account.id}|{round(call.ts * 1e6)}"
        seen[name] += 1
        ids.append("evt_" + hashlib.blake2b(f"{name}|{seen[name]}".encode(), digest_size=10).hexdigest())
    return ids


def events_table(calls: Sequence[Call], ids: Sequence[str], noise: np.random.Generator) -> pa.Table:
    """The `events` table: one row per call, columns as stillwatch.events.schema.EVENTS."""
    columns: dict[str, list[object] | np.ndarray] = {}
    columns["event_id"] = list(ids)
    columns["ts"] = [round(c.ts * 1e6) for c in calls]
    columns |= {"source": ["gateway"] * len(calls), "provider": ["aldermoor"] * len(calls)}
    columns["operation"] = ["chat"] * len(calls)
    _who(columns, calls)
    _request(columns, calls)
    _result(columns, calls, noise)
    nulls = pa.nulls(len(calls))
    arrays = [
        pa.array(columns[f.name], from_pandas=False).cast(f.type) if f.name in columns else nulls.cast(f.type)
        for f in EVENTS
    ]
    return pa.Table.from_arrays(arrays, schema=EVENTS)


def _who(columns: dict[str, list[object] | np.ndarray], calls: Sequence[Call]) -> None:
    accounts = [c.account for c in calls]
    columns["account_id"] = [a.id for a in accounts]
    columns["api_key_id"] = [c.key for c in calls]
    columns["org_id"] = [a.org for a in accounts]
    columns["ip"] = [c.ip for c in calls]
    columns["asn"] = [c.asn for c in calls]
    columns["payment_id"] = [a.payment for a in accounts]
    columns["email_domain"] = [a.email_domain for a in accounts]
    columns["account_created"] = [round(a.created * 1e6) for a in accounts]
    columns["plan"] = [a.plan for a in accounts]
    columns["end_user_id"] = [c.end_user for c in calls]
    columns["session_id"] = [c.session for c in calls]
    columns["conversation_id"] = [c.conversation for c in calls]
    columns["user_agent"] = [c.client.user_agent for c in calls]
    columns["client_fingerprint"] = [c.client.fingerprint for c in calls]


def _request(columns: dict[str, list[object] | np.ndarray], calls: Sequence[Call]) -> None:
    clients = [c.client for c in calls]
    columns["request_model"] = [c.model for c in calls]
    columns["temperature"] = [c.temperature for c in clients]
    columns["top_p"] = [c.top_p for c in clients]
    columns["max_tokens"] = [c.max_tokens for c in clients]
    columns["n"] = [c.n for c in clients]
    columns["logprobs"] = [c.logprobs for c in clients]
    columns["stream"] = [c.stream for c in clients]
    columns["reasoning_effort"] = [c.reasoning_effort for c in clients]
    columns["response_format"] = [c.response_format for c in clients]
    columns["tools_hash"] = [c.tools_hash for c in clients]


def _result(
    columns: dict[str, list[object] | np.ndarray], calls: Sequence[Call], noise: np.random.Generator
) -> None:
    ok = np.array([c.status == "ok" for c in calls], dtype=bool)
    sent = np.array([sum(tokens(text) for _, text in c.messages) for c in calls], dtype=np.int64)
    last = np.array([tokens(c.messages[-1][1]) for c in calls], dtype=np.int64)
    thought = np.array([tokens(c.reasoning or "") for c in calls], dtype=np.int64)
    answered = np.array([tokens(c.output) for c in calls], dtype=np.int64) + thought
    prefix = sent - last
    cached = np.where((prefix >= CACHE_TOKENS_MIN) & (noise.random(len(calls)) < 0.7), prefix // 128 * 128, 0)
    speed = np.array([SPEED_TOKENS_S[c.model] for c in calls], dtype=float)
    wait = noise.lognormal(6.0, 0.4, len(calls)) + sent * 0.03
    latency = wait + 1000 * answered / speed * noise.lognormal(0.0, 0.2, len(calls))
    columns["response_model"] = [c.model if c.status == "ok" else None for c in calls]
    columns["input_tokens"] = sent
    columns["output_tokens"] = np.where(ok, answered, 0)
    columns["reasoning_tokens"] = np.where(ok, thought, 0)
    columns["cached_tokens"] = np.where(ok, cached, 0)
    columns["images_in"] = columns["images_out"] = np.zeros(len(calls), dtype=np.int64)
    columns["latency_ms"] = np.round(np.where(ok, latency, wait / 3), 1)
    columns["status"] = [c.status for c in calls]
    columns["error"] = [c.error for c in calls]
    columns["content_level"] = ["full"] * len(calls)


def content_table(calls: Sequence[Call], ids: Sequence[str]) -> pa.Table:
    """The `content` table: messages, answer and reasoning of every call."""
    offsets = np.concatenate([[0], np.cumsum([len(c.messages) for c in calls])]).astype(np.int32)
    roles = pa.array([role for c in calls for role, _ in c.messages], pa.string())
    texts = pa.array([text for c in calls for _, text in c.messages], pa.string())
    messages = pa.StructArray.from_arrays([roles, texts], fields=list(MESSAGE))
    return pa.Table.from_arrays(
        [
            pa.array(ids, pa.string()),
            pa.ListArray.from_arrays(pa.array(offsets), messages).cast(CONTENT.field("messages").type),
            pa.array([c.output if c.status == "ok" else None for c in calls], pa.string()),
            pa.array([c.reasoning for c in calls], pa.string()),
        ],
        schema=CONTENT,
    )


def write(
    out: Path,
    *,
    world: str,
    seed: int,
    groups: Sequence[Group],
    reference_start: float,
    start: float,
    end: float,
) -> Path:
    """Write a world folder as interfaces.md fixes it and return it.

    Calls in [start, end) are the data to scan, those in [reference_start, start) the reference; others are
    dropped. The truth names what lies in the data to scan: a campaign's accounts are those that harvest
    there.
    """
    calls = sorted((c for g in groups for c in g.calls), key=lambda c: (c.ts, c.account.id))
    _write_period(out / "reference", [c for c in calls if reference_start <= c.ts < start], seed)
    _write_period(out, [c for c in calls if start <= c.ts < end], seed + 1)
    declared = "\n".join(g.declares for g in groups if g.declares)
    (out / "authorisations.toml").write_text(declared, encoding="utf-8")
    truth = {"world": world, "seed": seed} | truth_of(groups, start, end)
    (out / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    return out


def _write_period(folder: Path, calls: Sequence[Call], seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ids = event_ids(calls)
    noise = np.random.default_rng(seed)
    pq.write_table(events_table(calls, ids, noise), folder / "events.parquet", compression="zstd")
    pq.write_table(content_table(calls, ids), folder / "content.parquet", compression="zstd")


def truth_of(groups: Iterable[Group], start: float, end: float) -> dict[str, list[dict[str, object]]]:
    """What truth.json says of the groups: campaigns with their harvest, look-alikes with accounts."""
    campaigns: list[dict[str, object]] = []
    look_alikes: list[dict[str, object]] = []
    for group in groups:
        calls = sorted((c for c in group.calls if start <= c.ts < end), key=lambda c: (c.ts, c.account.id))
        if group.kind == "campaign":
            ids = [i for i, c in zip(event_ids(calls), calls, strict=True) if c.harvest]
            accounts = sorted({c.account.id for c in calls if c.harvest})
            campaigns.append(
                {"name": group.name, "archetype": group.archetype, "accounts": accounts, "events": ids}
            )
        elif group.kind != "crowd":
            look_alikes.append({"kind": group.kind, "accounts": sorted({c.account.id for c in calls})})
    return {"campaigns": campaigns, "look_alikes": look_alikes}
