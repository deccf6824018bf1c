"""A list that is used up is dealt again without a trace of who sends the k-th request."""

import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import TooFewPromptsError
from stillwatch.range.accounts import Accounts
from stillwatch.range.attackers import Plan, Tempo, Work, attack, captured
from stillwatch.range.attackers.dealing import dealt
from stillwatch.range.attackers.items import Given
from stillwatch.range.attackers.replayed import Replayed
from stillwatch.range.attackers.strangers import Strangers
from stillwatch.range.clock import DAY_S, Clock
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.prompts.corpus import Corpus
from stillwatch.range.prompts.grammar import Grammar
from stillwatch.range.scene import Scene
from stillwatch.range.seeding import generator
from stillwatch.range.shape import fitted


def scene(seed=1):
    clock = Clock(7.0, 4.0)
    return Scene(world="t", seed=seed, clock=clock, shape=fitted(), knobs={}, accounts=Accounts(clock, seed))


def repeats(account, item):
    """Requests in which an account meets an item again, of all requests."""
    pairs = Counter(zip(account.tolist(), item.tolist(), strict=True))
    return sum(pairs.values()) - len(pairs)


def test_the_low_and_slow_deal_meets_no_account_twice():
    """5,000 accounts, twelve requests each, 4,000 items: by remainders every account met four items three times."""
    place = np.arange(60_000) % 5_000
    item = dealt(generator(0, "t"), place, 4_000)
    assert repeats(place, item) == 0
    assert repeats(place, np.arange(60_000) % 4_000) == 40_000
    assert set(np.bincount(item).tolist()) == {15}


@pytest.mark.parametrize(
    ("accounts", "each", "size"),
    [(5000, 12, 4000), (400, 10, 4000), (100, 40, 40), (30, 7, 8), (6, 6, 7), (7, 1, 3)],
)
@pytest.mark.slow
def test_what_an_account_is_dealt_says_nothing_of_what_another_is(accounts, each, size):
    """Items two accounts have in common: about as many as two random hands have, never the whole hand because
    their numbers leave the same remainder."""
    place = np.arange(accounts * each) % accounts
    item = dealt(generator(3, "t"), place, size)
    held = np.zeros((accounts, size))
    np.add.at(held, (place, item), 1.0)
    common = held @ held.T
    apart = common[~np.eye(accounts, dtype=bool)]
    assert apart.max() <= min(each, each * each / size + 8 * np.sqrt(each * each / size) + 3)


@given(
    place=st.lists(st.integers(0, 9), min_size=1, max_size=200),
    size=st.integers(1, 60),
    seed=st.integers(0, 9),
)
def test_every_item_as_often_and_no_account_twice_while_the_list_is_long_enough(place, size, seed):
    place = np.array(place)
    item = dealt(generator(seed, "t"), place, size)
    assert item.min() >= 0
    assert item.max() < size
    times = np.bincount(item, minlength=size)
    assert times.max() - times.min() <= 1
    pairs = Counter(zip(place.tolist(), item.tolist(), strict=True))
    sent = Counter(place.tolist())
    assert all(count == 1 for (who, _), count in pairs.items() if sent[who] <= size)
    assert np.array_equal(item, dealt(generator(seed, "t"), place, size))


def corpus(tmp_path, count):
    pq.write_table(
        pa.table({"kind": ["rubric"] * count, "prompt": [f"<{i:05d}>" for i in range(count)]}),
        tmp_path / "p.parquet",
    )
    return Corpus(tmp_path / "p.parquet")


def asked(made, prompts, block):
    """(account, number of the prompt) of each request of a block."""
    ends, data = made.texts.resolve(prompts, made.seed, "t").write(block.text)
    texts = [bytes(data[a:b]).decode() for a, b in itertools.pairwise(ends.tolist())]
    return block.account, np.array([int(text.split("<")[1][:5]) for text in texts])


PACES = [
    ("evenly", Tempo()),
    ("at most three a day", Tempo(per_day_max=3)),
    ("churned", Tempo(lifetime_days=3.5)),
]


@pytest.mark.parametrize("tempo", [p[1] for p in PACES], ids=[p[0] for p in PACES])
def test_real_prompts_meet_no_account_twice(tmp_path, tempo):
    made = scene()
    plan = Plan(name="p", archetype="t", accounts=500, per_account=12, tempo=tempo, work=Work(act=""))
    attack(made, plan)
    account, prompt = asked(made, corpus(tmp_path, 4000), made.blocks[0])
    assert repeats(account, prompt) == 0


def test_items_of_a_list_share_prompts_in_other_words_where_the_corpus_has_fewer(tmp_path):
    few = corpus(tmp_path, 500)
    drawn = few.draw("payload", np.arange(4000), generator(3, "t")).to_pylist()
    assert len(set(drawn)) > 3990, "asked again, but in other words"
    times = Counter(text.split("<")[1][:5] for text in drawn)
    assert (len(times), set(times.values())) == (500, {8})


def test_a_corpus_that_a_list_would_use_up_ten_times_is_refused(tmp_path):
    with pytest.raises(TooFewPromptsError, match="at least 400 prompts for its work list, 399 are there"):
        corpus(tmp_path, 399).draw("payload", np.arange(4000), generator(3, "t"))


def test_a_list_cut_by_topic_is_not_dealt_by_remainders(tmp_path):
    """Each of 40 parts has 30 prompts for 12 accounts: a remainder gave 72 requests two prompts an account."""
    made = scene()
    plan = Plan(name="p", archetype="t", accounts=480, per_account=10, work=Work(act="", shards=40))
    attack(made, plan)
    account, prompt = asked(made, corpus(tmp_path, 1200), made.blocks[0])
    assert repeats(account, prompt) < 0.25 * account.size


def test_items_that_exist_keep_to_their_part_of_the_list(tmp_path):
    made = scene()
    ready = pa.array([f"<{i:05d}>" for i in range(120)], pa.large_string())
    attack(
        made,
        Plan(
            name="p",
            archetype="t",
            accounts=12,
            per_account=30,
            work=Work(act="", shards=3, items=Given(ready)),
        ),
    )
    account, item = asked(made, corpus(tmp_path, 10), made.blocks[0])
    assert np.array_equal(item % 3, account % 3)
    assert repeats(account, item) == 0


def test_captured_answers_that_come_back_meet_no_account_twice(monkeypatch):
    monkeypatch.setattr(captured, "reworked", lambda rng, answers: [" ".join(lines) for lines in answers])
    made = scene()
    honest_mix(made, 10, 1.0)
    work = Work(act="", items=captured.Captured(before_s=DAY_S))
    attack(made, Plan(name="p", archetype="t", accounts=30, per_account=8, work=work))
    block = made.blocks[-1]
    ends, data = made.texts.resolve(Grammar(), 1, "t").write(block.text)
    texts = [bytes(data[a:b]) for a, b in itertools.pairwise(ends.tolist())]
    distinct, item = np.unique(texts, return_inverse=True)
    assert 8 <= len(distinct) < block.account.size
    assert repeats(block.account, item) == 0


def test_an_account_replays_every_step_of_the_sessions():
    """Four steps over 1,500 accounts: by remainders each account sent the same step all the time."""
    made = scene()
    work = Work(act="", items=Strangers(each=4), conversation=Replayed(steps=4))
    attack(made, Plan(name="p", archetype="t", accounts=60, per_account=40, work=work))
    block = made.blocks[0]
    steps = np.zeros((60, 4))
    np.add.at(steps, (block.account, block.counts // 2), 1.0)
    assert steps.sum(axis=0).tolist() == [600.0] * 4
    assert steps.min() >= 1
