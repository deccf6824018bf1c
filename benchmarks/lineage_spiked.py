"""Lineage with a stated base: power where the base is true in the sense of the null.

No labelled student was tuned from a chat model of the panel, so innocent models that were have a share of their answers
replaced by a student's answers to the same prompts, one student of each recipe in turn; share 0 is the models as they
are. The shares were fixed beforehand. Suspects are judged as the product does: the panel does not know that they are
relatives of its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.lineage_base import TEST, WAYS, base_of, fit_of, judged, member, sources
from benchmarks.lineage_panel import Bench, recipe
from benchmarks.lineage_rates import mean
from benchmarks.stated_base import Fit
from stillwatch.comparison.calibration import NO_KIN, Ranked, ranked
from stillwatch.comparison.panel import relatives
from stillwatch.comparison.profiles import Profiles

OWNER, SHARES, SEED = "gpt", (0.0, 0.25, 0.5), 36


def spiked_rows(bench: Bench, students: Sequence[str]) -> list[dict[str, Any]]:
    """Power for innocent models of OWNER that the panel knows to come from their base, by share of other answers."""
    rng = np.random.default_rng(SEED)
    mine = [m for m in sorted(students, reverse=True) if OWNER in (member(bench, m).derived_from or ())]
    first = {recipe(m): m for m in mine}
    out: list[dict[str, Any]] = []
    for share in SHARES:
        found = []
        for model in bench.innocents[OWNER]:
            for student in sorted(first.values()) if share else [model]:
                if base_of(bench, model) in sources(bench, model):
                    made = spiked(bench.profiles, model, student, share, rng)
                    found += [(model, *row) for row in _ranks(bench, model, made)]
        for way in WAYS:
            told = [judged(way, apart, kept, fit) for _, apart, kept, fit in found]
            out.append(
                {
                    "share": share, "judged": way, "suspects": len(told), "models": len({m for m, *_ in found}),
                    "base fits": sum(f.p > TEST.level for *_, f in found),
                    "flagged_at_0.05": mean([r.p <= 0.05 for r in told]), "auc": mean([r.above for r in told]),
                    "p_floor": round(max(r.floor for r in told), 4),
                }
            )  # fmt: skip
    return out


def _ranks(bench: Bench, model: str, made: Profiles) -> list[tuple[Ranked, Ranked, Fit]]:
    """(relatives apart, kept, fit), or nothing where the base cannot be used."""
    fit = fit_of(bench, model, OWNER, base_of(bench, model), frozenset(), made)
    if fit is None:
        return []
    teachers, names = bench.teachers[OWNER], [n for n in bench.innocents[OWNER] if n != model]
    decoys = [row for row in bench.residuals if row[1] != OWNER]
    kin = relatives(m for m in bench.panel if m.model != model)
    apart = ranked(bench.comparator, made, model, teachers, names, decoys, kin)
    return [(apart, ranked(bench.comparator, made, model, teachers, names, (), NO_KIN), fit)]


def spiked(profiles: Profiles, model: str, student: str, share: float, rng: np.random.Generator) -> Profiles:
    """Profiles whose openings of `model` are the student's for a share of the prompts that both answered."""
    mine, theirs = (np.flatnonzero(profiles.model == i) for i in profiles.at([model, student]))
    both = np.intersect1d(profiles.prompt[mine], profiles.prompt[theirs])
    taken = rng.choice(both, round(share * both.size), replace=False)
    rows = np.concatenate(
        [mine[~np.isin(profiles.prompt[mine], taken)], theirs[np.isin(profiles.prompt[theirs], taken)]]
    )
    openings = profiles.openings.tolil()
    (i,) = profiles.at([model])
    openings[i] = profiles.starts[rows].sum(axis=0)
    outputs = profiles.outputs.copy()
    outputs[i] = rows.size
    return replace(profiles, openings=openings.tocsr(), outputs=outputs)
