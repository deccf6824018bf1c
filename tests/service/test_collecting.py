"""Asking the endpoints of a plan: whatever the service does and wherever a run is killed, nothing answered is asked again."""

from __future__ import annotations

import itertools
import shutil
import stat
from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from stillwatch.comparison.plan import Plan, sealed
from stillwatch.errors import ConfigError, RemoteError, StorageError, UsageError
from stillwatch.outputs.collection import Answered, settled
from stillwatch.outputs.endpoint import Endpoint
from stillwatch.service.collecting import collect, costs
from stillwatch.storage.answers import AnswerJournal, journal_path
from stillwatch.testing.endpoint import Behaviour, said, serving

PROMPTS = [f"question {i}" for i in range(24)]
FAILED, BUSY = Behaviour(500), Behaviour(429, {"Retry-After": "0.01"})


def planned(url, prompts=PROMPTS, **more):
    more = {"queries_max": 500, "timeout_s": 5, "concurrency": 3} | more
    return sealed(
        Plan(
            version="0", written="2026-01-01", suspect="rival", owner="ours", teachers=["ours-1"], panel=[],
            prompts=list(prompts), statistics={}, endpoints={"rival": Endpoint(base_url=url, model="m", **more)},
        )
    )  # fmt: skip


def run(plan, folder, **more):
    (found,) = collect(plan, folder, pause_s=0.01, **more)
    return found


def test_every_prompt_is_asked_once_and_the_answers_are_private(tmp_path):
    with serving(lambda p, n: replace(said(f"to {p}"), stall_s=0.05)) as service:
        found = run(planned(service.url), tmp_path / "run")
    assert Counter(service.prompts) == Counter(PROMPTS)
    assert service.prompts != PROMPTS and service.most_at_once <= 3
    assert dict(found.answers) == {p: f"to {p}" for p in PROMPTS}
    assert (found.told.used, found.told.requests, found.told.stopped) == (24, 24, None)
    assert found.told.tokens == (24 * 11, 24 * 7)
    (file,) = (tmp_path / "run").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_second_run_asks_nothing(tmp_path):
    with serving(lambda p, n: said(p)) as service:
        first = run(planned(service.url), tmp_path)
        second = run(planned(service.url), tmp_path)
    assert len(service.asked) == 24 and first == second
    assert costs(planned(service.url), tmp_path)[0].requests == 0


@pytest.mark.slow
def test_failures_and_full_houses_are_tried_again(tmp_path):
    def behave(prompt, number):
        return FAILED if number % 3 == 0 else BUSY if number % 3 == 1 else said(prompt)

    with serving(behave) as service:
        found = run(planned(service.url, attempts=20), tmp_path)
    assert found.told.used == 24 and found.told.stopped is None
    assert found.told.requests == len(service.asked)


@pytest.mark.slow
def test_a_service_that_says_when_is_not_asked_before(tmp_path):
    first = Behaviour(429, {"Retry-After": "0.7"})
    with serving(lambda p, n: said(p) if n else first) as service:
        assert run(planned(service.url, concurrency=1), tmp_path).told.used == 24
    times = [t for _, t in service.asked]
    assert times[1] - times[0] >= 0.7


@pytest.mark.parametrize(
    ("behave", "why"),
    [
        (lambda p, n: Behaviour(429, {"Retry-After": "3600"}), "come back in 3,600 seconds"),
        (lambda p, n: Behaviour(429, {"Retry-After": "0.001"}), "HTTP 429 21 times in a row"),
        (lambda p, n: FAILED, "25 requests in a row failed, the last: HTTP 500"),
        (lambda p, n: Behaviour(401), "does not accept the key"),
    ],
    ids=["a long wait", "always full", "always broken", "a wrong key"],
)
@pytest.mark.slow
def test_a_run_that_leads_nowhere_ends_and_goes_on_later(tmp_path, behave, why):
    with serving(behave) as service, pytest.raises(RemoteError, match=why):
        run(planned(service.url), tmp_path)
    assert len(service.asked) <= 30
    mended = []
    with serving(lambda p, n: said(p) if n < 10 or mended else behave(p, n)) as service:
        plan = planned(service.url)
        half = run(plan, tmp_path / "half").told
        assert why in (half.stopped or "") and 10 <= half.answered < 24
        mended.append(True)
        assert run(plan, tmp_path / "half").told.used == 24
        with pytest.raises(ConfigError, match="another plan"):
            run(planned(service.url, max_tokens=7), tmp_path / "half")


def test_half_the_prompts_in_error_are_named_and_the_rest_kept(tmp_path):
    bad = set(PROMPTS[::2])
    with serving(lambda p, n: FAILED if p in bad else said(p)) as service:
        told = run(planned(service.url, attempts=2), tmp_path).told
        assert (told.answered, told.failed, told.requests) == (12, {"HTTP 500": 12}, 36)
        again = run(planned(service.url, attempts=2), tmp_path).told
    assert again.requests == 36 + 24 and again.answered == 12
    assert Counter(service.prompts)[PROMPTS[1]] == 1


def test_what_is_withheld_is_final(tmp_path):
    kinds = itertools.cycle([said(None, refusal="no"), said(" "), Behaviour(422)])
    with serving(lambda p, n: next(kinds) if p < "question 2" else said(p)) as service:
        told = run(planned(service.url, concurrency=1), tmp_path).told
        run(planned(service.url, concurrency=1), tmp_path)
    assert sum(told.withheld.values()) == 12 and set(told.withheld) == {
        "empty",
        "refused",
        "rejected with HTTP 422",
    }
    assert len(service.asked) == 24


def test_the_budget_holds_over_all_runs(tmp_path):
    with serving(lambda p, n: FAILED if n % 2 else said(p)) as service:
        plan = planned(service.url, queries_max=20)
        stops = [run(plan, tmp_path).told.stopped for _ in range(3)]
    assert len(service.asked) == 20
    assert stops == ["the plan's budget of 20 requests is spent"] * 3


def test_a_model_that_changes_half_way_is_split(tmp_path):
    with serving(lambda p, n: said(p, model="rival-1" if n < 15 else "rival-2")) as service:
        found = run(planned(service.url, concurrency=1), tmp_path)
    assert [(s.model, s.answers, s.used) for s in found.told.served] == [
        ("rival-1", 15, True),
        ("rival-2", 9, False),
    ]
    assert (found.told.used, found.told.other) == (15, 9)
    assert [p for p, _ in found.answers] == sorted(service.prompts[:15], key=PROMPTS.index)


@pytest.mark.parametrize(("split", "used"), [(["model", "system_fingerprint"], 12), (["model"], 24)])
def test_a_fingerprint_splits_unless_the_plan_says_otherwise(tmp_path, split, used):
    with serving(lambda p, n: said(p, fingerprint=f"fp-{n % 2}")) as service:
        assert run(planned(service.url, split=split), tmp_path).told.used == used


def test_answers_after_the_window_are_late(tmp_path):
    with serving(lambda p, n: said(p)) as service:
        plan = planned(service.url)
        path = journal_path(tmp_path, "rival")
        run(plan, tmp_path)
        old = path.read_bytes().replace(b'"at":"20', b'"at":"19', 1)  # the first request was long ago
        path.write_bytes(old)
        late = run(plan, tmp_path).told
        assert (late.late, late.used) == (24, 0)
        lines = old.splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:10]))
        over = run(plan, tmp_path).told
    assert "window of 168 hours is over" in (over.stopped or "") and len(service.asked) == 24


@pytest.mark.slow
def test_a_journal_cut_at_any_byte_goes_on_from_there(tmp_path):
    prompts = PROMPTS[:3]
    with serving(lambda p, n: said(p, fingerprint="ünïcode")) as service:
        plan = planned(service.url, prompts, concurrency=1)
        run(plan, tmp_path / "whole")
        whole = journal_path(tmp_path / "whole", "rival").read_bytes()
        for cut in range(len(whole)):
            folder = tmp_path / "cut"
            folder.mkdir()
            path = journal_path(folder, "rival")
            path.write_bytes(whole[:cut])
            with AnswerJournal.opened(path, plan.hash, "rival") as journal:
                kept = {x.prompt for x in journal.lines if isinstance(x, Answered)}
            assert len(kept) >= whole[:cut].count(b'"t":"answer"') - 1
            before = len(service.asked)
            assert run(plan, folder).told.used == 3
            assert sorted(service.prompts[before:]) == [p for i, p in enumerate(prompts) if i not in kept]
            shutil.rmtree(folder)


def test_damage_within_the_journal_is_named(tmp_path):
    with serving(lambda p, n: said(p)) as service:
        plan = planned(service.url)
        run(plan, tmp_path)
        path = journal_path(tmp_path, "rival")
        lines = path.read_bytes().splitlines(keepends=True)
        lines[4] = b"{torn\n"
        path.write_bytes(b"".join(lines))
        with pytest.raises(StorageError, match=r"jsonl:5: a line of the journal is damaged"):
            run(plan, tmp_path)


def test_one_run_at_a_time(tmp_path):
    with serving(lambda p, n: said(p)) as service:
        plan = planned(service.url)
        held = AnswerJournal.opened(journal_path(tmp_path, "rival"), plan.hash, "rival")
        with held, pytest.raises(UsageError, match="another run"):
            run(plan, tmp_path)
    assert service.asked == []


def test_nothing_is_asked_under_a_changed_plan(tmp_path):
    with serving(lambda p, n: said(p)) as service:
        changed = msgspec.structs.replace(planned(service.url), alpha=0.5)
        for go in (run, costs):
            with pytest.raises(ConfigError, match="changed after it was hashed"):
                go(changed, tmp_path)
    assert service.asked == []


def test_a_disk_that_fills_up_ends_the_run_and_keeps_what_is_there(tmp_path, monkeypatch):
    real, written = AnswerJournal.append, []

    def append(self, line):
        if len(written) > 20:
            raise StorageError("no room left to write", where=str(self.path), hint="free some disk space")
        written.append(line)
        real(self, line)

    with serving(lambda p, n: said(p)) as service:
        plan = planned(service.url)
        monkeypatch.setattr(AnswerJournal, "append", append)
        with pytest.raises(StorageError, match="no room"):
            run(plan, tmp_path)
        monkeypatch.undo()
        with AnswerJournal.opened(journal_path(tmp_path, "rival"), plan.hash, "rival") as journal:
            kept = settled(journal.lines)
        before = len(service.asked)
        assert run(plan, tmp_path).told.used == 24
    assert len(service.asked) - before == 24 - len(kept)
