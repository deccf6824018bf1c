"""Lineage with a stated base: power where public cards state one, false alarms where it is true, and where not.

The base of a model is who made the weights it was tuned from, by its public card (`BASES`) or the lineage file. Three
ways to judge: `fit` (relatives kept where the base can be used and fits, else apart, as the product always does); `no fit`,
the same without the fit test; `apart`, as if no base were stated.

Innocent models state a base in four ways:
- true: their own, in a panel that holds their relatives;
- wrong, relatives there: every other family in turn, in a panel that holds their relatives;
- wrong, relatives absent: the same in a panel that lacks them;
- true, teacher absent: their own by its card, where the panel knows them by the teacher of their answers alone and
  lacks that teacher's family. So looks a student whose answers come from somebody unknown.

Where relatives are absent, p counts the models of the whole panel against the suspect's score in the panel without
its relatives, so that the least p is that of the whole panel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.lineage_panel import Bench
from benchmarks.lineage_rates import ALPHAS, bound, mean, power
from benchmarks.stated_base import Base, BaseFit, Fit, family_of, usable
from stillwatch.comparison.calibration import Ranked
from stillwatch.comparison.panel import Member
from stillwatch.comparison.profiles import Profiles

BASES = dict.fromkeys((
    "airoboros-65b", "alpaca-7b", "alpaca-farm-ppo-sim-gpt4-20k", "baize-v2-13b", "minotaur-13b", "openchat-v2-13b",
    "openchat-v3.1-13b", "openchat8192-13b", "recycled-wizardlm-7b-v1.0", "recycled-wizardlm-7b-v2.0",
    "tulu-2-dpo-13b", "ultralm-13b-v2.0", "vicuna-13b", "vicuna-33b-v1.3", "vicuna-7b-v1.3", "wizardlm-70b",
    "guanaco-13b", "guanaco-65b", "oasst-sft-llama-33b", "humpback-llama2-70b",
), "llama") | {
    "zephyr-7b-alpha": "mistral7b", "phi-2-sft": "microsoft", "FuseChat-Gemma-2-9B-Instruct": "google",
    "FuseChat-Llama-3.2-1B-Instruct": "llama",
}  # fmt: skip
"""Owner of the weights a model was tuned from, by its public card; no panel holds a model of microsoft."""
KINDS = ("students", "innocents", "each")
WAYS = ("fit", "no fit", "apart")
TEST = BaseFit()


def base_of(bench: Bench, model: str) -> str | None:
    """By its card; else the first source the lineage states; else its owner, if that has other models."""
    found = member(bench, model)
    if model in BASES:
        return BASES[model]
    if found.derived_from:
        return found.derived_from[0]
    return found.owner if found.owner in bench.teachers else None


def fit_of(
    bench: Bench, model: str, owner: str, base: str | None, without: frozenset[str], profiles: Profiles | None = None
) -> Fit | None:  # fmt: skip
    """The fit of a base in a panel that lacks the model and `without`; None where the base cannot be used."""
    if base is None:
        return None
    gone = without | {model}
    panel = [m for m in bench.panel if m.model not in gone]
    stated = Base((base,))
    if not usable(panel, stated, owner, TEST.family_min):
        return None
    names = [n for n in bench.innocents[owner] if n not in gone]
    return TEST.of(
        profiles or bench.profiles, model, bench.teachers[owner], names, family_of(panel, stated, owner)
    )


def judged(way: str, apart: Ranked, kept: Ranked, fit: Fit | None) -> Ranked:
    """What decides, with its own p, least p and share of the panel below."""
    stands = fit is not None and (way == "no fit" or fit.p > TEST.level)
    return apart if way == "apart" or not stands else replace(kept, p=kept.p_own, models=kept.panel)


def stated_bases(bench: Bench, kept: Bench, students: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of `KINDS`; bench, kept: the same panel with relatives apart and kept."""
    found, each = [], []
    pairs = zip(bench.positives(students), kept.positives(students), strict=True)
    owners = [o for m in students for o in member(bench, m).derived_from or [] if o in bench.teachers]
    for owner, ((model, apart, pooled), (_, alike, pooled_kept)) in zip(owners, pairs, strict=True):
        fit = fit_of(bench, model, owner, base_of(bench, model), frozenset())
        found.append((model, apart, pooled, alike, pooled_kept, fit))
        each.append(
            {"student": model, "base": base_of(bench, model) or "", "p, base kept": round(alike.p_own, 4),
             "p, apart": round(apart.p, 4), **_fit(fit)}
        )  # fmt: skip
    rows = []
    for way in WAYS:
        told = []
        for model, apart, pooled, alike, pooled_kept, fit in found:
            r = judged(way, apart, alike, fit)
            told.append((model, r, pooled if r is apart else pooled_kept))
        fits = [f for *_, f in found if f is not None]
        head = {"judged": way, "base usable": len(fits), "base fits": sum(f.p > TEST.level for f in fits)}
        rows.append(head | power(told))
    return {
        "students": rows,
        "innocents": innocent_rows(bench, kept),
        "each": each,
    }


def innocent_rows(bench: Bench, kept: Bench) -> list[dict[str, Any]]:
    """False alarms of innocent models that state a base, by what they state and how they are judged."""
    apart = {(m, o): r for m, o, r in bench.innocent_pairs()}
    alike = {(m, o): r for m, o, r in kept.innocent_pairs()}
    stated: dict[str, list[tuple[str, str, Ranked, Ranked, Fit | None]]] = defaultdict(list)
    families = sorted({o for m in bench.panel for o in m.derived_from or ()} | set(bench.teachers))
    for (model, owner), r in apart.items():
        near, mine = bench.kin[model], {*sources(bench, model), base_of(bench, model)}
        lone = _lone(bench, kept, model, owner, r)
        own = base_of(bench, model)
        stated["true"].append(
            (model, owner, r, alike[model, owner], fit_of(bench, model, owner, own, frozenset()))
        )
        for wrong in families:
            if wrong in mine or wrong == owner:
                continue
            for name, rank, gone in (
                ("wrong, relatives there", alike[model, owner], frozenset()), ("wrong, relatives absent", lone, near),
            ):  # fmt: skip
                fit = fit_of(bench, model, owner, wrong, gone)
                if fit is not None:
                    stated[name].append((model, owner, r, rank, fit))
        if own is not None and own not in sources(bench, model) and near:
            fit = fit_of(bench, model, owner, own, near - _of(bench, own))
            if fit is not None:
                stated["true, teacher absent"].append((model, owner, r, lone, fit))
    return [_rates(name, way, rows) for name, rows in stated.items() for way in WAYS]


def _lone(bench: Bench, kept: Bench, model: str, owner: str, apart: Ranked) -> Ranked:
    """The model's rank by its score without relatives among models that are scored with theirs."""
    i = bench.innocents[owner].index(model)
    others = np.delete(kept.scores[owner], i)
    p = (1 + float((others >= bench.scores[owner][i]).sum())) / (others.size + 1)
    return replace(apart, p_own=p, panel=others.size)


def _rates(
    name: str, way: str, rows: Sequence[tuple[str, str, Ranked, Ranked, Fit | None]]
) -> dict[str, Any]:
    """Shares of (model, owner, base) that are flagged, all and by owner; bounds count models."""
    told = [(m, o, judged(way, apart, alike, fit)) for m, o, apart, alike, fit in rows]
    fits = [f for *_, f in rows if f is not None]
    body: dict[str, Any] = {
        "stated": name, "judged": way, "rows": len(rows), "models": len({m for m, *_ in rows}),
        "base usable": len(fits), "base fits": sum(f.p > TEST.level for f in fits),
    }  # fmt: skip
    for alpha in ALPHAS:
        body[f"fpr_at_{alpha}"] = mean([r.p <= alpha for *_, r in told])
        body[f"bound_{alpha}"] = bound(alpha, body["models"])
    for owner in sorted({o for _, o, _ in told}):
        mine = [(m, r.p <= 0.05) for m, o, r in told if o == owner]
        body[f"{owner}.fpr_at_0.05"] = mean([hit for _, hit in mine])
        body[f"{owner}.bound_0.05"] = bound(0.05, len({m for m, _ in mine}))
    return body


def _fit(fit: Fit | None) -> dict[str, Any]:
    if fit is None:
        return {"p_fit": "", "share": "", "median of the family": "", "fits": "not usable"}
    return {
        "p_fit": round(fit.p, 4), "share": round(fit.share, 4), "median of the family": round(fit.median, 4),
        "fits": "yes" if fit.p > TEST.level else "no",
    }  # fmt: skip


def member(bench: Bench, model: str) -> Member:
    """The model's entry in the panel."""
    return next(m for m in bench.panel if m.model == model)


def sources(bench: Bench, model: str) -> set[str]:
    """Its owner, and the owners of what it was made from, as the panel has them."""
    found = member(bench, model)
    return {found.owner, *(found.derived_from or ())}


def _of(bench: Bench, owner: str) -> frozenset[str]:
    return frozenset(m.model for m in bench.panel if owner in {m.owner, *(m.derived_from or ())})
