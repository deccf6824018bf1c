"""A group is compared with the crowd at its own moments, and with no more of a stratum than the crowd holds."""

import dataclasses

import numpy as np
import pytest

from stillwatch.campaigns import group as campaign_group
from stillwatch.campaigns import means, peers
from stillwatch.campaigns.group import Group, link_p
from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.observation import BaseRates, BurstKeys, Observation, Records
from stillwatch.campaigns.peers import NEAR_US, comparable, contemporaries, peers_of
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.families import Family, tagged

WEEK_US = 7 * DAY_US
GROUP, CROWD = 150, 450
CLIENT, MODEL = 1, 5
OLD, OTHER, NEW = (int(k) for k in tagged(np.array([11, 12, 13], np.uint64), Family.TIMING))
TOOL = int(tagged(np.array([14], np.uint64), Family.PROTOCOL)[0])


def records(customer, ts, attributes, rng):
    rows = customer.size
    empty = {f.name: np.zeros(rows, np.int64) for f in dataclasses.fields(Records)}
    return Records(
        **empty
        | {
            "customer": customer,
            "ts": ts,
            "attributes": attributes,
            "event_hash": rng.integers(0, 1 << 63, rows).astype(np.uint64),
            "hit_start": np.zeros(rows + 1, np.int64),
            "hit_key": np.zeros(0, np.int64),
            "hit_system": np.zeros(0, np.bool_),
        }
    )


def week_of_a_launch(seed: int, shared: int = 0) -> Group:
    """GROUP strangers who act once on the second day, and a crowd that acts over the whole week, while half of either
    leaves its old model, one of two, for a new one at times of their own. shared: so many of the group use one client that nobody else has."""
    rng = np.random.default_rng(seed)
    people = GROUP + CROWD
    before = np.where(rng.random(people) < 0.6, OLD, OTHER)
    moves = np.where(rng.random(people) < 0.5, DAY_US * (1 + rng.exponential(1.5, people)), np.inf)

    def facts(who, ts):
        out = np.zeros((who.size, len(ATTRIBUTES)), np.uint64)
        out[:, MODEL] = np.where(ts >= moves[who], NEW, before[who])
        out[:, CLIENT] = np.where(who < shared, TOOL, 0)
        return out

    mine = np.arange(GROUP)
    at = (DAY_US * (1 + rng.random(GROUP))).astype(np.int64)
    theirs = np.repeat(np.arange(GROUP, people), 8)
    when = rng.integers(0, WEEK_US, theirs.size)
    keys = np.array([OLD, OTHER, NEW, TOOL], np.uint64)
    order = np.argsort(keys)
    now, earlier = np.array([360, 240, 300, 6]), np.array([1440, 960, 0, 0])
    rates = BaseRates(keys[order], now[order], earlier[order])
    none = np.zeros(0, np.int64)
    obs = Observation(
        accounts=[f"account-{i}" for i in range(people)],
        customers=people,
        units=5 * people,
        stratum=np.zeros(5 * people, np.int64),
        volume=np.ones(5 * people, np.int64),
        current_units=people,
        reference_units=4 * people,
        window=(0, WEEK_US),
        burst=BurstKeys(none.astype(np.uint64), none, none, none, np.zeros(1, np.int64), none, none, 1),
        rates=rates,
        suspects=records(mine, at, facts(mine, at), rng),
        crowd=records(theirs, when, facts(theirs, when), rng),
        public_share=none,
        keys_seen=1,
        activity=np.zeros((1, 2), np.int64),
        seed=seed,
    )
    return Group(obs, mine, none, mine, mine)


PEOPLE, GONE_ON, PAYING = 600, 0.4, 8


def week_of_a_release(
    seed: int, shared: int = 0, sampled: float = 1.0, gone_on: float = GONE_ON, prompt: str = ""
) -> Group:
    """A hundred strangers of PEOPLE customers who hold one text. The share GONE_ON of all has moved to a new client, which
    makes suspects of them; the last PAYING of these share a payer as well. sampled: of who bursts by nothing, how many are the
    crowd. shared: so many of the group use one model that nobody else has. prompt: the new client brings a text along, which
    stands in the "system" prompt or in the "user" turn."""
    rng = np.random.default_rng(seed)
    everybody, mine = np.arange(PEOPLE), np.arange(100)
    moved = rng.random(PEOPLE) < gone_on
    payers = np.flatnonzero(moved & (everybody >= 100))[-PAYING:]
    suspects = np.union1d(mine, np.flatnonzero(moved))
    ordinary = np.setdiff1d(everybody, suspects)
    text, default, card = (
        int(tagged(np.array([n], np.uint64), family)[0])
        for n, family in ((21, Family.LEXICAL), (23, Family.LEXICAL), (22, Family.IDENTITY))
    )
    holders = {text: mine, TOOL: np.flatnonzero(moved), card: payers}
    if prompt:
        holders[default] = holders[TOOL]
    kinds = rng.choice(np.array([OLD, OTHER], np.uint64), PEOPLE, p=[0.6, 0.4])

    def facts(who):
        out = np.zeros((who.size, len(ATTRIBUTES)), np.uint64)
        out[:, MODEL] = np.where(who < shared, NEW, kinds[who])
        out[:, CLIENT] = np.where(moved[who], TOOL, 0)
        return out

    keys = np.array([OLD, OTHER, NEW, TOOL], np.uint64)
    order = np.argsort(keys)
    now = np.array([360, 240, max(1, shared), int(moved.sum())])
    none = np.zeros(0, np.int64)
    counts = np.array([h.size for h in holders.values()])
    burst = BurstKeys(
        np.array(list(holders), np.uint64),
        np.full(len(holders), -40.0),
        counts,
        np.zeros(len(holders), np.int64),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate(list(holders.values())),
        np.zeros(counts.sum(), np.uint8),
        1000,
    )
    held = records(suspects, rng.integers(0, WEEK_US, suspects.size), facts(suspects), rng)
    if prompt:
        hit = moved[suspects]
        held = dataclasses.replace(
            held,
            hit_start=np.concatenate([[0], np.cumsum(hit)]),
            hit_key=np.full(hit.sum(), 3),
            hit_system=np.full(hit.sum(), prompt == "system"),
        )
    drawn = rng.choice(ordinary, round(ordinary.size * sampled), replace=False)
    obs = dataclasses.replace(
        week_of_a_launch(seed).obs,
        accounts=[f"account-{i}" for i in everybody],
        rates=BaseRates(keys[order], now[order], np.array([1440, 960, 0, 0])[order]),
        burst=burst,
        suspects=held,
        crowd=records(np.sort(drawn), rng.integers(0, WEEK_US, drawn.size), facts(np.sort(drawn)), rng),
    )
    return Group(obs, mine, np.zeros(1, np.int64), mine, none)


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch):
    monkeypatch.setattr(campaign_group, "PERMUTATIONS", 199)
    monkeypatch.setattr(campaign_group, "FURTHER", 800)


def test_strangers_in_a_week_of_a_launch_share_no_more_than_chance():
    p = np.array([link_p(week_of_a_launch(seed)) for seed in range(60)])
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / p.size)
    assert 0.35 < p.mean() < 0.65


def test_a_client_of_the_group_alone_is_still_beyond_chance():
    assert link_p(week_of_a_launch(1, shared=60)) == 1 / 1000


@pytest.mark.parametrize("prompt", ["", "system"])
def test_strangers_in_a_week_of_a_release_share_no_more_than_chance(prompt):
    p = np.array([link_p(week_of_a_release(seed, prompt=prompt)) for seed in range(60)])
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / p.size)
    assert 0.35 < p.mean() < 0.65


def test_what_a_group_alone_shares_is_beyond_chance_in_a_week_of_a_release():
    assert link_p(week_of_a_release(1, shared=40)) == 1 / 1000


@pytest.mark.parametrize("sampled", [1.0, 0.5])
def test_peers_are_the_crowd_and_who_bursts_by_a_fashion_only(sampled):
    group = week_of_a_release(2, sampled=sampled)
    crowd, suspects = set(group.obs.crowd.customer.tolist()), group.obs.suspects.customer
    found = set(peers_of(group.obs, group.followers).customer.tolist())
    of_fashion = set(suspects[suspects >= 100].tolist()) - set(suspects[-PAYING:].tolist())
    assert crowd <= found <= crowd | of_fashion
    share = len(found - crowd) / len(of_fashion)
    assert share == 1.0 if sampled == 1.0 else abs(share - sampled) < 0.15


def test_where_everybody_else_follows_a_fashion_all_of_them_are_peers(monkeypatch):
    monkeypatch.setattr(means, "SHARE_MAX", 1.0)  # one client stands for the several that they would follow
    group = week_of_a_release(2, gone_on=1.0)
    assert group.obs.crowd.rows == 0
    found = np.unique(peers_of(group.obs, group.followers).customer)
    assert found.size == PEOPLE - group.customers.size - PAYING


@pytest.mark.parametrize(("name", "least"), [("FASHION_MIN", 0.45), ("FASHION_CUSTOMERS", 270)])
def test_what_few_use_is_no_fashion(name, least, monkeypatch):
    group = week_of_a_release(2)
    monkeypatch.setattr(peers, name, least)
    assert set(peers_of(group.obs, group.followers).customer) == set(group.obs.crowd.customer)


def test_without_a_fashion_the_crowd_is_not_copied():
    group = week_of_a_launch(2)
    assert peers_of(group.obs, group.followers) is group.obs.crowd


def test_a_text_of_the_users_own_turn_is_not_brought_along():
    group = week_of_a_release(2, prompt="user")
    assert set(peers_of(group.obs, group.followers).customer) == set(group.obs.crowd.customer)


def test_subsets_of_the_attributes_keep_the_first_draws():
    assert link_p(week_of_a_launch(1, shared=60), columns=(CLIENT,)) == 1 / 200


def test_each_customer_speaks_once_and_near_the_moment_drawn():
    rng = np.random.default_rng(3)
    owner, ts = np.repeat(np.arange(40), 5), rng.integers(0, WEEK_US, 200)
    crowd = records(owner, ts, np.zeros((200, len(ATTRIBUTES)), np.uint64), rng)
    moment = 3 * DAY_US
    found = contemporaries(crowd, np.array([moment]), np.random.default_rng(4))
    expected = []
    for person in range(40):
        rows = np.flatnonzero(owner == person)
        best = rows[np.argmin(np.abs(ts[rows] - moment))]
        if abs(ts[best] - moment) <= NEAR_US:
            expected.append(best)
    assert 0 < len(expected) < 40
    assert found.tolist() == expected
    assert contemporaries(crowd, np.array([30 * DAY_US]), rng).size == 0
    assert contemporaries(crowd, np.zeros(0, np.int64), rng).size == 0


def test_times_of_the_crowd_follow_the_group():
    rng = np.random.default_rng(5)
    owner, ts = np.repeat(np.arange(3000), 6), rng.integers(0, WEEK_US, 18_000)
    crowd = records(owner, ts, np.zeros((18_000, len(ATTRIBUTES)), np.uint64), rng)
    group = (DAY_US * np.concatenate([2 + rng.random(300), 4 + rng.random(100)])).astype(np.int64)
    early = (ts[contemporaries(crowd, group, rng)] < 3.5 * DAY_US).mean()
    assert abs(early - 0.75) < 0.04


def test_a_stratum_takes_no_more_of_the_group_than_the_crowd_has_there():
    inside = np.array([0] * 10 + [1] * 6 + [2] * 4)
    outside = np.array([0] * 30 + [1] * 4 + [2] * 4)
    kept, mine, theirs = comparable(inside, outside, np.random.default_rng(1))
    assert np.bincount(mine).tolist() == [10, 4, 4]
    assert (inside[kept] == mine).all()
    assert (np.diff(kept) > 0).all()
    assert (theirs == outside).all()


def test_one_stratum_where_the_crowd_has_too_few_peers():
    inside, outside = np.full(40, 1), np.array([0] * 50 + [1] * 3)
    kept, mine, theirs = comparable(inside, outside, np.random.default_rng(1))
    assert kept.tolist() == list(range(40))
    assert not mine.any()
    assert not theirs.any()
    assert comparable(inside, outside[:30], np.random.default_rng(1))[0].size == 30
    assert comparable(inside, outside[:0], np.random.default_rng(1))[0].size == 0
