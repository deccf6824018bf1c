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
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.worlds import keep
from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.calibration import Ranked, panel_scores, ranked, residuals, standing
from stillwatch.comparison.gram_ratio import GramRatio
from stillwatch.comparison.panel import Member, decoy_owners, innocents, relatives
from stillwatch.comparison.profiles import Profiles, by_model, opening_grams, profile
from stillwatch.comparison.same_prompt import SamePrompt
from stillwatch.comparison.teacher_classifier import TeacherClassifier
from stillwatch.outputs import Samples, read_outputs

OWNERS = {
    "davinci": "gpt", "gpt35": "gpt", "gpt4": "gpt", "gpt4turbo": "gpt",
    "llama2chat": "llama", "llama3": "llama",
}  # fmt: skip
CARDS: dict[str, tuple[str, list[str] | None]] = {
    # Mistral-7B-Instruct-v0.1, which v0.2 improves: "a variety of publicly available conversation datasets"
    "Mistral-7B-Instruct-v0.2": ("mistral7b", None),
    "claude-2.1_verbose": ("anthropic", []),
    # both trained on answers of Gemma 2 itself, ranked by a reward model
    "gemma-2-9b-it-SimPO": ("princeton", ["google"]),
    "SPPO-Gemma-2-9B-It-PairRM": ("ucla", ["google"]),
    # FuseChat 3.0: answers of Gemma 2, Mistral Large 2, Qwen 2.5 and Llama 3.1
    "FuseChat-Gemma-2-9B-Instruct": ("fusechat", ["google", "mistral7b", "alibaba", "llama"]),
    "FuseChat-Llama-3.2-1B-Instruct": ("fusechat", ["google", "mistral7b", "alibaba", "llama"]),
}
"""Owner and stated sources from public cards, where the lineage file says nothing or supposes it; None: not stated."""
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
ALPHAS = (0.05, 0.01)
PANELS = ("stated", "stated, cards", "disputed too")
DECIDING = "openings of 12"
DRAWS, SEED = 4000, 30


def owner_of(family: str) -> str:
    """Families of one owner are one teacher; a family not listed is an owner of its own."""
    return OWNERS.get(family, family)


def recipe(model: str) -> str:
    """The first word of a name without 'recycled': models of one recipe are judged together."""
    found = re.match(r"(?:recycled-)?([a-z]+?)(?=[-_\d]|lm\b|chat|$)", model.lower())
    return found[1] if found else model.lower()


def members(models: list[str], lineage: dict[str, Any], *, cards: bool = False) -> list[Member]:
    """The panel: every model with its owner, and its teachers' owners where they are stated."""
    teachers = {m: owner_of(f) for f, names in lineage["teachers"].items() for m in names}
    trained = {m: v["teacher_families"] for m, v in lineage["students"].items()}
    trained |= {m: v["families"] for m, v in lineage["derivatives"].items()}
    out = []
    for m in models:
        variant = next((o for t, o in teachers.items() if m.startswith(f"{t}_")), None)
        source: list[str] | None
        if cards and m in CARDS:
            owner, source = CARDS[m]
        elif m in teachers or variant:
            owner, source = teachers.get(m) or str(variant), []
        else:
            owner = f"{recipe(m)} recipe"
            stated = m in trained or m in lineage["human_data"]
            source = sorted({owner_of(f) for f in trained.get(m, [])}) if stated else None
        out.append(
            Member(model=m, owner=owner, derived_from=source, teacher=m in teachers and m not in trained)
        )
    return out


class Bench:
    """Profiles, the panel, and what innocent models score against every owner, for one comparator."""

    def __init__(self, profiles: Profiles, panel: list[Member], comparator: Any, disputed: bool) -> None:
        self.profiles, self.panel, self.comparator = profiles, panel, comparator
        self.teachers, self.kin = decoy_owners(panel, ""), relatives(panel)
        self.innocents = {o: innocents(panel, o, disputed=disputed) for o in self.teachers}
        self.scores = {
            o: panel_scores(comparator, profiles, t, self.innocents[o], self.kin)
            for o, t in self.teachers.items()
        }
        self.residuals = [
            (name, o, float(z))
            for o, scores in self.scores.items()
            for name, z in zip(self.innocents[o], residuals(scores), strict=True)
        ]

    def test(self, model: str, owner: str) -> Ranked:
        """The model as a suspect of `owner`; it is never in its own panel."""
        panel = [m for m in self.innocents[owner] if m != model]
        decoys = [row for row in self.residuals if row[1] != owner]
        return ranked(self.comparator, self.profiles, model, self.teachers[owner], panel, decoys, self.kin)

    def innocent_pairs(self) -> list[tuple[str, str, Ranked]]:
        """(model, owner, rank) of every innocent pair of stated lineage; same ranks as `test`, scored once an owner."""
        stated, out = {m.model for m in self.panel if not m.disputed}, []
        for owner, names in self.innocents.items():
            scores = self.scores[owner]
            decoys = [row for row in self.residuals if row[1] != owner]
            for i, name in enumerate(names):
                turn = [*(j for j in range(len(names)) if j != i), i]
                if name in stated:
                    out.append((name, owner, standing([names[j] for j in turn], scores[turn], decoys)))
        return out

    def positives(self, names: Sequence[str]) -> list[tuple[str, Ranked, float]]:
        """(model, rank, share of all innocent pairs that are less alike) for every stated teacher of `names`."""
        panel = {m.model: m for m in self.panel}
        null = np.array([z for _, _, z in self.residuals])
        pairs = [(m, o) for m in names for o in panel[m].derived_from or [] if o in self.teachers]
        return [(m, r, float(np.mean(null < r.z))) for m, o in pairs for r in [self.test(m, o)]]


def calibration(pairs: Sequence[tuple[str, str, Ranked]]) -> dict[str, Any]:
    """Share of innocent pairs at or below nominal p, all owners and each; the standard error counts models."""
    body: dict[str, Any] = {"pairs": len(pairs), "models": len({m for m, _, _ in pairs})}
    owners = sorted({o for _, o, _ in pairs})
    for alpha in ALPHAS:
        body[f"fpr_at_{alpha}"] = _mean([r.p <= alpha for _, _, r in pairs])
        body[f"bound_{alpha}"] = _bound(alpha, body["models"])
    for owner in owners:
        mine = [r for _, o, r in pairs if o == owner]
        body[f"{owner}.fpr_at_0.05"] = _mean([r.p <= 0.05 for r in mine])
        body[f"{owner}.bound_0.05"] = _bound(0.05, len(mine))
    body["within"] = all(
        body[k] <= body[k.replace("fpr_at_", "bound_")] for k in list(body) if "fpr_at_" in k
    )
    return body


def power(rows: Sequence[tuple[str, Ranked, float]]) -> dict[str, Any]:
    """Power, with 95 % intervals over recipes (bootstrap: recipes are drawn, not students)."""
    drawn = _drawn([recipe(m) for m, _, _ in rows])
    values: dict[str, list[Any]] = {
        "tpr_at_0.05": [r.p <= 0.05 for _, r, _ in rows],
        "auc": [r.above for _, r, _ in rows],
        "auc_pooled": [pooled for _, _, pooled in rows],
    }
    body: dict[str, Any] = {"models": len(rows), "recipes": len({recipe(m) for m, _, _ in rows})}
    for name, column in values.items():
        low, high = np.quantile([np.mean(np.array(column, float)[d]) for d in drawn], [0.025, 0.975])
        body |= {name: _mean(column), f"{name}.95%": f"{low:.2f} to {high:.2f}"}
    return body | {
        "median_p": round(float(np.median([r.p for _, r, _ in rows])), 4),
        "p_floor": round(max(r.floor for _, r, _ in rows), 4),
        "own_panel": min(r.panel for _, r, _ in rows),
        "models_behind_p": min(r.models for _, r, _ in rows),
    }


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


class Kept(Admixture):
    """Panel models judged with their relatives among the sources."""

    apart = False


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
    low, high = np.quantile(
        [hits[d].mean() for d in _drawn([recipe(m) for m, _, _ in found])], [0.025, 0.975]
    )
    body: dict[str, Any] = {
        "own.panel": found[0][1].panel,
        "own.tpr_at_0.05": _mean(hits.tolist()),
        "own.tpr_at_0.05.95%": f"{low:.2f} to {high:.2f}",
        "own.auc": _mean([r.above for _, r, _ in found]),
        "own.derivatives_tpr_at_0.05": _mean([r.p_own <= 0.05 for _, r, _ in bench.positives(derivatives)]),
        "share.tpr_at_0.05": _mean([p(m, r.score) <= 0.05 for m, r, _ in found]),
        "share.auc_pooled": _mean([np.mean(every < r.score) for _, r, _ in found]),
    }
    pairs = bench.innocent_pairs()
    body["own.fpr_at_0.05"] = _mean([r.p_own <= 0.05 for _, _, r in pairs])
    flagged = {
        o: [p(m, float(v)) <= 0.05 for m, v in zip(bench.innocents[o], scores, strict=True)]
        for o, scores in bench.scores.items()
    }
    body["share.fpr_at_0.05"] = _mean([f for column in flagged.values() for f in column])
    for o, scores in bench.scores.items():
        n, lone = scores.size, apart.scores[o]
        own = [(1 + np.sum(np.delete(scores, i) >= lone[i])) / n <= 0.05 for i in range(n)]
        body |= {
            f"share.{o}.fpr_at_0.05": _mean(flagged[o]),
            f"own.{o}.fpr_at_0.05": _mean([r.p_own <= 0.05 for _, owner, r in pairs if owner == o]),
            f"own.{o}.unseen_fpr_at_0.05": _mean(own),
        }
    return body


def _drawn(recipes: list[str]) -> list[np.ndarray]:
    names, rng = sorted(set(recipes)), np.random.default_rng(SEED)
    where = [np.flatnonzero(np.array(recipes) == n) for n in names]
    return [
        np.concatenate([where[i] for i in rng.integers(len(names), size=len(names))]) for _ in range(DRAWS)
    ]


def _bound(alpha: float, n: int) -> float:
    return round(alpha + math.sqrt(alpha * (1 - alpha) / n), 4)


def _mean(values: Sequence[Any]) -> float:
    return round(float(np.mean(values)), 4)


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
    rows, nulls, choices, each, others = [], [], [], [], []
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
                for told, other in (("kept", kept), ("apart", bench)):
                    others.append(
                        {"panel": panel_name, "relatives": told}
                        | ablation(other, bench, students, derivatives)
                    )
                    print(others[-1], flush=True)
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
    body = {
        "about": "nested: every student is judged once, by the candidate chosen on the students of other recipes. "
        "p pools decoy teachers; auc is the mean share of a suspect's own panel that scores lower, auc_pooled that "
        "of all innocent pairs. `deciding` is the candidate that leads in the product; it was fixed before any student was scored. The three "
        "older comparators were chosen on half of these students, so their rows, and the nested choice, are not blind.",
        "deciding": DECIDING, "bootstrap_seed": SEED, "nested": choices, "calibration": nulls, "rows": rows,
        "each": each, "ablation": others,
    }  # fmt: skip
    keep("lineage", "python -m benchmarks.lineage OUTPUTS.parquet LINEAGE.json", body)
    return body


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
