"""How a group asks, in numbers: tempo, weight, repetition, intents and the commonest parameters; never a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.items import items_of
from stillwatch.campaigns.linking import weighed
from stillwatch.campaigns.observation import first_rows
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.intent import INTENTS
from stillwatch.findings.result import Profile
from stillwatch.stats.dispersion import volume_dispersion

SHARED_MIN = 8  # customers that must share an attribute before a profile says so
RARE_BITS = 4.0  # a value that at most one customer in sixteen has
MAJORITY = 0.5
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000


def profile(group: Group, requests: Sequence[Mapping[str, Any]] = ()) -> Profile:
    """The profile of the linked events; `requests`: parameters of sampled ones (columns of the event schema)."""
    records, rows = group.events, group.rows
    days = np.unique(np.column_stack([records.account[rows], records.ts[rows] // DAY_US]), axis=0)
    hours = np.unique(records.ts[rows] // HOUR_US % 24)
    counts = np.bincount(records.customer[rows], minlength=group.obs.customers)[group.customers]
    intents = records.intents[first_rows(records, rows)]
    shares = {
        name: round(float(((intents >> bit) & 1).mean()), 3) for bit, name in enumerate(INTENTS) if rows.size
    }
    asked, tasks = group.answered, group.tasks
    return Profile(
        events_per_account_day=round(rows.size / max(1, len(days)), 2),
        active_hours=int(hours.size),
        dispersion=round(float(volume_dispersion(counts)), 3) if counts.size > 1 else None,
        repeated=_repeated(items_of(asked, np.arange(asked.customer.size)), asked.customer),
        exchanges_per_task=None if tasks is None else round(tasks.opens.size / max(1, tasks.count), 2),
        input_tokens=_median(records.input_tokens[rows]),
        output_tokens=_median(records.output_tokens[rows]),
        turns=_median(records.turns[rows].astype(np.float64)),
        intents={k: v for k, v in shares.items() if v > 0},
        shared=_shared(group),
        request=commonest(requests),
    )


def _median(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def _repeated(item: np.ndarray, owner: np.ndarray) -> float | None:
    """Share of exchanges whose item at least two customers sent."""
    if not item.any():
        return None
    _, code = np.unique(item, return_inverse=True)
    pairs = np.unique(np.column_stack([code, owner]), axis=0)
    return round(float((np.bincount(pairs[:, 0])[code] >= 2).mean()), 3)


def _shared(group: Group) -> list[str]:
    """Attributes of which at least SHARED_MIN customers hold one value of RARE_BITS or more in linking."""
    keys = group.events.attributes
    weight = weighed(group.obs, keys)
    owner = group.events.customer[group.rows]
    out = []
    for column, (name, _) in enumerate(ATTRIBUTES):
        held = np.where(weight[group.rows, column] >= RARE_BITS, keys[group.rows, column], np.uint64(0))
        pairs = np.unique(np.column_stack([held, owner.astype(np.uint64)])[held != 0], axis=0)
        if len(pairs) and np.unique(pairs[:, 0], return_counts=True)[1].max() >= SHARED_MIN:
            out.append(name)
    return out


def commonest(requests: Sequence[Mapping[str, Any]]) -> dict[str, bool | float]:
    """What more than half of the sampled requests agree on: flags, temperature, max_tokens; no other value."""
    out: dict[str, bool | float] = {}
    for name, column, said in (
        ("tools", "tools_hash", bool),
        ("stream", "stream", _flag),
        ("logprobs", "logprobs", _flag),
        ("structured_output", "response_format", _structured),
        ("temperature", "temperature", _number),
        ("max_tokens", "max_tokens", _number),
    ):
        values = Counter(said(r[column]) for r in requests if column in r)
        top = values.most_common(1)
        if top and top[0][0] is not None and top[0][1] > MAJORITY * len(requests):
            out[name] = top[0][0]
    return out


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _structured(value: Any) -> bool | None:
    return None if value is None else str(value) != "text"


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 1)
