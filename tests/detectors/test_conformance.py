"""The contract of every detector: pure, explains itself, names its part, quiet evidence on honest groups."""

import dataclasses

import numpy as np
import pytest

from stillwatch.campaigns.groups import Group, groups
from stillwatch.detectors import DETECTORS, Detector
from stillwatch.detectors.judgement import LEAN_MAX
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.findings.result import EXPLANATIONS
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, event, honest, organic, write


def observed(folder, now, before):
    write(folder, now)
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    return observe(Run(current=data[0], reference=data[1], secret=b"s"))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    rng = np.random.default_rng(21)
    before = [r for k in (1, 2, 3) for r in honest(rng, 250, 6, START_US - k * WEEK_US)]
    system = "You are Pebble, a kind helper for notes; keep the voice of the author and prefer short paragraphs over long lists."
    product = [
        event(
            f"user-{a:03d}",
            organic(rng, a),
            START_US + int(rng.integers(WEEK_US)),
            system=system,
            user_agent="pebble/1",
        )
        for a in range(60)
        for _ in range(int(rng.integers(2, 9)))
    ]
    now = honest(rng, 250, 6, START_US) + campaign(rng, 40, 6, START_US) + product
    return observed(tmp_path_factory.mktemp("w"), now, before)


def group_of(obs, prefix) -> Group:
    return next(g for g in groups(obs) if obs.accounts[g.customers[0]].startswith(prefix))


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.id)
@pytest.mark.parametrize("prefix", ["pool", "user"])
def test_a_detector_keeps_the_contract(detector, prefix, world):
    assert isinstance(detector, Detector)
    assert dataclasses.is_dataclass(detector)
    group = group_of(world, prefix)
    first, second = detector.judge(group), detector.judge(group)
    assert first == second
    if first is None:
        return
    assert first.evidence.detector == detector.id
    assert np.isfinite(first.evidence.bits)
    assert first.evidence.n > 0
    assert first.evidence.observed
    assert set(first.leans) <= set(EXPLANATIONS)
    assert all(abs(bits) <= LEAN_MAX for bits in first.leans.values())
    assert not first.leans or first.statement


def test_ids_are_unique_and_every_file_says_what_it_misses():
    import importlib

    assert len({d.id for d in DETECTORS}) == len(DETECTORS)
    for detector in DETECTORS:
        text = importlib.import_module(type(detector).__module__).__doc__
        for heading in ("## What it detects", "## Statistic", "## False positives", "## Evasions"):
            assert heading in text


def test_a_pool_and_a_product_are_told_apart(world):
    by_id = {d.id: d for d in DETECTORS}
    pool, product = group_of(world, "pool"), group_of(world, "user")
    assert by_id["content_exchange"].judge(pool).leans["extraction"] > 0
    assert by_id["content_exchange"].judge(product).leans.get("extraction", 0) <= 0
    assert by_id["template_place"].judge(pool).leans["extraction"] > 0
    assert by_id["template_place"].judge(product).leans["application"] > 0
    assert by_id["volume_balance"].judge(pool).leans["extraction"] > 0


def test_link_p_is_calibrated_on_random_groups(world):
    """Customers drawn from the crowd as a 'group': p is super-uniform, mean e at most about one."""
    rng = np.random.default_rng(8)
    obs = dataclasses.replace(world, suspects=world.crowd)
    people = np.unique(world.crowd.customer)
    ps = []
    for _ in range(60):
        chosen = rng.choice(people, 12, replace=False)
        rows = np.flatnonzero(np.isin(world.crowd.customer, chosen))
        rest = np.flatnonzero(~np.isin(world.crowd.customer, chosen))
        crowd = dataclasses.replace(
            world.crowd,
            hit_start=np.zeros(rest.size + 1, np.int64),
            hit_key=np.zeros(0, np.int64),
            hit_system=np.zeros(0, np.bool_),
            **{
                f.name: getattr(world.crowd, f.name)[rest]
                for f in dataclasses.fields(world.crowd)
                if not f.name.startswith("hit")
            },
        )
        group = Group(
            dataclasses.replace(obs, crowd=crowd), np.sort(chosen), np.zeros(0, np.int64), rows, rows
        )
        ps.append(group.p_link)
    ps = np.array(ps)
    assert (ps <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / ps.size)
    assert ps.mean() > 0.3
