"""F inside shards: about 1 for a list cut by topic, above it for customers; the same as a loop that spells it out."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from stillwatch.stats.shards import EVENTS_MIN, SHARD_ACCOUNTS, Shards

DIM, ACCOUNTS, EACH = 16, 40, 10


def accounts(rng, own, shards=8):
    """(vectors, rows of each account): a topic a shard, `own` of each account's, noise on every event."""
    topics = rng.normal(size=(shards, DIM))
    mine = topics[np.arange(ACCOUNTS) % shards] + own * rng.normal(size=(ACCOUNTS, DIM))
    x = np.repeat(mine, EACH, axis=0) + rng.normal(size=(ACCOUNTS * EACH, DIM))
    return x.astype(np.float32), np.split(np.arange(ACCOUNTS * EACH), ACCOUNTS)


def spelt_out(vectors, sets):
    """The ratio, account by account."""
    learnt = np.array([vectors[rows[0::2]].mean(axis=0, dtype=np.float64) for rows in sets])
    shard = fcluster(linkage(learnt, "ward"), len(sets) // SHARD_ACCOUNTS, "maxclust")
    between = within = free_between = free_within = 0.0
    for label in np.unique(shard):
        members = np.flatnonzero(shard == label)
        if members.size < 2:
            continue
        judged = [vectors[sets[i][1::2]].astype(np.float64) for i in members]
        centre = np.concatenate(judged).mean(axis=0)
        for x in judged:
            between += len(x) * float(((x.mean(axis=0) - centre) ** 2).sum())
            within += float(((x - x.mean(axis=0)) ** 2).sum())
            free_within += len(x) - 1
        free_between += members.size - 1
    return (between / free_between) / (within / free_within)


@pytest.mark.parametrize("own", [0.0, 0.5, 1.5])
@pytest.mark.parametrize("seed", range(4))
def test_the_fast_sum_is_the_spelt_out_one(seed, own):
    made = accounts(np.random.default_rng(seed), own)
    assert Shards(*made).ratio() == pytest.approx(spelt_out(*made), rel=1e-9)


def test_a_list_cut_by_topic_is_about_one_and_customers_are_above():
    rng = np.random.default_rng(5)
    cut = [Shards(*accounts(rng, own=0.0)).ratio() for _ in range(40)]
    own = [Shards(*accounts(rng, own=0.6)).ratio() for _ in range(40)]
    assert np.mean(cut) == pytest.approx(1.0, abs=0.03)
    assert min(own) > max(cut)


def test_what_formed_the_shards_is_not_what_is_judged():
    """Pure noise: judged on the half that formed the clusters F would lie well below 1."""
    rng = np.random.default_rng(6)
    noise = [Shards(*accounts(rng, own=0.0, shards=1)).ratio() for _ in range(60)]
    assert np.mean(noise) == pytest.approx(1.0, abs=0.03)


def test_dealing_again_inside_shards_is_calibrated_and_finds_habits():
    rng = np.random.default_rng(8)
    dealt = np.array([Shards(*accounts(rng, own=0.0)).dealt_p(99, i) for i in range(120)])
    assert 0.2 < np.mean(dealt <= 0.4) < 0.6
    assert np.mean(dealt <= 0.05) <= 0.125  # 15 of 120: P(more | 0.05) < 0.001
    assert all(Shards(*accounts(rng, own=0.6)).dealt_p(199, i) == 0.005 for i in range(5))


def test_too_few_accounts_or_no_spread():
    x, sets = accounts(np.random.default_rng(7), own=1.0)
    with pytest.raises(ValueError, match=f"{2 * SHARD_ACCOUNTS - 1} accounts are too few"):
        Shards(x, sets[: 2 * SHARD_ACCOUNTS - 1])
    assert np.isnan(Shards(np.ones((80, 4), np.float32), np.split(np.arange(80), 20)).ratio())
    assert min(rows.size for rows in sets) >= EVENTS_MIN
