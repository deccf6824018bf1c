"""The engine end to end on small traffic: order-free, worker-free, calibrated without an attacker."""

import dataclasses

import numpy as np
import pytest

from stillwatch.campaigns.groups import groups
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest, write

SECRET = b"secret"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(11)
    before = [r for k in range(1, 5) for r in honest(rng, 300, 6, START_US - k * WEEK_US)]
    now = honest(rng, 300, 6, START_US) + campaign(rng, 40, 6, START_US)
    order = rng.permutation(len(now))
    write(folder / "a", [now[i] for i in order])
    write(folder / "a" / "reference", before, tag="r")
    return folder


def run(folder, **changes):
    current = open_dataset([folder], work=folder / "w")
    reference = open_dataset([folder / "reference"], work=folder / "w")
    return observe(dataclasses.replace(Run(current=current, reference=reference, secret=SECRET), **changes))


def summary(obs):
    return [
        (
            g.p_value,
            [obs.accounts[c] for c in g.customers],
            sorted(obs.burst.key[g.keys].tolist()),
            g.rows.size,
        )
        for g in groups(obs, 0.01)
    ]


@pytest.fixture(scope="module")
def found(world):
    """What one worker finds."""
    return summary(run(world / "a"))


@pytest.mark.slow
def test_the_pool_is_found_whole_and_nobody_else(found):
    assert len(found) == 1
    p, members, _, events = found[0]
    assert p <= 0.01
    assert members == [f"pool-{i:04d}" for i in range(40)]
    assert events == 240


def test_one_worker_equals_many(world, found):
    assert summary(run(world / "a", workers=3)) == found


def test_the_order_of_the_input_does_not_matter(world, found):
    import pyarrow.parquet as pq

    shuffled = world / "b"
    (shuffled / "reference").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(2)
    for part in (".", "reference"):
        tables = [pq.read_table(world / "a" / part / f"{n}.parquet") for n in ("events", "content")]
        order = rng.permutation(tables[0].num_rows)
        for table, name in zip(tables, ("events", "content"), strict=True):
            pq.write_table(table.take(order), shuffled / part / f"{name}.parquet")
    assert summary(run(shuffled)) == found


def test_without_an_attacker_nothing_bursts(tmp_path):
    rng = np.random.default_rng(5)
    write(tmp_path, honest(rng, 200, 5, START_US))
    write(
        tmp_path / "reference",
        [r for k in (1, 2) for r in honest(rng, 200, 5, START_US - k * WEEK_US)],
        tag="r",
    )
    assert groups(run(tmp_path), 0.01) == []
