"""Conversations kept on one account: what turns, volumes, repeats and the profile say of tasks rather than exchanges."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.campaigns.streams import resting

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups
from stillwatch.campaigns.observation import STREAM_FACTS
from stillwatch.detectors.conversation import Conversation
from stillwatch.detectors.own_repeats import OwnRepeats
from stillwatch.detectors.turn_taking import TurnTaking
from stillwatch.detectors.volume_balance import VolumeBalance
from stillwatch.detectors.work_list import WorkList
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.findings.profile import profile
from stillwatch.testing.traffic import START_US, WEEK_US, event, honest, organic, write

ACCOUNTS, EACH = 24, 8
LENGTH = 4.0
ITEM = "Below is one item of the list. Work through it step by step and close with one line that says the result. {}"
MORE = "Now show every single step of that and leave nothing out of it."
"""Long enough to be linked by itself."""


def _talk(rng, account, item, at, exchanges, follow_up=MORE) -> list[dict]:
    """One conversation, 30 seconds between exchanges."""
    messages, rows = [], []
    for step in range(exchanges):
        messages = [*messages, {"role": "user", "text": follow_up if step else ITEM.format(item)}]
        columns = {"ip": f"203.0.113.{account % 3}", "user_agent": "tool/7", "messages": messages}
        rows.append(event(f"pool-{account:03d}", "", int(at + step * 30_000_000), **columns))
        messages = [*messages, {"role": "assistant", "text": organic(rng, 2, 12)}]
    return rows


def _group(folder, rng, rows) -> Group:
    write(folder, rows + honest(rng, 150, 5, START_US))
    before = [r for k in (1, 2) for r in honest(rng, 150, 5, START_US - k * WEEK_US)]
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    obs = observe(Run(current=data[0], reference=data[1], secret=b"s"))
    return next(g for g in groups(obs, 0.01) if obs.accounts[g.customers[0]].startswith("pool"))


def _rows(rng, lengths) -> list[dict]:
    """A list dealt round robin in two days, each item asked about further on the same account."""
    gap = WEEK_US * 2 // 7 // (lengths.size + 1)
    return [
        row
        for i, n in enumerate(lengths.tolist())
        for row in _talk(rng, i % ACCOUNTS, organic(rng, 1, 10), START_US + i * gap, n)
    ]


@pytest.fixture(scope="module")
def dealt(tmp_path_factory) -> Group:
    """Conversations of very different length, dealt in turns."""
    rng = np.random.default_rng(5)
    return _group(tmp_path_factory.mktemp("d"), rng, _rows(rng, rng.geometric(1 / LENGTH, ACCOUNTS * EACH)))


@pytest.fixture(scope="module")
def single(tmp_path_factory) -> Group:
    """The same list without follow-ups."""
    rng = np.random.default_rng(6)
    return _group(tmp_path_factory.mktemp("s"), rng, _rows(rng, np.ones(ACCOUNTS * EACH, np.int64)))


def _exchanges(group: Group) -> Group:
    """The group as it is seen without its conversations: every exchange a task."""
    stream = dataclasses.replace(group.obs.stream, turns=np.minimum(group.obs.stream.turns, 1))
    return dataclasses.replace(group, obs=dataclasses.replace(group.obs, stream=stream))


@pytest.mark.slow
def test_conversations_are_counted_as_tasks(dealt: Group) -> None:
    assert dealt.tasks.count == ACCOUNTS * EACH < dealt.in_time.customer.size
    said = Conversation().judge(dealt).statement
    assert f"{dealt.in_time.customer.size:,} linked exchanges are {ACCOUNTS * EACH:,} tasks" in said
    each = dealt.in_time.customer.size / (ACCOUNTS * EACH)
    assert profile(dealt).exchanges_per_task == pytest.approx(each, abs=0.01)


@pytest.mark.slow
def test_tasks_in_turns_take_back_what_bunches_of_exchanges_say(dealt: Group) -> None:
    before, now = TurnTaking().judge(_exchanges(dealt)), TurnTaking().judge(dealt)
    assert before.leans["extraction"] < 0
    assert now.leans == {}, "takes back, and says no more"
    assert "openings of its tasks" in now.statement
    assert now.evidence.counter == []


@pytest.mark.slow
def test_volumes_that_only_lengths_make_uneven_say_nothing(dealt: Group) -> None:
    assert VolumeBalance().judge(resting(_exchanges(dealt))).leans["extraction"] == -5.0
    judgement = VolumeBalance().judge(dealt)
    assert judgement.leans == {"extraction": -1.5}
    assert judgement.evidence.counter == []
    assert "conversations differ in length" in judgement.statement


@pytest.mark.slow
def test_volumes_of_uneven_tasks_speak_for_people(dealt: Group) -> None:
    """Half of the accounts hold one conversation, the others all of theirs."""
    tasks, linked = dealt.tasks, dealt.in_time
    owner = linked.customer[tasks.opens]
    first = np.unique(owner, return_index=True)[1]
    kept = ((owner % 2 == 0) | np.isin(np.arange(tasks.count), first))[tasks.number]
    facts = {name: getattr(linked, name)[kept] for name in ("customer", "ts", *STREAM_FACTS)}
    event = np.cumsum(kept) - 1
    hits = kept[linked.hit_event]
    stream = dataclasses.replace(
        linked, hit_event=event[linked.hit_event[hits]], hit_key=linked.hit_key[hits], **facts
    )
    people = dataclasses.replace(dealt, obs=dataclasses.replace(dealt.obs, stream=stream))
    assert people.tasks.conversations
    assert VolumeBalance().judge(resting(people)).leans["extraction"] == -5.0


@pytest.mark.slow
def test_follow_ups_that_all_accounts_share_are_neither_collisions_nor_repeats(dealt: Group) -> None:
    assert WorkList().judge(dealt).leans["extraction"] > 0
    assert WorkList().judge(dealt).leans["evaluation"] < 0
    assert OwnRepeats().judge(dealt).leans == {}
    assert profile(dealt).repeated == 0.0


@pytest.mark.slow
def test_single_questions_are_judged_as_ever(single: Group) -> None:
    assert not single.tasks.conversations
    assert single.dealing == _exchanges(single).dealing
    assert single.dealing.openings is None
    assert single.dealing.p_turns == single.dealing.turns.p_regular
    assert "tasks" not in Conversation().judge(single).statement
    assert profile(single).exchanges_per_task == 1.0


@pytest.mark.slow
def test_repeats_beyond_the_bounded_sample_are_seen(single: Group) -> None:
    """Each account asks its first question again and again."""
    stream = single.obs.stream
    first = np.full(single.obs.customers, 0, np.uint64)
    first[stream.customer[::-1]] = stream.payload[::-1]
    again = np.where(np.arange(stream.customer.size) % 2 == 0, first[stream.customer], stream.payload)
    repeats = dataclasses.replace(
        single,
        obs=dataclasses.replace(
            single.obs, stream=dataclasses.replace(stream, payload=again, said=again, task=again)
        ),
    )
    assert OwnRepeats().judge(repeats).leans["extraction"] < 0
    assert OwnRepeats().judge(single).leans == {}


@pytest.mark.slow
def test_jobs_at_set_hours_are_looked_at_by_exchanges_alone(dealt: Group) -> None:
    """Conversations that each account opens at an hour of its own come round in one order, and nobody deals them."""
    day = 86_400_000_000
    stream, tasks = dealt.in_time, dealt.tasks
    opener = np.flatnonzero(tasks.opens)
    place, nth = np.arange(tasks.count) % ACCOUNTS, np.arange(tasks.count) // ACCOUNTS
    begins = START_US + place * (day // ACCOUNTS) + nth * day
    ts = begins[tasks.number] + (stream.ts - stream.ts[opener][tasks.number])
    held = dataclasses.replace(stream, ts=ts)
    scheduled = dataclasses.replace(dealt, obs=dataclasses.replace(dealt.obs, stream=held))
    assert scheduled.tasks.conversations
    assert scheduled.dealing.openings is None
    assert TurnTaking().judge(scheduled).leans.get("extraction", 0.0) <= 0.0
    assert VolumeBalance().judge(resting(scheduled)).leans["extraction"] == -5.0
