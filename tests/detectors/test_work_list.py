"""Who else asks the items: the same is said of a list whether its askers are one group, two, or heavier than the sample."""

import dataclasses

import numpy as np
import pytest

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups
from stillwatch.detectors.work_list import WorkList, sent
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.features.families import Family, family_of
from stillwatch.testing.traffic import START_US, WEEK_US, event, honest, organic, write

ACCOUNTS, EACH = 6, 40
TEXT = "Below is one item of the set. Work through it step by step and close with the letter of the right option. {}"


def _run(rng, name, items, days, text=TEXT, accounts=ACCOUNTS, **columns) -> list[dict]:
    """A laboratory that deals `items` out over its accounts, at random times between two days."""
    times = START_US + np.sort(rng.uniform(*days, len(items))) / 7 * WEEK_US
    columns = {"ip": "203.0.113.1", "user_agent": "tool/7"} | columns
    return [
        event(f"{name}-{i % accounts}", text.format(item), int(at), **columns)
        for i, (item, at) in enumerate(zip(rng.permutation(items), times, strict=True))
    ]


def _list(rng) -> list[str]:
    return [
        f"{organic(rng, 1, 8)} number {chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(ACCOUNTS * EACH)
    ]


def _found(folder, rng, rows) -> dict[str, Group]:
    """The group of each laboratory, `first` or `later`."""
    write(folder, rows + honest(rng, 150, 5, START_US))
    before = [r for k in (1, 2) for r in honest(rng, 150, 5, START_US - k * WEEK_US)]
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    obs = observe(Run(current=data[0], reference=data[1], secret=b"s"))
    named = [({obs.accounts[c].split("-")[0] for c in g.customers}, g) for g in groups(obs, 0.01)]
    return {next(iter(names)): group for names, group in named if names in ({"first"}, {"later"})}


def _leans(group: Group) -> dict[str, float]:
    return WorkList().judge(group).leans


@pytest.fixture(scope="module")
def one_benchmark(tmp_path_factory) -> dict[str, Group]:
    """Two laboratories run one benchmark, each within a day, one days after the other."""
    rng = np.random.default_rng(11)
    items = _list(rng)
    rows = _run(rng, "first", items, (0.5, 1.5)) + _run(rng, "later", items, (4.0, 5.0))
    return _found(tmp_path_factory.mktemp("b"), rng, rows)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first", "later"])
def test_runs_after_one_another_ask_the_same_items(one_benchmark, name) -> None:
    assert set(one_benchmark) == {"first", "later"}, "read as a hand-over from one pool to another"
    leans = _leans(one_benchmark[name])
    assert leans["evaluation"] == 8.0
    assert leans["extraction"] == -8.0


@pytest.mark.slow
def test_the_sample_of_heavy_accounts_misses_what_they_have_in_common(one_benchmark) -> None:
    group = one_benchmark["first"]
    bounded = dataclasses.replace(group, obs=dataclasses.replace(group.obs, stream=None))
    payload, _, mine, _ = sent(bounded)
    assert mine.sum() == group.rows.size < ACCOUNTS * EACH
    assert _leans(bounded)["extraction"] > _leans(group)["extraction"]
    payload, owner, mine, _ = sent(group)
    assert mine.sum() == np.count_nonzero(~mine) == np.unique(payload).size == ACCOUNTS * EACH
    assert set(owner[mine]) == set(group.customers)


@pytest.mark.slow
def test_a_pool_that_carries_the_list_on_is_told_it_was_split(tmp_path) -> None:
    rng = np.random.default_rng(12)
    items = _list(rng)
    half = len(items) // 2
    rows = _run(rng, "first", items[:half], (0.5, 1.5)) + _run(rng, "later", items[half:], (4.0, 5.0))
    found = _found(tmp_path, rng, rows)
    assert set(found) == {"first", "later"}
    assert all(_leans(group)["extraction"] > 0 for group in found.values())


@pytest.mark.slow
def test_the_same_questions_under_another_text_are_another_list(tmp_path) -> None:
    """Public questions are asked by many; only who asks them with the text that the group shares does the same work."""
    rng = np.random.default_rng(13)
    items = _list(rng)
    grade = "You grade a held-out set; think aloud about each option before you settle on the one that fits."
    teach = "Answer as a patient tutor would, in small steps, and name the rule that every step of yours rests on."
    rows = _run(rng, "first", items, (0.5, 5.0), "{}", 2 * ACCOUNTS, system=grade)
    other = {"ip": "192.0.2.1", "user_agent": "desk/2"}
    rows += _run(rng, "later", items, (0.5, 5.0), "{}", 2 * ACCOUNTS, system=teach, **other)
    found = _found(tmp_path, rng, rows)
    assert set(found) == {"first", "later"}
    assert all(_leans(group)["extraction"] > 0 for group in found.values())


def _parted(share: float, rows: int, accounts: int = 20):
    """A group by text whose events are `rows`, that share of them items that another of its accounts sends as well."""
    twice = round(rows * share / 2)
    item = np.concatenate([np.repeat(np.arange(1, twice + 1), 2), np.arange(1_000, 1_000 + rows - 2 * twice)])
    return item.astype(np.uint64), np.arange(rows) % accounts, np.ones(rows, np.bool_), np.arange(rows)


@pytest.mark.parametrize(
    ("share", "rows", "speaks"),
    [
        (0.46, 62, True),  # three an account: twice as much makes 71 %
        (0.46, 200, False),  # ten an account: as it is
        (0.4, 150, False),  # seven and a half: 49 %
        (0.2, 62, False),
        (0.6, 200, True),
        (0.0, 62, False),
    ],
)
def test_an_early_share_is_taken_for_what_it_will_be(monkeypatch, one_benchmark, share, rows, speaks):
    monkeypatch.setattr("stillwatch.detectors.work_list.sent", lambda group: _parted(share, rows))
    group = dataclasses.replace(one_benchmark["first"], customers=np.arange(20))
    leans = WorkList().judge(group).leans
    assert (leans.get("evaluation", 0.0) > 5.0 and leans["extraction"] == -8.0) == speaks
    if share == 0.0:
        assert leans["extraction"] == 2.0


def test_a_list_that_is_sampled_is_read_as_no_benchmark(monkeypatch, one_benchmark) -> None:
    """Each of 1,500 items four times, at random over 40 accounts; in passes it is what a suite that runs again looks like."""
    rng = np.random.default_rng(5)
    item = np.tile(np.arange(1, 1_501), 4)
    passes = item.astype(np.uint64), np.arange(6_000) % 40, np.ones(6_000, np.bool_), np.arange(6_000)
    mixed = (rng.permutation(passes[0]), *passes[1:])
    group = dataclasses.replace(one_benchmark["first"], customers=np.arange(40))
    for rows, leans in ((mixed, {}), (passes, {"extraction": -8.0, "evaluation": 8.0})):
        monkeypatch.setattr("stillwatch.detectors.work_list.sent", lambda group, rows=rows: rows)
        monkeypatch.setattr("stillwatch.detectors.work_list._payers", lambda group: np.zeros(40, np.uint64))
        found = WorkList().judge(group)
        assert {name: found.leans[name] for name in leans} == leans
        assert ("sampled 4 times" in found.statement) == (not found.leans) == (not found.evidence.counter)


@pytest.mark.slow
def test_accounts_that_share_only_means_are_asked_who_else_sends_their_items(one_benchmark) -> None:
    first = one_benchmark["first"]
    means = np.flatnonzero(np.isin(family_of(first.obs.burst.key), (Family.PROTOCOL, Family.INFRASTRUCTURE)))
    group = dataclasses.replace(first, by_means=True, keys=means)
    assert group.lexical.size == 0
    assert sent(group)[2].sum() > 0
    assert WorkList().judge(group).leans["extraction"] == -8.0
    assert WorkList().judge(dataclasses.replace(group, by_means=False)) is None
    stream = group.obs.stream
    others = np.arange(1, stream.ts.size + 1).astype(np.uint64)
    apart = dataclasses.replace(group.obs, stream=dataclasses.replace(stream, payload=others, said=others))
    assert WorkList().judge(dataclasses.replace(group, obs=apart)) is None
