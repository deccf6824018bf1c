"""A cut raises nothing: what is raised leads with its bystanders and without them, a part of a pool is judged once, and no
account stands in two groups."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.findings.assembly import Judged, look_alike, stands
from stillwatch.findings.result import RankedExplanation
from stillwatch.policy.authorisations import Authorisations
from stillwatch.service import scanning, settling

FDR = 0.01
SIGN = Judgement(Evidence(detector="turn_taking", bits=0.0, n=1), {"extraction": 4.0})


def made(name: str, p: float, *, by_means: bool = True, customers: int = 8, first: int = 0) -> Any:
    who = np.arange(first, first + customers)
    return SimpleNamespace(name=name, p_value=p, by_means=by_means, wide=False, lone_p=None, customers=who)


def judged(group: Any, leads: bool, q: float) -> Judged:
    order = [("extraction", 5.0), ("batch", 1.0)] if leads else [("batch", 5.0), ("extraction", 1.0)]
    ranking = [RankedExplanation(name=name, bits=bits, for_=[], against=[]) for name, bits in order]
    group.lone_p = 1.0  # its accounts are not counted here
    return Judged(group.name, group, None, [SIGN], ranking, q)  # type: ignore[arg-type]


@pytest.fixture(params=["bystanders", "passers"])
def alone(monkeypatch, request):
    """`with_bystanders_apart`, or passers, of a whole whose rest and bystanders lead or not, the rest having p."""

    def run(whole: bool, rest: bool, beside: bool, p: float = 0.001) -> list[Judged]:
        leads = {"rest": rest, "beside": beside}
        parts = made("rest", p), made("beside", 0.001)
        monkeypatch.setattr(settling, f"without_{request.param}", lambda group: parts)
        monkeypatch.setattr(settling, "declared", lambda group, registry: {})
        monkeypatch.setattr(settling, "judge", lambda g, declared, q, fdr: judged(g, leads[g.name], q))
        apart = getattr(settling, f"with_{request.param}_apart")
        return apart(judged(made("whole", 0.001), whole, 0.002), Authorisations(), FDR)

    return run


def test_bystanders_are_no_part_of_what_is_raised(alone):
    rest, beside = alone(True, True, True)
    assert (rest.id, stands(rest, FDR), rest.q_value) == ("rest", True, 0.002)
    assert not stands(beside, FDR), "whatever leads there"


def test_what_leads_only_with_bystanders_is_not_raised(alone):
    (whole,) = alone(True, False, False)
    assert not stands(whole, FDR)
    assert whole.overruled[0] == "unknown"


def test_what_is_not_significant_without_bystanders_is_not_raised(alone):
    (whole,) = alone(True, True, False, p=0.02)
    assert not stands(whole, FDR)


@pytest.mark.parametrize("alone", ["bystanders"], indirect=True)
def test_what_does_not_lead_is_not_cut(alone):
    (whole,) = alone(False, True, False)
    assert (whole.id, whole.overruled) == ("whole", None)


@pytest.fixture
def again(monkeypatch):
    """`with_passers_apart` of a whole that does not lead, by how many bits its rest and its kin lead."""

    def run(
        rest: float, kin: float, *, q: float = 0.002, p: float = 0.001, passers: bool = True
    ) -> list[Judged]:
        lead = {"rest": rest, "kin": kin, "beside": 9.0}
        parts = (made("rest", p), made("beside", 0.001)) if passers else None
        monkeypatch.setattr(settling, "without_passers", lambda group: parts)
        monkeypatch.setattr(settling, "kin_alone", lambda group: made("kin", 0.001))
        monkeypatch.setattr(settling, "declared", lambda group, registry: {})
        monkeypatch.setattr(settling, "judge", lambda g, declared, q, fdr: leading(g, lead[g.name], q))
        return settling.with_passers_apart(leading(made("whole", 0.001), -3.5, q), Authorisations(), FDR)

    return run


def leading(group: Any, bits: float, q: float) -> Judged:
    order = sorted([("extraction", 5.0 + bits), ("batch", 5.0)], key=lambda pair: -pair[1])
    ranking = [RankedExplanation(name=name, bits=at, for_=[], against=[]) for name, at in order]
    group.lone_p = 1.0
    return Judged(group.name, group, None, [SIGN], ranking, q)  # type: ignore[arg-type]


def test_who_pastes_a_prompt_clears_nobody(again):
    rest, beside = again(3.5, 3.5)
    assert (rest.id, stands(rest, FDR), rest.q_value) == ("rest", True, 0.002)
    assert not stands(beside, FDR), "whatever leads there"
    assert rest.id in beside.overruled[1]


@pytest.mark.parametrize(
    "case",
    [
        {"rest": -1.0, "kin": 3.5},
        {"rest": 1.5, "kin": 3.5},
        {"rest": 3.5, "kin": 1.5},
        {"rest": 3.5, "kin": 3.5, "q": 0.02},
        {"rest": 3.5, "kin": 3.5, "p": 0.02},
        {"rest": 3.5, "kin": 3.5, "passers": False},
    ],
    ids=[
        "who is left does not lead",
        "leads by less than two looks ask for",
        "leads with the busy strangers only",
        "the whole is not significant",
        "who is left is not significant",
        "nobody passes by",
    ],
)
def test_a_second_look_raises_nothing(again, case):
    (whole,) = again(**case)
    assert (whole.id, whole.overruled, stands(whole, FDR)) == ("whole", None, False)


def test_the_reason_is_what_a_reader_sees(alone, monkeypatch):
    monkeypatch.setattr("stillwatch.findings.assembly.account_names", lambda group: ["a"])
    _, beside = alone(True, True, True)
    shown = look_alike(beside, FDR)
    assert shown.explanation in ("reseller", "unknown")
    assert "rest" in shown.reason


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([made("text", 0.001, by_means=False), made("means", 0.001)], ["text", "means"]),
        ([made("text", 0.2, by_means=False), made("means", 0.001, customers=20)], ["means"]),
        ([made("text", 0.2, by_means=False), made("means", 0.2, customers=20)], ["text"]),
        ([made("text", 0.2, by_means=False, customers=20), made("means", 0.001)], ["text", "means"]),
        (
            [made("text", 0.2, by_means=False), made("m", 0.001, customers=4), made("n", 0.001, first=4)],
            ["m", "n"],
        ),
    ],
    ids=["both significant", "part of a pool", "neither", "more than the pool", "part of two"],
)
def test_which_groups_are_judged(found, told):
    seen: Any = SimpleNamespace(customers=40)
    assert [found[i].name for i in scanning._told(found, seen, FDR)] == told


class Made(SimpleNamespace):
    """A group, of which those of its customers that `people` holds stand beside a list, and those of `dealt` are dealt to."""

    @property
    def dealing(self) -> Any:
        return SimpleNamespace(evenly=bool(np.isin(self.customers, self.dealt).all()), ordered=False)

    def narrowed(self, customers: np.ndarray) -> "Made":
        return Made(
            **vars(self) | {"name": "part of " + self.name.removeprefix("part of "), "customers": customers}
        )


def pooled(name: str, first: int, last: int, leads: str, **kind: Any) -> Judged:
    group = Made(
        name=name,
        customers=np.arange(first, last),
        wide=kind.get("wide", False),
        by_means=kind.get("wide", False) or kind.get("by_means", False),
        obs=SimpleNamespace(customers=40),
        p_value=0.001,
        lone_p=None,
        chosen_by_content=False,
        people=np.array(kind.get("people", []), int),
        dealt=np.arange(kind.get("dealt", 40)),
        open_leads=kind.get("open_leads", True),
    )
    return said(group, leads)


def said(group: Any, leads: str) -> Judged:
    ranking = [
        RankedExplanation(name=name, bits=b, for_=[], against=[]) for name, b in ((leads, 5.0), ("x", 1.0))
    ]
    return Judged(group.name, group, None, [SIGN], ranking, 0.001)  # type: ignore[arg-type]


@pytest.fixture
def settled(monkeypatch):
    """(name, customers) of what `settled` gives; every part of a raised pool leads, and counts whatever its accounts."""

    def split(group):
        own = np.isin(group.customers, group.people)
        if not own.any():
            return None
        kept = group.narrowed(group.customers[~own])
        kept.chosen_by_content = True
        return kept, group.narrowed(group.customers[own])

    def again(group, known, q, fdr):
        leads = "extraction" if group.chosen_by_content or group.open_leads else "batch"
        return said(group, leads)

    def run(*groups: Judged) -> dict[str, list[int]]:
        monkeypatch.setattr(settling, "without_bystanders", split)
        monkeypatch.setattr(settling, "without_passers", lambda group: None)
        monkeypatch.setattr(settling, "declared", lambda group, registry: {})
        monkeypatch.setattr(settling, "judge", again)
        monkeypatch.setattr(settling, "stands", lambda j, fdr: j.overruled is None and j.raised)
        monkeypatch.setattr(settling, "group_id", lambda group: f"beside, {group.name}")
        monkeypatch.setattr(settling, "membership", lambda group, fdr: None)
        monkeypatch.setattr(settling, "replace", replaced)
        return {j.id: j.group.customers.tolist() for j in settling.settled(groups, Authorisations(), FDR)}

    def replaced(it, **changes):
        return Made(**vars(it) | changes) if isinstance(it, Made) else replace(it, **changes)

    return run


WIDE = {"wide": True}
POOL = ("wide", 0, 30, "extraction", WIDE)
TEXT = ("text", 0, 12, "extraction", {})
REST = "part of wide"


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        ([POOL, TEXT], {REST, "text"}),
        ([POOL, TEXT, ("jobs", 12, 20, "batch", {})], {REST, "text"}),
        ([POOL, TEXT, ("means", 12, 30, "extraction", {"by_means": True})], {REST, "text"}),
        ([POOL, TEXT, ("app", 12, 20, "application", {})], {"text", "app"}),
        ([POOL, TEXT, ("class", 12, 20, "classroom", {"by_means": True})], {"text", "class"}),
        ([POOL, TEXT, ("jobs", 25, 40, "batch", {})], {"text", "jobs"}),
        ([POOL, TEXT, ("jobs", 30, 40, "batch", {})], {REST, "text", "jobs"}),
        ([POOL, ("jobs", 0, 12, "batch", {})], {"jobs"}),
        ([POOL, ("means", 0, 12, "extraction", {"by_means": True})], {"means"}),
        ([("wide", 0, 30, "batch", WIDE), TEXT], {"text"}),
        ([POOL, ("text", 0, 27, "extraction", {})], {"text"}),
        ([("wide", 0, 30, "extraction", WIDE | {"dealt": 20}), TEXT], {"text"}),
        ([POOL, ("text", 31, 40, "extraction", {})], {"text"}),
    ],
    ids=[
        "beside a text that is raised",
        "with jobs in it",
        "the pool of who is left",
        "with an application in it",
        "with a class in it",
        "with a part of other jobs",
        "and jobs elsewhere",
        "no text in it is raised",
        "what is raised in it is a pool",
        "not raised",
        "hardly anybody is left",
        "who is left is not dealt to",
        "what is raised is elsewhere",
    ],
)
def test_no_account_stands_in_two_groups(settled, groups, kept):
    found = settled(*(pooled(name, a, b, leads, **kind) for name, a, b, leads, kind in groups))
    assert set(found) == kept
    everyone = [who for customers in found.values() for who in customers]
    assert len(everyone) == len(set(everyone))
    assert set(everyone) == {
        who for name, a, b, *_ in groups if name in kept or REST in kept for who in range(a, b)
    }


def test_who_stands_beside_a_wide_pool_is_not_lost(settled):
    pool = pooled("wide", 0, 30, "extraction", wide=True, people=[10, 11, 28, 29])
    found = settled(pool, pooled("text", 0, 12, "extraction"))
    assert found == {REST: list(range(12, 28)), "text": list(range(12)), f"beside, {REST}": [28, 29]}


def test_who_is_left_leads_with_its_content_as_well(settled):
    pool = pooled("wide", 0, 30, "extraction", wide=True, people=[28, 29], open_leads=False)
    assert settled(pool, pooled("text", 0, 12, "extraction")) == {"text": list(range(12))}
