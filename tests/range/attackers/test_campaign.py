"""Plans beyond the ladder: phases, shared pools and markets, histories, items that exist, columns of their own."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.accounts import Accounts
from stillwatch.range.attackers import Cover, Plan, Pool, Tempo, Work, attack
from stillwatch.range.attackers.conversations import Continued
from stillwatch.range.attackers.followed import FOLLOW_UPS, Followed
from stillwatch.range.attackers.items import Given
from stillwatch.range.attackers.sizing import size
from stillwatch.range.clock import DAY_S, Clock
from stillwatch.range.prompts.grammar import Grammar
from stillwatch.range.scene import Scene
from stillwatch.range.shape import fitted

PLAN = Plan(name="one", archetype="test", accounts=12, per_account=6)


@pytest.fixture
def scene():
    clock = Clock(7.0, 4.0)
    return Scene(world="t", seed=1, clock=clock, shape=fitted(), knobs={}, accounts=Accounts(clock, 1))


def words(scene, numbers):
    """The texts behind text numbers."""
    ends, data = scene.texts.resolve(Grammar(), 1, "t").write(numbers)
    raw = bytes(data)
    return [raw[a:b].decode() for a, b in itertools.pairwise(ends.tolist())]


def networks(scene, accounts):
    return {int(address) >> 8 for address in np.concatenate(scene.accounts._addresses)[accounts].ravel()}


def test_plans_of_one_name_are_phases_of_one_campaign_with_other_draws(scene):
    first = attack(scene, replace(PLAN, tempo=Tempo(days=2.0)))
    then = attack(scene, replace(PLAN, tempo=Tempo(start_day=3.0), pool=Pool(name="second")))
    (campaign,) = scene.campaigns
    assert set(campaign.accounts) == {*first, *then}
    assert not set(first) & set(then)
    early, late = scene.blocks
    assert early.at_s.max() < 2 * DAY_S < 3 * DAY_S <= late.at_s.min()
    assert not np.allclose(early.at_s / early.at_s.max(), late.at_s / late.at_s.max())


def test_pools_of_one_name_are_the_same_accounts_and_grow_when_needed(scene):
    pool = Pool(name="shared")
    one = attack(scene, replace(PLAN, pool=pool))
    two = attack(scene, replace(PLAN, name="two", pool=pool, accounts=15))
    assert list(two[:12]) == list(one)
    assert len(scene.campaigns) == 2
    assert scene.accounts.count == 15


def test_pools_of_one_market_share_its_networks_and_others_do_not(scene):
    bought = [
        attack(scene, replace(PLAN, name=name, accounts=60, pool=Pool(market=market, networks=10)))
        for name, market in (("a", "vendor"), ("b", "vendor"), ("c", "other"))
    ]
    a, b, c = (networks(scene, accounts) for accounts in bought)
    assert a == b
    assert len(a & c) < 3
    payments = scene.accounts.column("payment_id").to_pylist()
    assert not {payments[i] for i in bought[0]} & {payments[i] for i in bought[1]}


def test_a_continued_conversation_holds_turns_in_order(scene):
    attack(scene, replace(PLAN, work=Work(conversation=Continued(turns=2, system="Be brief."))))
    block = scene.blocks[0]
    assert block.counts.tolist() == [6] * 72
    assert block.role[:6].tolist() == [0, 1, 2, 1, 2, 1]
    assert (block.conversation >= 0).all()
    assert words(scene, block.text[:1]) == ["Be brief."]


def test_a_followed_item_is_a_conversation_on_one_account_with_our_own_answers(scene):
    attack(scene, replace(PLAN, work=Work(conversation=Followed(3.0))))
    (block,) = scene.blocks
    opens = block.counts == 1
    assert np.count_nonzero(opens) == np.unique(block.conversation).size == 72
    assert opens.size > 2 * 72
    plain = Scene(
        world="t", seed=1, clock=scene.clock, shape=fitted(), knobs={}, accounts=Accounts(scene.clock, 1)
    )
    attack(plain, PLAN)
    assert block.account[opens].tolist() == plain.blocks[0].account.tolist(), "items are dealt as ever"
    ends = np.cumsum(block.counts)
    for number in np.unique(block.conversation):
        rows = np.flatnonzero(block.conversation == number)
        assert np.unique(block.account[rows]).size == 1
        assert (np.diff(block.at_s[rows]) > 0).all()
        assert block.counts[rows].tolist() == [2 * i + 1 for i in range(rows.size)]
        told = block.text[ends[rows[-1]] - block.counts[rows[-1]] : ends[rows[-1]]]
        assert told[1::2].tolist() == block.answer[rows[:-1]].tolist()
    followed = block.text[ends[~opens] - 1]
    assert set(words(scene, np.unique(followed))) <= set(FOLLOW_UPS)
    assert (block.label == 0).all()


def test_items_that_exist_are_sent_in_order_and_shuffled_when_they_are_used_up(scene):
    ready = pa.array([f"captured answer {i}" for i in range(72)], pa.large_string())
    attack(scene, replace(PLAN, work=Work(items=Given(ready), act="")))
    attack(scene, replace(PLAN, name="two", work=Work(items=Given(ready[:24]), act="")))
    assert words(scene, scene.blocks[0].text) == ready.to_pylist()
    again = list(zip(scene.blocks[1].account.tolist(), words(scene, scene.blocks[1].text), strict=True))
    assert set(Counter(text for _, text in again).values()) == {3}
    assert max(Counter(again).values()) == 1


def test_columns_of_the_pool_are_written_only_where_some_account_has_them(scene):
    assert "reasoning_ref" not in scene.accounts.names()
    attack(scene, replace(PLAN, pool=Pool(columns={"reasoning_ref": "ref_1", "temperature": 1.0})))
    assert "reasoning_ref" in scene.accounts.names()
    assert set(scene.accounts.column("reasoning_ref").to_pylist()) == {"ref_1"}
    assert set(scene.accounts.column("temperature").to_pylist()) == {1.0}


def test_a_pool_moves_to_the_new_model_within_a_day(scene):
    numbers = attack(scene, replace(PLAN, accounts=200, pool=Pool(moves_day=2.0, moves_share=0.5)))
    moved = scene.accounts.number("moves_s")[numbers]
    gone = moved[np.isfinite(moved)]
    assert 70 < gone.size < 130
    assert 2 * DAY_S <= gone.min() <= gone.max() < 3 * DAY_S


@pytest.mark.parametrize(("rhythm", "low", "high"), [("night", 1, 4), ("people", 0, 24)])
def test_a_rhythm_has_its_hours(scene, rhythm, low, high):
    attack(scene, replace(PLAN, per_account=40, tempo=Tempo(rhythm=rhythm)))
    hours = scene.blocks[0].at_s % DAY_S / 3600
    assert low <= hours.min() <= hours.max() < high
    assert (hours.max() - hours.min() > 20) == (rhythm == "people")


REFUSED = [
    ("no accounts", {"accounts": 0}, UsageError, "at least one account"),
    ("all cover", {"covers": (Cover(kind="chat", share=1.0),)}, UsageError, "all cover"),
    ("an unknown cover", {"covers": (Cover(kind="chatt", share=0.5),)}, UnknownNameError, "chatt"),
    ("an unknown act", {"work": Work(act="slove")}, UnknownNameError, "slove"),
    ("longer than the period", {"tempo": Tempo(start_day=5.0, days=3.0)}, UsageError, "does not fit"),
    ("more wordings than the act has", {"work": Work(variants=5000)}, UsageError, "5000 wordings"),
    (
        "follow-ups on a daily limit",
        {"work": Work(conversation=Followed(2.0)), "tempo": Tempo(per_day_max=2)},
        UsageError,
        "follows items up",
    ),
    ("accounts of no life", {"tempo": Tempo(lifetime_days=0.0)}, UsageError, "no time at all"),
]


@pytest.mark.parametrize(("change", "error", "said"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_plan_that_cannot_be_carried_out_is_refused(scene, change, error, said):
    with pytest.raises(error, match=said):
        attack(scene, replace(PLAN, **change))
    assert scene.accounts.count == 0
    assert scene.blocks == []


def test_sizes_follow_the_plan():
    mixed = replace(
        PLAN, per_account=20, covers=(Cover(kind="chat", share=0.5), Cover(kind="relay", share=0.25))
    )
    one = size(mixed, 7.0)
    assert (one.attack, one.covers, one.harvest, one.requests) == (5, (10, 5), 60, 240)
    churned = size(replace(mixed, tempo=Tempo(lifetime_days=2.0)), 7.0)
    assert (churned.generations, churned.accounts_bought, churned.attack + sum(churned.covers)) == (4, 48, 5)
    assert churned.lifetime_days == 1.75


def sent(scene):
    """Requests of each account of the scene."""
    return np.bincount(
        np.concatenate([block.account for block in scene.blocks]), minlength=scene.accounts.count
    )


def test_a_random_balancer_deals_by_equal_chances(scene):
    """Variance over mean is about 1: (G - 1) D is chi-squared, whose standard deviation over G - 1 is 0.14 here."""
    wide = replace(PLAN, accounts=100, per_account=40, tempo=Tempo(balancer="random"))
    numbers = attack(scene, wide)
    counts = sent(scene)[numbers]
    assert counts.sum() == 4000
    assert 0.5 < counts.var(ddof=1) / counts.mean() < 1.6


def test_uneven_chances_are_shared_by_harvest_and_cover(scene):
    tempo = Tempo(balancer="random", uneven=1.0)
    cover = (Cover(kind="chat", share=0.5),)
    numbers = attack(scene, replace(PLAN, accounts=100, per_account=40, tempo=tempo, covers=cover))
    harvest, covered = (np.bincount(b.account, minlength=numbers.max() + 1) for b in scene.blocks)
    assert sent(scene)[numbers].var(ddof=1) > 10 * sent(scene)[numbers].mean()
    assert np.corrcoef(harvest[numbers], covered[numbers])[0, 1] > 0.9


def test_accounts_that_a_random_balancer_never_chose_are_not_the_campaigns(scene):
    attack(scene, replace(PLAN, accounts=40, per_account=1, tempo=Tempo(balancer="random")))
    used = np.unique(scene.blocks[0].account)
    assert used.size < 40
    assert scene.campaigns[0].accounts.tolist() == used.tolist()


def test_a_random_balancer_keeps_to_the_life_of_the_accounts(scene):
    churned = replace(PLAN, accounts=10, per_account=20, tempo=Tempo(balancer="random", lifetime_days=3.5))
    covers = (Cover(kind="chat", share=0.5),)
    attack(scene, replace(churned, covers=covers))
    for block in scene.blocks:
        assert ((block.account < 10) == (block.at_s < 3.5 * DAY_S)).all()


def test_on_schedules_every_account_runs_at_one_interval_through_its_life(scene):
    tempo = Tempo(balancer="schedules", lifetime_days=3.5)
    plan = replace(PLAN, accounts=10, per_account=42, tempo=tempo, covers=(Cover(kind="chat", share=0.5),))
    numbers = attack(scene, plan)
    account, at = (np.concatenate([getattr(b, name) for b in scene.blocks]) for name in ("account", "at_s"))
    every, firsts = 3.5 * DAY_S / 21, []
    for number in numbers:
        mine = np.sort(at[account == number])
        firsts.append((mine[0] % (3.5 * DAY_S)) / every)
        assert np.abs(np.diff(mine) - every).max() < 0.04 * every
        assert ((number < 10) == (mine < 3.5 * DAY_S)).all()
    assert 0 <= min(firsts) < max(firsts) < 1
    assert np.ptp(firsts) > 0.5
    order = scene.blocks[0].at_s
    assert (np.diff(order) >= 0).all()


@pytest.mark.parametrize(
    ("tempo", "said"),
    [
        (Tempo(balancer="random", per_day_max=2), "keeps to a daily limit"),
        (Tempo(uneven=1.0), "unevenly, but not at random"),
        (Tempo(balancer="schedules", uneven=1.0), "unevenly, but not at random"),
        (Tempo(balancer="schedules", per_day_max=2), "on schedules and keeps to a daily limit"),
        (Tempo(balancer="schedules", rhythm="people"), "on schedules and keeps to a daily limit"),
        (Tempo(balancer="dice"), "knows no balancer 'dice'"),
    ],
)
def test_a_balancer_that_cannot_be(scene, tempo, said):
    with pytest.raises(UsageError, match=said):
        attack(scene, replace(PLAN, tempo=tempo))
