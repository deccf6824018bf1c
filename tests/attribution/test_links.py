"""Campaign links: the exact tail, strata that keep busy campaigns out, and silence where there is nothing."""

import itertools

import numpy as np
import pytest
from scipy import stats

from stillwatch.attribution.links import Suspicion, campaign_links

ACCOUNTS = np.arange(1, 101, dtype=np.uint64)
EVEN = np.full(100, 40)


def suspicion(name, accounts):
    return Suspicion(name, "scan", "extraction", np.array(list(accounts), np.uint64))


def links(campaigns, traced, served=EVEN, rows=()):
    return campaign_links(
        campaigns, (ACCOUNTS, served), np.array(traced, np.uint64), np.array(rows, np.uint64)
    )


@pytest.mark.slow
def test_one_stratum_is_the_hypergeometric_tail():
    (found,) = links([suspicion("a", range(1, 11))], [1, 2, 3, 4, 50, 60])
    assert found.p == pytest.approx(stats.hypergeom(100, 10, 6).sf(3), rel=1e-9)
    assert (found.accounts, found.in_ledger, found.traced, found.expected) == (10, 10, 4, 0.6)


def test_strata_are_exact_as_every_arrangement_says():
    served = np.array([1] * 5 + [100] * 4)
    accounts = np.arange(1, 10, dtype=np.uint64)
    campaign, traced = {1, 2, 6}, {1, 6, 7}
    (found,) = campaign_links(
        [suspicion("a", campaign)],
        (accounts, served),
        np.array(list(traced), np.uint64),
        np.zeros(0, np.uint64),
    )
    seen = [
        len(campaign & {*low, *high}) >= 2
        for low in itertools.combinations(range(1, 6), 1)
        for high in itertools.combinations(range(6, 10), 2)
    ]
    assert found.p == pytest.approx(np.mean(seen))


def test_a_campaign_whose_accounts_were_traced_is_linked_and_another_is_not():
    found = links(
        [suspicion("b", range(30, 40)), suspicion("a", range(1, 11))], list(range(1, 9)), rows=[1, 1, 2, 99]
    )
    assert [(x.campaign, x.linked, x.traced, x.rows) for x in found] == [
        ("a", True, 8, 3),
        ("b", False, 0, 0),
    ]
    assert found[0].p_holm == pytest.approx(2 * found[0].p) and found[1].p == 1.0


def test_a_busy_campaign_is_not_linked_for_being_busy():
    served = np.where(ACCOUNTS <= 20, 5000, 3)
    (found,) = links([suspicion("a", range(1, 11))], list(range(6, 16)), served)
    assert not found.linked and found.p > 0.5
    (flat,) = links([suspicion("a", range(1, 11))], list(range(6, 16)))
    assert flat.p < 0.01


@pytest.mark.parametrize(
    ("campaign", "traced"),
    [(range(200, 210), [1, 2]), (range(1, 11), []), ([], [1])],
    ids=["not in the ledger", "nobody traced", "no accounts"],
)
def test_nothing_in_common_is_p_one(campaign, traced):
    (found,) = links([suspicion("a", campaign)], traced)
    assert (found.p, found.linked, found.traced) == (1.0, False, 0)


def test_no_campaigns_no_links():
    assert links([], [1]) == []


def test_false_links_stay_below_alpha():
    """Traced accounts drawn within strata whatever the campaign: 500 draws, seeds 0 to 499."""
    served = np.random.default_rng(7).geometric(0.02, 100)
    hits = 0
    for seed in range(500):
        rng = np.random.default_rng(seed)
        traced = rng.choice(ACCOUNTS, 12, replace=False, p=served / served.sum())
        busy = rng.choice(ACCOUNTS, 15, replace=False, p=served / served.sum())
        hits += links([suspicion("a", busy)], traced, served)[0].p <= 0.05
    assert hits <= 500 * 0.05 + 3 * (500 * 0.05 * 0.95) ** 0.5
