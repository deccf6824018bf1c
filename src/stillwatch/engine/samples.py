"""Fetching the texts of a few linked events again, for the template of a report; they are never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import first_rows
from stillwatch.engine.batches import batches
from stillwatch.events.dataset import Dataset
from stillwatch.features import Batch
from stillwatch.text.utf8 import valid

REQUEST = (
    "temperature",
    "max_tokens",
    "stream",
    "logprobs",
    "response_format",
    "tools_hash",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One event per account: (account, system prompt and last user turn) pairs, and the parameters of each."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)


def sample_texts(dataset: Dataset, groups: Mapping[str, Group], limit: int) -> dict[str, Sample]:
    """Group id -> what up to `limit` of its accounts sent, one event each."""
    wanted: dict[tuple[str, int], str] = {}
    for name, group in groups.items():
        rows = first_rows(group.events, group.rows)[:limit]
        for row in rows:
            wanted[(group.obs.accounts[group.events.account[row]], int(group.events.ts[row]))] = name
    out = {name: Sample() for name in groups}
    if not wanted or dataset.content is None:
        return out
    moments = np.array(sorted({when for _, when in wanted}))
    for batch in batches(dataset):
        near = np.isin(_moments(batch), moments)
        if not near.any():
            continue
        part = batch.filter(near)
        times = _moments(part).tolist()
        systems = dict(zip(part.system_text[0].tolist(), valid(part.system_text[1]).to_pylist(), strict=True))
        names = part.events.column("account_id").to_pylist()
        asked = {c: part.events.column(c) for c in REQUEST if c in part.events.schema.names}
        for i, (who, when, text) in enumerate(
            zip(names, times, valid(part.user_text).to_pylist(), strict=True)
        ):
            group_id = wanted.pop((who, when), None)
            if group_id is not None:
                both = " ".join(x for x in (systems.get(i), text) if x)
                out[group_id].texts.append((who, both[:4000]))
                out[group_id].requests.append({c: column[i].as_py() for c, column in asked.items()})
    return out


def _moments(batch: Batch) -> np.ndarray:
    """i64[n] microseconds since the epoch."""
    return np.asarray(batch.events.column("ts").cast("int64"))
