"""Small canonical data sets written row by row: what a test needs to say about traffic, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.events.schema import CONTENT, EVENTS

START_US = int(datetime(2026, 5, 4, tzinfo=UTC).timestamp() * 1e6)
WEEK_US = 7 * 86_400_000_000
_TOPICS = (
    "garden soil seed compost harvest pruning shade lawn orchard beetle|court contract appeal verdict clause tort witness "
    "lawyer statute judge|planet orbit comet telescope galaxy nebula crater eclipse rocket probe|recipe oven butter flour "
    "simmer garlic broth pastry whisk glaze|guitar chord melody rhythm choir violin tempo lyric octave drum|goal match "
    "referee league striker penalty stadium coach defender trophy|loan interest ledger audit invoice dividend equity bond "
    "tax payroll|kernel thread compiler pointer socket cache mutex parser daemon shell"
)
TOPICS = [words.split() for words in _TOPICS.split("|")]
_GLUE = [
    "could",
    "you",
    "tell",
    "me",
    "how",
    "the",
    "best",
    "way",
    "to",
    "use",
    "a",
    "for",
    "my",
    "and",
    "what",
    "about",
    "this",
    "when",
    "i",
    "need",
    "it",
]


def organic(rng: np.random.Generator, topic: int, words: int = 24) -> str:
    """A prompt nobody else sends: words of one topic between small words."""
    own = TOPICS[topic % len(TOPICS)]
    picks = [
        own[rng.integers(len(own))] if rng.random() < 0.5 else _GLUE[rng.integers(len(_GLUE))]
        for _ in range(words)
    ]
    return " ".join(picks)


def event(account: str, text: str, ts: int, **columns: Any) -> dict[str, Any]:
    """One call: a user turn at `ts` (us since the epoch); `system` adds a system prompt, others are columns."""
    messages = [{"role": "user", "text": text}]
    if "system" in columns:
        messages.insert(0, {"role": "system", "text": columns.pop("system")})
    return {"account_id": account, "ts": ts, "messages": columns.pop("messages", messages), **columns}


def honest(
    rng: np.random.Generator, accounts: int, each: int, start: int, prefix: str = "acct"
) -> list[dict[str, Any]]:
    """Accounts with a topic of their own, `each` events over one week from `start`."""
    rows = []
    for a in range(accounts):
        for _ in range(each):
            ts = start + int(rng.integers(WEEK_US))
            rows.append(event(f"{prefix}-{a:05d}", organic(rng, a), ts, ip=f"198.51.{a % 250}.{a // 250}"))
    return rows


def write(folder: Path, rows: Sequence[dict[str, Any]], tag: str = "e") -> Path:
    """events.parquet and content.parquet in `folder`, in the given order, ids numbered."""
    folder.mkdir(parents=True, exist_ok=True)
    named = [{"event_id": f"{tag}-{i:07d}", **r} for i, r in enumerate(rows)]
    for name, schema in (("events", EVENTS), ("content", CONTENT)):
        fields = [f for f in schema if any(f.name in r for r in named)]
        columns = [pa.array([r.get(f.name) for r in named], f.type) for f in fields]
        pq.write_table(pa.table(columns, schema=pa.schema(fields)), folder / f"{name}.parquet")
    return folder


def campaign(
    rng: np.random.Generator, accounts: int, each: int, start: int, *, prefix: str = "pool"
) -> list[dict[str, Any]]:
    """One template with a payload of any topic, dealt out over `accounts`."""
    rows = []
    for i in range(accounts * each):
        text = (
            "You are an expert with twenty years of practice. Study the request below and lay out every step of your work. "
            f"{organic(rng, int(rng.integers(8)), 10)}. Finish with one line that can be checked."
        )
        rows.append(
            event(
                f"{prefix}-{i % accounts:04d}",
                text,
                start + int(rng.integers(WEEK_US)),
                ip=f"203.0.113.{i % 9}",
            )
        )
    return rows
