"""Who is in a group: who holds what people do not hold anyway, then who shares means; the others are looked at last."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns import groups
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.linking import Cluster
from stillwatch.campaigns.observation import STREAM_FACTS
from stillwatch.features.families import Family, tagged

HOUR = 3_600_000_000
POPULAR = np.arange(1, 7)
"""Keys of one text that many send."""
PAYER, NOBODY = 7, np.zeros(0, np.int64)


def observed(known: int, volume: int = 1, instructed: bool = False) -> tuple[Any, Cluster]:
    """Sixty customers share a text (key 0), and forty of them another (POPULAR) with a hundred people; `known` of 5,000
    reference units held the latter, of 1,000 current ones 140 do. Each sent `volume` requests for one of
    these, and the texts stand in the system prompt if `instructed`."""
    rng = np.random.default_rng(5)
    holds = [np.array([0])] * 60 + [POPULAR] * 140
    customer = np.concatenate([np.arange(60), np.arange(40), np.arange(60, 160)])
    ts = (rng.uniform(0, 168, customer.size) * HOUR).astype(np.int64)
    suspects = SimpleNamespace(
        customer=customer,
        ts=ts,
        rows=customer.size,
        fold=rng.integers(0, 2, customer.size),
        hit_system=np.full(60 + 140 * POPULAR.size, instructed),
        event_hash=np.arange(customer.size),
        hit_key=np.concatenate(holds),
        hit_start=np.concatenate([[0], np.cumsum([h.size for h in holds])]),
        **dict.fromkeys(STREAM_FACTS),
    )
    burst = SimpleNamespace(
        key=tagged(np.arange(8, dtype=np.uint64), Family.LEXICAL),
        d=np.array([60] + [140] * 6 + [0]),
        r=np.array([0] + [known] * 6 + [0]),
    )
    seen: Any = SimpleNamespace(
        suspects=suspects,
        stream=None,
        burst=burst,
        customers=160,
        current_units=1_000,
        reference_units=5_000,
        volume=volume * np.bincount(customer),
    )
    return seen, Cluster(customers=np.arange(160), keys=np.arange(7))


@pytest.fixture
def made(monkeypatch):
    """The groups of what was `observed`, all of them significant, with these customers, if free, sharing a payer."""

    def run(seen: Any, cluster: Cluster, pool: np.ndarray = NOBODY) -> list[Group]:
        def pools(obs, free):
            held = pool[free[pool]]
            return [Cluster(customers=held, keys=np.array([PAYER]))] if held.size else []

        def by_means(obs, found):
            rows = np.flatnonzero(np.isin(obs.suspects.customer, found.customers))
            return [Group(obs, found.customers, found.keys, rows, rows, by_means=True)]

        monkeypatch.setattr(groups, "link", lambda obs, fold: [cluster])
        monkeypatch.setattr(groups, "merge_folds", lambda first, second: [cluster])
        monkeypatch.setattr(groups, "means_clusters", pools)
        monkeypatch.setattr(groups, "_by_means", by_means)
        monkeypatch.setattr(Group, "p_value", property(lambda group: 0.0))
        return groups.groups(seen, 0.01)

    return run


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(350, [100, 60], id="half of its holders are expected anyway"),
        pytest.param(75, [100, 60], id="a ninth"),
        pytest.param(0, [160], id="nobody held it before"),
    ],
)
def test_a_text_that_people_send_anyway_joins_nobody(made, known, expected):
    found = made(*observed(known))
    assert [g.customers.size for g in found] == expected
    if len(expected) > 1:
        assert found[1].keys.tolist() == [0]
        assert found[0].customers.min() == 60
        assert found[0].keys.tolist() == POPULAR.tolist()


def test_where_every_key_was_known_all_of_them_count(made):
    seen, cluster = observed(350)
    seen.burst.r[0] = 100
    assert sorted(c for g in made(seen, cluster) for c in g.customers.tolist()) == list(range(160))


def test_who_shares_means_is_no_part_of_a_text_that_people_send_anyway(made):
    """Seventy of the hundred people share a payer: they are one pool, and thirty are left with the text."""
    pool, text, listed = sorted(made(*observed(350), np.arange(60, 130)), key=lambda g: not g.by_means)
    assert (pool.by_means, pool.wide, pool.customers.tolist()) == (True, False, list(range(60, 130)))
    assert sorted([text.customers.size, listed.customers.size]) == [30, 60]


def test_a_system_prompt_keeps_its_users_whatever_they_share_besides(made):
    seen, cluster = observed(350, instructed=True)
    found = made(seen, cluster, np.arange(60, 130))
    assert [(g.customers.size, g.by_means) for g in found] == [(100, False), (60, False)]


@pytest.mark.parametrize(
    ("volume", "wide"),
    [pytest.param(1, [], id="all they send"), pytest.param(3, [list(range(80))], id="a third of it")],
)
def test_a_text_that_links_a_part_of_what_is_sent_leaves_its_accounts_to_a_pool_as_well(made, volume, wide):
    seen, cluster = observed(0, volume)
    found = made(seen, cluster, np.arange(80))
    assert [g.customers.tolist() for g in found if g.wide] == wide
    assert [g.customers.size for g in found if not g.by_means] == [160]


@pytest.mark.parametrize(
    ("first", "last", "known", "share"),
    [(60, 130, 350, 1.0), (0, 40, 350, 0.5), (40, 60, 350, 0.0), (60, 130, 0, 0.0)],
    ids=["all they send", "half of it", "nothing", "nobody sent it before"],
)
def test_how_much_of_what_a_pool_sends_is_a_text_that_people_send_anyway(first, last, known, share):
    seen, _ = observed(known)
    rows = np.flatnonzero((seen.suspects.customer >= first) & (seen.suspects.customer < last))
    pool = Group(seen, np.arange(first, last), np.array([PAYER]), rows, rows, by_means=True)
    assert pool.known == share


def test_a_narrowed_group_keeps_what_its_customers_share():
    seen, _ = observed(0)
    seen.burst.start, seen.burst.unit = np.array([0, 3, 5, 6]), np.array([0, 1, 2, 0, 1, 2])
    rows = np.flatnonzero(seen.suspects.customer < 3)
    group = Group(seen, np.arange(3), np.arange(3), rows, rows[:2], tried=rows[2:])
    pair, single = group.narrowed(np.array([0, 1])), group.narrowed(np.array([2]))
    assert (pair.keys.tolist(), single.keys.tolist()) == ([0, 1], [0, 2])
    for part in (pair, single):
        for held in (part.rows, part.judged, part.tried):
            assert np.isin(seen.suspects.customer[held], part.customers).all()
