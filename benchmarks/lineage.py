"""Lineage: are students told from innocent models, at the rate of false alarms that is claimed?

    python -m benchmarks.lineage OUTPUTS.parquet LINEAGE.json

Claims are about owners, not versions: the teacher is every original model of one owner. Every model whose lineage
is stated and does not hold an owner makes an innocent pair with it, tested like a suspect of unknown origin: its
relatives are not in its panel. Three panels: of stated lineage; the same after public model cards (`CARDS`); with
models of unstated lineage (disputed) put back. The last two are shown for the deciding candidate alone.

Nested choice: for the students of each recipe, the candidate is chosen on the students of all other recipes, among
those whose false alarms are within bounds for every owner, and then judges that recipe's students once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.lineage_base import KINDS, stated_bases
from benchmarks.lineage_panel import Bench, Kept, members, recipe
from benchmarks.lineage_rates import SEED, calibration, drawn, mean, power
from benchmarks.lineage_spiked import spiked_rows
from benchmarks.worlds import keep
from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.calibration import Ranked
from stillwatch.comparison.gram_ratio import GramRatio
from stillwatch.comparison.profiles import Profiles, by_model, opening_grams, profile
from stillwatch.comparison.same_prompt import SamePrompt
from stillwatch.comparison.teacher_classifier import TeacherClassifier
from stillwatch.outputs import Samples, read_outputs

CANDIDATES: tuple[tuple[str, str, Any], ...] = (
    ("openings of 8", "openings of 8", Admixture()),
    ("openings of 12", "as made", Admixture()),
    ("openings of 16", "openings of 16", Admixture()),
    ("body", "body", Admixture()),
    ("openings of 12, body", "both", Admixture()),
    ("gram_ratio", "as made", GramRatio()),
    ("teacher_classifier", "as made", TeacherClassifier()),
    ("same_prompt", "as made", SamePrompt()),
)
"""Fixed before any of them but the last three was scored on a student (decision 0030)."""
PANELS = ("stated", "stated, cards", "disputed too")
DECIDING = "openings of 12"


def nested(
    results: dict[str, list[tuple[str, Ranked, float]]], within: dict[str, bool]
) -> tuple[list[tuple[str, Ranked, float]], dict[str, str]]:
    """(each student judged by the candidate chosen on other recipes, recipe -> that candidate).

    Chosen: within the bounds of false alarms; then power at 0.05, then pooled AUC, then the order of the list.
    """
    judged, chosen = [], {}
    for held in sorted({recipe(m) for m, _, _ in next(iter(results.values()))}):

        def worth(name: str, held: str = held) -> tuple[bool, float, float]:
            rest = [(r.p <= 0.05, a) for m, r, a in results[name] if recipe(m) != held]
            return (within[name], float(np.mean([p for p, _ in rest])), float(np.mean([a for _, a in rest])))

        chosen[held] = max(results, key=worth)
        judged += [row for row in results[chosen[held]] if recipe(row[0]) == held]
    return judged, chosen


def ablation(
    bench: Bench, apart: Bench, students: Sequence[str], derivatives: Sequence[str]
) -> dict[str, Any]:
    """What other p-values would say. share: of the share itself pooled over owners, not of its distance from the own
    panel; own: of the own panel alone. unseen: innocents of an owner flagged by `own` when the panel lacks their
    relatives, as it may those of any suspect."""
    null: dict[str, list[float]] = {}
    for owner, scores in bench.scores.items():
        for name, score in zip(bench.innocents[owner], scores, strict=True):
            null.setdefault(name, []).append(float(score))

    def p(name: str, score: float) -> float:
        above = [np.mean(np.array(v) >= score - 1e-12) for other, v in null.items() if other != name]
        return float((1 + sum(above)) / (len(above) + 1))

    found = bench.positives(students)
    every = np.concatenate(list(null.values()))
    hits = np.array([r.p_own <= 0.05 for _, r, _ in found], float)
    low, high = np.quantile([hits[d].mean() for d in drawn([recipe(m) for m, _, _ in found])], [0.025, 0.975])
    body: dict[str, Any] = {
        "own.panel": found[0][1].panel,
        "own.tpr_at_0.05": mean(hits.tolist()),
        "own.tpr_at_0.05.95%": f"{low:.2f} to {high:.2f}",
        "own.auc": mean([r.above for _, r, _ in found]),
        "own.derivatives_tpr_at_0.05": mean([r.p_own <= 0.05 for _, r, _ in bench.positives(derivatives)]),
        "share.tpr_at_0.05": mean([p(m, r.score) <= 0.05 for m, r, _ in found]),
        "share.auc_pooled": mean([np.mean(every < r.score) for _, r, _ in found]),
    }
    pairs = bench.innocent_pairs()
    body["own.fpr_at_0.05"] = mean([r.p_own <= 0.05 for _, _, r in pairs])
    flagged = {
        o: [p(m, float(v)) <= 0.05 for m, v in zip(bench.innocents[o], scores, strict=True)]
        for o, scores in bench.scores.items()
    }
    body["share.fpr_at_0.05"] = mean([f for column in flagged.values() for f in column])
    for o, scores in bench.scores.items():
        n, lone = scores.size, apart.scores[o]
        own = [(1 + np.sum(np.delete(scores, i) >= lone[i])) / n <= 0.05 for i in range(n)]
        body |= {
            f"share.{o}.fpr_at_0.05": mean(flagged[o]),
            f"own.{o}.fpr_at_0.05": mean([r.p_own <= 0.05 for _, owner, r in pairs if owner == o]),
            f"own.{o}.unseen_fpr_at_0.05": mean(own),
        }
    return body


def views(samples: Samples) -> dict[str, Profiles]:
    """Profiles whose openings are those of another length, or grams of the first 120 tokens (the body)."""
    made = profile(samples)
    usual = np.flatnonzero(np.asarray(made.counts.sum(axis=0)).ravel() >= 0.05 * made.prompts)
    body = made.counts[:, usual].tocsr()
    out = {"as made": made, "body": replace(made, openings=body)}
    out["both"] = replace(made, openings=sparse.hstack([made.openings, body]).tocsr())
    for n in (8, 16):
        starts = opening_grams(samples, n)
        out[f"openings of {n}"] = replace(made, openings=by_model(starts, made.model, len(made.models)))
    return out


def main(outputs: Path, lineage_file: Path) -> dict[str, Any]:
    """Measure; write results/lineage.json."""
    lineage = json.loads(lineage_file.read_text())
    profiles = views(read_outputs([outputs]))
    models = list(profiles["as made"].models)
    students = [m for m in lineage["students"] if m in models]
    derivatives = [m for m in lineage["derivatives"] if m in models]
    rows, nulls, choices, each, others, bases = [], [], [], [], [], []
    for panel_name in PANELS:
        panel = members(models, lineage, cards=panel_name == "stated, cards")
        results, within = {}, {}
        disputed = panel_name == "disputed too"
        for name, view, comparator in CANDIDATES:
            if panel_name != "stated" and name != DECIDING:
                continue
            bench = Bench(profiles[view], panel, comparator, disputed)
            null = calibration(bench.innocent_pairs())
            results[name], within[name] = bench.positives(students), null["within"]
            head = {"panel": panel_name, "candidate": name}
            rows.append(head | {"suspects": "students"} | power(results[name]))
            rows.append(head | {"suspects": "derivatives"} | power(bench.positives(derivatives)))
            nulls.append(head | null)
            if name == DECIDING and not disputed:
                kept = Bench(profiles[view], panel, Kept(), disputed)
                for standing, other in (("kept", kept), ("apart", bench)):
                    others.append(
                        {"panel": panel_name, "relatives": standing}
                        | ablation(other, bench, students, derivatives)
                    )
                    print(others[-1], flush=True)
                found = stated_bases(bench, kept, students) | {"spiked": spiked_rows(bench, students)}
                bases += [(kind, {"panel": panel_name} | row) for kind, told in found.items() for row in told]
            print(rows[-2], rows[-1], nulls[-1], flush=True)
        if panel_name != "stated":
            continue
        judged, chosen = nested(results, within)
        choices.append({"panel": panel_name} | power(judged))
        alone = {m: r for m, r, _ in results[DECIDING]}
        by = {recipe(m): chosen[recipe(m)] for m, _, _ in judged}
        each += [
            {"panel": panel_name, "student": m, "chosen on the others": by[recipe(m)], "p": round(r.p, 4),
             "auc": round(r.above, 4), "p of the deciding": alone[m].p, "auc of the deciding": alone[m].above}
            for m, r, a in judged
        ]  # fmt: skip
    body: dict[str, Any] = {
        "about": "nested: every student is judged once, by the candidate chosen on the students of other recipes. "
        "p pools decoy teachers; auc is the mean share of a suspect's own panel that scores lower, auc_pooled that "
        "of all innocent pairs. `deciding` is the candidate that leads in the product; it was fixed before any student was scored. The three "
        "older comparators were chosen on half of these students, so their rows, and the nested choice, are not blind. "
        "base: a base is stated; benchmarks/lineage_base.py says what the rows are.",
        "deciding": DECIDING, "bootstrap_seed": SEED, "nested": choices, "calibration": nulls, "rows": rows,
        "each": each, "ablation": others,
        "base": {kind: [row for name, row in bases if name == kind] for kind in (*KINDS, "spiked")},
    }  # fmt: skip
    keep("lineage", "python -m benchmarks.lineage OUTPUTS.parquet LINEAGE.json", body)
    return body


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
