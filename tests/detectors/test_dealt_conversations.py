"""Conversations that are dealt out in turns: raised in one pool of payers and exits, and nowhere else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from stillwatch.campaigns.groups import Group, groups
from stillwatch.detectors.own_repeats import OwnRepeats
from stillwatch.detectors.turn_taking import REGULAR, TurnTaking
from stillwatch.detectors.volume_balance import VolumeBalance
from stillwatch.detectors.work_list import WorkList, sent
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.range import build_world
from stillwatch.service.scanning import scan

POOL = {"honest": 300, "per_week": 10.0, "days": 3.0, "accounts": 40, "per_day": 5.0, "exchanges": 4.0}


def group_of(world: Path) -> Group:
    """The largest group of the campaign's accounts."""
    guilty = set(json.loads((world / "truth.json").read_text())["campaigns"][0]["accounts"])
    data = [open_dataset([p], work=world.parent / "w") for p in (world, world / "reference")]
    obs = observe(Run(current=data[0], reference=data[1], secret=b"s"))
    return next(g for g in groups(obs) if obs.accounts[g.customers[0]] in guilty)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Group:
    """Four conversations of four exchanges on average from each of 40 accounts in three days, dealt in turns."""
    return group_of(
        build_world("hydra", seed=94, out=tmp_path_factory.mktemp("pool") / "world", settings=POOL)
    )


@pytest.mark.slow
def test_in_one_pool_openings_are_turns_and_what_is_asked(pool: Group) -> None:
    assert pool.tasks_dealt
    turns = TurnTaking().judge(pool)
    assert turns.leans == REGULAR
    assert turns.evidence.bits > 2
    assert turns.evidence.inferred
    assert "share payers" in turns.statement
    assert pool.asked.customer.size == pool.tasks.count < pool.answered.customer.size
    assert WorkList().judge(pool).leans["extraction"] > 0
    item, owner, mine = sent(pool)
    assert item.size == owner.size == mine.size == pool.tasks.count
    assert OwnRepeats().judge(pool).leans == {}
    assert VolumeBalance().judge(pool).leans.get("extraction", 0.0) == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("what", ["own payers", "daily", "not in turns"])
def test_without_one_of_the_facts_they_are_not(pool: Group, what: str) -> None:
    other = dataclasses.replace(pool)
    if what == "own payers":
        other.__dict__["pooled"] = False
    else:
        openings = None if what == "not in turns" else pool.dealing.openings
        other.__dict__["dealing"] = dataclasses.replace(
            pool.dealing, openings=openings, opened_daily=what == "daily"
        )
    assert not other.tasks_dealt
    assert TurnTaking().judge(other).leans.get("extraction", 0.0) <= 0.0
    assert other.asked.customer.size == other.answered.customer.size


@pytest.mark.slow
def test_payers_and_exits_are_both_asked_for(pool: Group) -> None:
    """The pool's accounts with a payer each, and with a network each."""
    assert pool.rotating
    assert pool.pooled
    for name in ("payment", "network"):
        place = next(i for i, (known, _) in enumerate(ATTRIBUTES) if known == name)
        attributes = pool.events.attributes.copy()
        attributes[:, place] = pool.events.customer.astype(np.uint64) + np.uint64(1)
        suspects = dataclasses.replace(pool.obs.suspects, attributes=attributes)
        apart = dataclasses.replace(pool, obs=dataclasses.replace(pool.obs, suspects=suspects))
        assert not apart.pooled, name


@pytest.mark.slow
@pytest.mark.e2e
@pytest.mark.parametrize(
    ("evasions", "raised"),
    [(["L2"], ["extraction"]), (["L3"], ["extraction"]), (["L2", "L9"], [])],
    ids=["one pool", "paraphrased", "a payer and a home for each"],
)
def test_a_small_pool_of_conversations_is_raised(
    tmp_path: Path, evasions: list[str], raised: list[str]
) -> None:
    place = build_world("hydra", seed=94, out=tmp_path / "world", evasions=evasions, settings=POOL)
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    assert [c.explanation for c in found.campaigns] == raised
