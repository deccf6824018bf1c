"""Strangers whose jobs run at one interval, as a published template sets it, are no pool; a pool on schedules is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns import group
from stillwatch.range import build_world
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, TOPICS, WEEK_US, event, organic, write

HOUR_US = 3_600_000_000
HEAD = (
    "Read the message below as a careful assistant of a small shop, say in one short paragraph what the sender wants, "
    "and name every date and amount in it. Message: "
)


@pytest.mark.parametrize("every_h", [1.0, 6.0])
@pytest.mark.slow
def test_a_template_with_an_interval_is_not_held_against_its_users(
    every_h: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = build_world(
        "application", seed=7, out=tmp_path / "w", honest=800, accounts=60, wrapped=True, every_h=every_h
    )
    assert scan([place], workers=1).result.campaigns == []
    monkeypatch.setattr(group, "on_schedules", lambda *_: False)
    assert scan([place], workers=1).result.campaigns, "the case is one"


def rows(rng: np.random.Generator, name: str, count: int, begin: int, **columns: Any) -> list[dict[str, Any]]:
    """People with a topic each, some requests a week."""
    out = []
    for a in range(count):
        for _ in range(6):
            own = {"ip": f"198.18.{a % 250}.{a % 7}", "user_agent": f"app/{a % 12}"} | columns
            out.append(event(f"{name}-{a:03d}", organic(rng, a), begin + int(rng.integers(WEEK_US)), **own))
    return out


def pool(rng: np.random.Generator, kind: str, text: str) -> list[dict[str, Any]]:
    """Sixty accounts of one new client, each every six hours from an hour of its own. Who is no pool pays for himself, from a
    network of his own; who is a stranger writes of a topic of his own."""
    out, alone = [], kind != "pool"
    for a in range(60):
        first = int(rng.integers(0, 48 * HOUR_US))
        for at in range(START_US + first, START_US + WEEK_US, 6 * HOUR_US):
            columns = {
                "ip": f"203.0.{a}.{a % 9}" if alone else f"203.0.113.{rng.integers(9)}",
                "payment_id": f"pay-{a if alone else a // 12}",
                "user_agent": "mill/1",
                "max_tokens": 700,
            }
            said = text + organic(rng, a if kind == "strangers" else int(rng.integers(len(TOPICS))))
            out.append(event(f"mill-{a:02d}", said, at + int(rng.integers(40_000_000)), **columns))
    return out


@pytest.mark.parametrize(
    ("kind", "text"),
    [("strangers", ""), ("strangers", HEAD), ("one purpose", HEAD), ("pool", ""), ("pool", HEAD)],
)
@pytest.mark.slow
def test_means_and_contents_tell_a_pool_on_schedules_from_strangers(
    kind: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(11)
    before = [r for w in (1, 2, 3) for r in rows(rng, "old", 300, START_US - w * WEEK_US)]
    current = write(tmp_path / "now", rows(rng, "old", 300, START_US) + pool(rng, kind, text))
    earlier = write(tmp_path / "before", before, "r")
    found = scan([current], reference=earlier, workers=1)
    assert bool(found.result.campaigns) == (kind == "pool")
    monkeypatch.setattr(group, "on_schedules", lambda *_: False)
    assert scan([current], reference=earlier, workers=1).result.campaigns, "the case is one"
