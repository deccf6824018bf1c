"""Fetching the texts of a few linked events again, for the template of a report; they are never stored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stillwatch.campaigns.groups import Group, first_rows
from stillwatch.engine.batches import batches
from stillwatch.events.dataset import Dataset
from stillwatch.text.utf8 import valid


def sample_texts(
    dataset: Dataset, groups: Mapping[str, Group], limit: int
) -> dict[str, list[tuple[str, str]]]:
    """group id -> up to `limit` (account, last user turn or system prompt) pairs, one per account."""
    wanted: dict[tuple[str, int], str] = {}
    for name, group in groups.items():
        rows = first_rows(group.events, group.rows)[:limit]
        for row in rows:
            wanted[(group.obs.accounts[group.events.account[row]], int(group.events.ts[row]))] = name
    out: dict[str, list[tuple[str, str]]] = {name: [] for name in groups}
    if not wanted or dataset.content is None:
        return out
    accounts = {account for account, _ in wanted}
    for batch in batches(dataset):
        ids = batch.events.column("account_id").to_pylist()
        near = np.array([i in accounts for i in ids])
        if not near.any():
            continue
        part = batch.filter(near)
        times = part.events.column("ts").cast("int64").to_pylist()
        systems = dict(zip(part.system_text[0].tolist(), valid(part.system_text[1]).to_pylist(), strict=True))
        names = part.events.column("account_id").to_pylist()
        for i, (who, when, text) in enumerate(
            zip(names, times, valid(part.user_text).to_pylist(), strict=True)
        ):
            group_id = wanted.pop((who, when), None)
            if group_id is not None:
                both = " ".join(x for x in (systems.get(i), text) if x)
                out[group_id].append((who, both[:4000]))
    return out
