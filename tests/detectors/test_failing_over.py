"""Fail-over and common minutes of a group: what is said, what is not, and that neither prefers a harvest to a job."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from stillwatch.campaigns.failover import fail_over
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups
from stillwatch.detectors.acting_together import ActingTogether
from stillwatch.detectors.failing_over import ONE_OPERATOR, FailingOver
from stillwatch.detectors.own_repeats import OwnRepeats
from stillwatch.detectors.work_list import WorkList
from stillwatch.engine.local import Run, observe
from stillwatch.events.dataset import open_dataset
from stillwatch.range import build_world
from stillwatch.service.scanning import scan
from stillwatch.testing.traffic import START_US, WEEK_US, campaign, honest, write

S = 1_000_000


def observed(folder: Path, after_s: float | None, status: str = "429") -> Group:
    """The pool of a campaign; a seventh of its requests were refused to the next account `after_s` earlier (None: never)."""
    rng = np.random.default_rng(31)
    rows = campaign(rng, 30, 9, START_US)
    accounts = sorted({row["account_id"] for row in rows})
    refused = []
    for row in rows[::7] if after_s is not None else []:
        other = accounts[(accounts.index(row["account_id"]) + 1) % len(accounts)]
        at = row["ts"] - int(after_s * S)
        refused.append(row | {"account_id": other, "ts": at, "status": status})
    now = honest(rng, 500, 20, START_US) + rows + refused
    write(folder, now)
    before = [r for k in (1, 2) for r in honest(rng, 500, 8, START_US - k * WEEK_US)]
    write(folder / "reference", before, tag="r")
    data = [open_dataset([p], work=folder / "w") for p in (folder, folder / "reference")]
    found = groups(observe(Run(current=data[0], reference=data[1], secret=b"s")), 0.01)
    return next(g for g in found if g.obs.accounts[g.customers[0]].startswith("pool"))


@pytest.fixture(scope="module")
def failing(tmp_path_factory) -> Group:
    return observed(tmp_path_factory.mktemp("f"), 3.0)


def test_the_leanings_name_an_operator_and_not_what_it_does():
    assert (
        len({ONE_OPERATOR[name] for name in ("extraction", "relay", "batch", "reseller", "evaluation")}) == 1
    )
    assert {name for name, bits in ONE_OPERATOR.items() if bits < 0} == {"application", "classroom"}


def test_a_pool_that_fails_over_is_one_operator(failing):
    judgement = FailingOver().judge(failing)
    assert judgement.leans == ONE_OPERATOR
    assert judgement.evidence.bits > 0
    assert judgement.evidence.inferred
    found = fail_over(failing)
    assert found.refusals.taken_over == found.refusals.count == 39
    assert found.refusals.retried == 0


def test_the_bounded_records_say_it_too_where_there_is_no_stream(failing):
    bare = dataclasses.replace(failing, obs=dataclasses.replace(failing.obs, stream=None))
    assert FailingOver().judge(bare).leans == ONE_OPERATOR
    assert 0 < fail_over(bare).refusals.count <= fail_over(failing).refusals.count


def test_trouble_of_the_service_and_silence_say_nothing(tmp_path):
    assert FailingOver().judge(observed(tmp_path / "a", 3.0, status="503")) is None
    assert FailingOver().judge(observed(tmp_path / "b", None)) is None


def test_requests_that_come_before_the_limit_or_long_after_are_no_fail_over(tmp_path):
    before = FailingOver().judge(observed(tmp_path / "before", -3.0))
    assert before.evidence.n > 20
    assert (before.leans, before.evidence.bits) == ({}, -1.0)
    assert FailingOver().judge(observed(tmp_path / "late", 900.0)) is None, "no start is near a limit"


def test_a_crowd_that_does_the_same_takes_the_claim_back(failing):
    """The crowd's accounts made to start just after the group's limits: the service let everybody in again."""
    crowd, events = failing.obs.crowd, failing.events
    at = events.ts[events.limited]
    first = np.r_[True, np.diff(crowd.customer) != 0]
    ts = crowd.ts.copy()
    ts[first] = at[np.arange(int(first.sum())) % at.size] + 4 * S
    order = np.lexsort((crowd.event_hash, ts, crowd.customer))
    columns = {name: getattr(crowd, name)[order] for name in ("customer", "event_hash", "limited", "payload")}
    moved = dataclasses.replace(crowd, ts=ts[order], **columns)
    judgement = FailingOver().judge(
        dataclasses.replace(failing, obs=dataclasses.replace(failing.obs, crowd=moved))
    )
    assert judgement.leans == {}
    assert judgement.evidence.bits <= 0


def test_what_was_refused_is_not_asked_twice(failing):
    """Counted as asked, they would read as the items that independent users have in common."""
    assert WorkList().judge(failing).leans["extraction"] > 0
    records = dataclasses.replace(failing.events, limited=np.zeros(failing.events.rows, np.bool_))
    stream = dataclasses.replace(failing.obs.stream, limited=np.zeros(failing.obs.stream.ts.size, np.bool_))
    blind = dataclasses.replace(
        failing, obs=dataclasses.replace(failing.obs, suspects=records, stream=stream)
    )
    assert WorkList().judge(blind).leans.get("extraction", 0.0) <= 0


def test_who_tries_again_has_not_asked_twice(failing):
    """Every other event of an account repeats the one before: a re-run, unless the first was turned away."""
    events = failing.events
    nth = np.zeros(events.rows, np.int64)
    for customer in failing.customers:
        mine = np.flatnonzero(events.customer == customer)
        nth[mine] = np.arange(mine.size)
    payload = (events.customer * 1000 + nth // 2 + 1).astype(np.uint64)

    def judged(limited):
        asked = dict.fromkeys(("payload", "said", "task"), payload)
        records = dataclasses.replace(events, limited=limited, **asked)
        obs = dataclasses.replace(failing.obs, suspects=records, stream=None)
        return OwnRepeats().judge(dataclasses.replace(failing, obs=obs)).leans

    assert judged(np.zeros(events.rows, np.bool_))["extraction"] < 0
    assert judged(nth % 2 == 0) == {}


def test_accounts_that_start_together_are_told_without_a_leaning(tmp_path):
    group = observed(tmp_path, None)
    apart = ActingTogether().judge(group)
    ts = group.obs.stream.ts.copy()
    ts -= (ts - START_US) % (1200 * S) * 99 // 100
    stream = dataclasses.replace(group.obs.stream, ts=ts)
    started = dataclasses.replace(group, obs=dataclasses.replace(group.obs, stream=stream))
    together = ActingTogether().judge(started)
    assert together.leans == {}
    assert together.evidence.bits > 4
    assert together.evidence.counter
    assert apart.evidence.bits < 1
    assert not apart.evidence.inferred


@pytest.mark.e2e
@pytest.mark.slow
def test_a_pool_under_limits_is_raised_and_a_company_is_not(tmp_path: Path) -> None:
    knobs = {"honest": 400, "accounts": 40, "workers": 30, "days": 4.0, "limit": 2}
    place = build_world("rationed", seed=93, out=tmp_path / "world", **knobs)
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    assert [c.explanation for c in found.campaigns] == ["extraction"]
    assert {e.detector for e in found.campaigns[0].evidence} >= {"failing_over", "acting_together"}
    assert "batch" in [group.explanation for group in found.look_alikes]
