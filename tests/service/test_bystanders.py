"""A cut raises nothing: what is raised leads with its bystanders and without them, a part of a pool is judged once, and no
account stands in two groups."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stillwatch.findings.assembly import Judged, look_alike, stands
from stillwatch.findings.result import RankedExplanation
from stillwatch.policy.authorisations import Authorisations
from stillwatch.service import scanning

FDR = 0.01


def made(name: str, p: float, *, by_means: bool = True, customers: int = 8, first: int = 0) -> Any:
    who = np.arange(first, first + customers)
    return SimpleNamespace(name=name, p_value=p, by_means=by_means, wide=False, lone_p=None, customers=who)


def judged(group: Any, leads: bool | str, q: float) -> Judged:
    first = leads if isinstance(leads, str) else "extraction" if leads else "batch"
    order = [(first, 5.0), ("unknown" if first == "extraction" else "extraction", 1.0)]
    ranking = [RankedExplanation(name=name, bits=bits, for_=[], against=[]) for name, bits in order]
    group.lone_p = 1.0  # its accounts are not counted here
    return Judged(group.name, group, None, [], ranking, q)  # type: ignore[arg-type]


@pytest.fixture
def alone(monkeypatch):
    """`_with_bystanders_apart` of a whole whose rest and bystanders lead or not, the rest having p."""

    def run(whole: bool, rest: bool, beside: bool, p: float = 0.001) -> list[Judged]:
        leads = {"rest": rest, "beside": beside}
        parts = made("rest", p), made("beside", 0.001)
        monkeypatch.setattr(scanning, "without_bystanders", lambda group: parts)
        monkeypatch.setattr(scanning, "_declared", lambda group, registry: {})
        monkeypatch.setattr(scanning, "judge", lambda g, declared, q, fdr: judged(g, leads[g.name], q))
        return scanning._with_bystanders_apart(
            judged(made("whole", 0.001), whole, 0.002), Authorisations(), FDR
        )

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


def test_what_does_not_lead_is_not_cut(alone):
    (whole,) = alone(False, True, False)
    assert (whole.id, whole.overruled) == ("whole", None)


def test_the_reason_is_what_a_reader_sees(alone, monkeypatch):
    monkeypatch.setattr("stillwatch.findings.assembly.account_names", lambda group: ["a"])
    _, beside = alone(True, True, True)
    shown = look_alike(beside, FDR)
    assert shown.explanation == "reseller"
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


def pooled(name: str, first: int, last: int, leads: str, **kind: bool) -> Judged:
    group = made(name, 0.001, by_means=any(kind.values()), first=first, customers=last - first)
    group.wide, group.obs = kind.get("wide", False), SimpleNamespace(customers=40)
    return judged(group, leads, 0.001)


@pytest.fixture
def settled(monkeypatch):
    """Names of `_settled`, where a pool has no bystanders, and accounts left of it lead if they are more than ten."""

    def left(found, named, registry, fdr):
        rest = found.group.customers[~named[found.group.customers]]
        return found if rest.size > 10 else None

    def run(*groups: Judged) -> set[str]:
        monkeypatch.setattr(scanning, "_with_bystanders_apart", lambda j, registry, fdr: [j])
        monkeypatch.setattr(scanning, "_without", left)
        return {j.id for j in scanning._settled(groups, Authorisations(), FDR)}

    return run


POOL = ("wide", 0, 30, "extraction", {"wide": True})
TEXT = ("text", 0, 12, "extraction", {})


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        ([POOL, TEXT], {"wide", "text"}),
        ([POOL, TEXT, ("jobs", 12, 20, "batch", {})], {"wide", "text"}),
        ([POOL, TEXT, ("means", 12, 30, "extraction", {"by_means": True})], {"wide", "text"}),
        ([POOL, TEXT, ("app", 12, 20, "application", {})], {"text", "app"}),
        ([POOL, TEXT, ("jobs", 25, 40, "batch", {})], {"text", "jobs"}),
        ([POOL, TEXT, ("jobs", 30, 40, "batch", {})], {"wide", "text", "jobs"}),
        ([POOL, ("jobs", 0, 12, "batch", {})], {"jobs"}),
        ([POOL, ("means", 0, 12, "extraction", {"by_means": True})], {"means"}),
        ([("wide", 0, 30, "batch", {"wide": True}), TEXT], {"text"}),
        ([POOL, ("text", 0, 25, "extraction", {})], {"text"}),
    ],
    ids=[
        "beside a text that is raised",
        "with jobs in it",
        "the pool of who is left",
        "with an application in it",
        "with a part of other jobs",
        "and jobs elsewhere",
        "no text in it is raised",
        "what is raised in it is a pool",
        "not raised",
        "hardly anybody is left",
    ],
)
def test_no_account_stands_in_two_groups(settled, groups, kept):
    assert settled(*(pooled(name, a, b, leads, **kind) for name, a, b, leads, kind in groups)) == kept
