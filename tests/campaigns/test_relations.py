"""Groups of one scan related to each other: a pool that carries on, a pool that two operators share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.relations import apart
from stillwatch.findings.result import Campaign
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, event, honest, organic, write

TEMPLATES = (
    "You are an expert with twenty years of practice. Study the request below and lay out every step of your work. "
    "{}. Finish with one line that can be checked.",
    "Rate the following draft against our rubric for clarity, depth and tone, then give marks out of ten. {}. "
    "Close with the single change that would raise the marks most.",
)


def pool(
    rng: np.random.Generator, template: int, days: tuple[float, float], name: str, network: str
) -> list[dict[str, Any]]:
    """Thirty accounts that deal out one template between two days of the week, on one network."""
    rows = []
    for i in range(30 * 12):
        ts = START_US + int(rng.uniform(*days) / 7 * WEEK_US)
        text = TEMPLATES[template].format(organic(rng, int(rng.integers(8)), 10))
        where = f"{network}.{i % 30}"
        rows.append(event(f"{name}-{i % 30:03d}", text, ts, ip=where, user_agent=f"client-{template}"))
    return rows


@dataclass(frozen=True)
class Beside:
    """Honest accounts: the reference period on disk, and their events of the week."""

    before: Path
    now: list[dict[str, Any]]

    def campaigns(self, folder: Path, *pools: list[dict[str, Any]]) -> list[Campaign]:
        rows = self.now + [row for some in pools for row in some]
        return scan([write(folder / "now", rows)], reference=self.before, workers=1).result.campaigns


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Beside:
    rng = np.random.default_rng(5)
    folder = tmp_path_factory.mktemp("before")
    before = write(folder, honest(rng, 500, 6, START_US - WEEK_US), "r")
    return Beside(before, honest(rng, 500, 6, START_US))


def members(campaign: Campaign) -> set[str]:
    return {a.account_id.split("-")[0] for a in campaign.accounts}


@pytest.mark.slow
def test_a_pool_that_carries_on_after_a_ban_succeeds_the_banned_one(tmp_path: Path, beside: Beside) -> None:
    rng = np.random.default_rng(1)
    found = beside.campaigns(
        tmp_path, pool(rng, 0, (0, 3), "alder", "203.0.113"), pool(rng, 0, (3.05, 7), "birch", "203.0.113")
    )
    named = {frozenset(members(c)): c for c in found}
    first, second = named[frozenset({"alder"})], named[frozenset({"birch"})]
    assert [(r.campaign, r.relation) for r in second.related] == [(first.id, "succeeds")]
    assert not first.related


@pytest.mark.slow
def test_two_operators_on_one_proxy_pool_share_it(tmp_path: Path, beside: Beside) -> None:
    rng = np.random.default_rng(2)
    found = beside.campaigns(
        tmp_path, pool(rng, 0, (0, 7), "alder", "203.0.113"), pool(rng, 1, (0, 7), "birch", "203.0.113")
    )
    assert sorted(map(sorted, map(members, found))) == [["alder"], ["birch"]]
    a, b = found
    assert [(r.campaign, r.relation) for r in a.related] == [(b.id, "shares-pool")]
    assert [(r.campaign, r.relation) for r in b.related] == [(a.id, "shares-pool")]


@pytest.mark.slow
def test_two_operators_with_nothing_in_common_are_not_related(tmp_path: Path, beside: Beside) -> None:
    rng = np.random.default_rng(3)
    found = beside.campaigns(
        tmp_path, pool(rng, 0, (0, 7), "alder", "203.0.113"), pool(rng, 1, (0, 7), "birch", "192.0.2")
    )
    assert len(found) == 2
    assert not any(c.related for c in found)


@pytest.mark.parametrize(
    ("earlier", "later", "gap"),
    [
        pytest.param([1, 2, 3], [7, 8, 9], 4, id="a clear gap"),
        pytest.param([1, 2, 3, 8], [7, 8, 9], None, id="a quarter is late"),
        pytest.param([*range(99), 500], [*range(200, 300)], 111, id="one straggler in a hundred"),
    ],
)
def test_the_gap_between_two_sets_of_times(earlier: list[int], later: list[int], gap: int | None) -> None:
    assert apart(np.array(earlier), np.array(later)) == gap
