"""The contract of every detector: pure, explains itself, names its part, quiet evidence on honest groups."""

import dataclasses

import numpy as np
import pytest

from stillwatch.campaigns.group import PAYMENT, Group
from stillwatch.campaigns.groups import groups
from stillwatch.campaigns.observation import Stream
from stillwatch.detectors import DETECTORS, Detector
from stillwatch.detectors.judgement import LEAN_MAX
from stillwatch.detectors.shared_control import STRANGERS, SharedControl
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.features.families import Family, tagged
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


@pytest.fixture(scope="module")
def found(world) -> dict[str, Group]:
    """The group of each kind of account: `pool` deals a list out, `user` are users of one product."""
    return {world.accounts[g.customers[0]].split("-")[0]: g for g in reversed(groups(world, 0.01))}


@pytest.fixture
def pool(found) -> Group:
    return found["pool"]


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.id)
@pytest.mark.parametrize("prefix", ["pool", "user"])
def test_a_detector_keeps_the_contract(detector, prefix, found):
    assert isinstance(detector, Detector)
    assert dataclasses.is_dataclass(detector)
    group = found[prefix]
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


def test_a_pool_and_a_product_are_told_apart(found):
    by_id = {d.id: d for d in DETECTORS}
    pool, product = found["pool"], found["user"]
    assert by_id["content_exchange"].judge(pool).leans["extraction"] > 0
    assert by_id["content_exchange"].judge(product).leans.get("extraction", 0) <= 0
    assert by_id["template_place"].judge(pool).leans["extraction"] > 0
    assert by_id["template_place"].judge(product).leans["application"] > 0
    assert by_id["volume_balance"].judge(pool).leans["extraction"] > 0


def acting(group: Group, **columns: np.ndarray) -> Group:
    """The group with other columns in its records; other payloads are single questions."""
    if "payload" in columns:
        columns |= dict.fromkeys(("said", "task"), columns["payload"])
    records = dataclasses.replace(group.events, **columns)
    return dataclasses.replace(group, obs=dataclasses.replace(group.obs, suspects=records, stream=None))


def lean(name: str, group: Group, explanation: str = "extraction") -> float:
    judgement = {d.id: d for d in DETECTORS}[name].judge(group)
    return judgement.leans.get(explanation, 0.0) if judgement else 0.0


def test_items_that_every_account_asks_are_a_benchmark_or_a_class(pool):
    place = np.zeros(pool.events.rows, np.uint64)
    for customer in pool.customers:
        mine = pool.rows[pool.events.customer[pool.rows] == customer]
        place[mine] = np.arange(mine.size) + 1
    assert lean("work_list", pool) > 0
    assert lean("work_list", acting(pool, payload=place)) < -5
    assert lean("work_list", acting(pool, payload=place), "evaluation") > 0


def test_cases_that_are_run_again_are_no_harvest(pool):
    again = pool.events.customer.astype(np.uint64) * np.uint64(10) + np.uint64(1)
    again += (np.arange(pool.events.rows) % 2).astype(np.uint64)
    assert lean("own_repeats", pool) == 0
    assert lean("own_repeats", acting(pool, payload=again)) < 0


def test_accounts_that_share_a_program_only_are_its_customers(found):
    """Users of one product: with payers of their own, with nothing known of them, and with payers in common."""
    users = found["user"]

    def paid(payer: np.ndarray) -> Group:
        attributes = users.events.attributes.copy()
        attributes[users.rows, PAYMENT] = tagged(payer.astype(np.uint64), Family.IDENTITY)
        return acting(users, attributes=attributes)

    owner = users.events.customer[users.rows]
    own = SharedControl().judge(paid(owner + 1))
    assert own.leans == STRANGERS
    assert "differ as strangers do" in own.evidence.counter[0]
    unknown = SharedControl().judge(acting(users, attributes=np.zeros_like(users.events.attributes)))
    assert unknown.leans == STRANGERS
    assert "are not known" in unknown.statement
    assert SharedControl().judge(paid(owner % 3 + 1)).leans == {}


def test_turns_and_sessions_lean_apart(pool):
    ts, owner = pool.events.ts.copy(), pool.events.customer
    place = np.array([np.count_nonzero(pool.rows[: i + 1] < row) for i, row in enumerate(pool.rows)])
    _, account = np.unique(owner[pool.rows], return_inverse=True)
    nth = np.concatenate([np.arange(n) for n in np.bincount(account)])
    ts[pool.rows] = START_US + (nth * 1000 + account) * 1_000_000
    assert lean("turn_taking", acting(pool, ts=ts)) > 0
    ts[pool.rows] = START_US + place * 1_000_000
    bunched = acting(pool, ts=ts)
    assert lean("turn_taking", bunched) == 0  # every account has as many: a scheduler's bunches
    people = dataclasses.replace(bunched, rows=pool.rows[nth <= account % 6])
    assert lean("turn_taking", people) < 0


def test_accounts_with_content_of_their_own_are_no_pool(pool):
    own = np.random.default_rng(3).normal(size=(pool.obs.customers, pool.events.vectors.shape[1]))
    vectors = own[pool.events.customer] + 0.1 * pool.events.vectors
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    assert lean("content_exchange", pool) > 0
    assert lean("content_exchange", acting(pool, vectors=vectors)) <= -4


def test_volumes_of_accounts_that_are_replaced_are_not_uneven(pool):
    from stillwatch.detectors.volume_balance import _by_presence

    rng = np.random.default_rng(5)
    lives = rng.uniform(0.05, 1.0, pool.customers.size)
    counts = np.maximum(2, (lives * 60).astype(int))
    owner = np.repeat(pool.customers, counts)
    ts = np.concatenate(
        [rng.integers(0, max(1, int(life * WEEK_US)), n) for life, n in zip(lives, counts, strict=True)]
    )
    order = np.argsort(ts, kind="stable")
    key = np.full(owner.size, pool.keys[0])
    linked = Stream(owner[order], ts[order].astype(np.int64), np.arange(owner.size), key)
    some = dataclasses.replace(pool, obs=dataclasses.replace(pool.obs, stream=linked))
    assert counts.var(ddof=1) / counts.mean() > 4
    assert _by_presence(some, counts, np.ones(counts.size)) < 2


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
