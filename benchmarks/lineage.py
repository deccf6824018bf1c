"""Lineage: are students told from innocent models, at the rate of false alarms that is claimed?

    python -m benchmarks.lineage OUTPUTS.parquet LINEAGE.json

Claims are about owners, not versions: the teacher is every original model of one owner. Every model whose lineage
is stated and does not hold an owner makes an innocent pair with it, tested like a suspect and left out of its own
panel. Students are split by recipe into halves with a fixed hash; settings were chosen on one half and only the
other is reported. Models of unstated lineage are disputed: left out of the main rows, put back in the last.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.worlds import keep
from stillwatch.comparison.calibration import Ranked, decoy_residuals, ranked
from stillwatch.comparison.panel import Member, decoy_owners, innocents
from stillwatch.comparison.profiles import Profiles, profile
from stillwatch.comparison.registry import COMPARATORS
from stillwatch.outputs import read_outputs

SEED = "stillwatch-0016"
OWNERS = {
    "davinci": "gpt", "gpt35": "gpt", "gpt4": "gpt", "gpt4turbo": "gpt",
    "llama2chat": "llama", "llama3": "llama",
}  # fmt: skip


def owner_of(family: str) -> str:
    """Families of one owner are one teacher; a family not listed is an owner of its own."""
    return OWNERS.get(family, family)


def recipe(model: str) -> str:
    """The first word of a name without 'recycled': models of one recipe stay in one half."""
    found = re.match(r"(?:recycled-)?([a-z]+?)(?=[-_\d]|lm\b|chat|$)", model.lower())
    return found[1] if found else model.lower()


def reported(model: str) -> bool:
    """Half of the recipes by a fixed hash; the other half was used for choices."""
    return hashlib.sha256(f"{SEED}:{recipe(model)}".encode()).digest()[0] % 2 == 1


def members(models: list[str], lineage: dict[str, Any]) -> list[Member]:
    """The panel: every model with its owner, and its teachers' owners where they are stated."""
    teachers = {m: owner_of(f) for f, names in lineage["teachers"].items() for m in names}
    trained = {m: v["teacher_families"] for m, v in lineage["students"].items()}
    trained |= {m: v["families"] for m, v in lineage["derivatives"].items()}
    out = []
    for m in models:
        variant = next((o for t, o in teachers.items() if m.startswith(f"{t}_")), None)
        if m in teachers or variant:
            owner, source = teachers.get(m) or str(variant), []
        else:
            owner = m
            stated = m in trained or m in lineage["human_data"]
            source = sorted({owner_of(f) for f in trained.get(m, [])}) if stated else None
        out.append(
            Member(model=m, owner=owner, derived_from=source, teacher=m in teachers and m not in trained)
        )
    return out


class Bench:
    """Profiles, the panel, and residuals of decoys for one comparator."""

    def __init__(self, profiles: Profiles, panel: list[Member], comparator: Any, disputed: bool) -> None:
        self.profiles, self.panel, self.comparator, self.disputed = profiles, panel, comparator, disputed
        self.teachers = {
            o: [m.model for m in panel if m.owner == o and m.teacher] for o in decoy_owners(panel, "")
        }
        self.innocents = {o: innocents(panel, o, disputed=disputed) for o in self.teachers}
        everyone = {o: (t, self.innocents[o]) for o, t in self.teachers.items() if len(self.innocents[o]) > 2}
        self.residuals = decoy_residuals(comparator, profiles, everyone)

    def test(self, model: str, owner: str) -> Ranked:
        """The model as a suspect of `owner`; it is never in its own panel."""
        panel = [m for m in self.innocents[owner] if m != model]
        decoys = [row for row in self.residuals if row[1] != owner]
        return ranked(self.comparator, self.profiles, model, self.teachers[owner], panel, decoys)


def positives(bench: Bench, names: list[str]) -> dict[str, Any]:
    """Power on models with a stated teacher."""
    panel = {m.model: m for m in bench.panel}
    done = [(m, o, bench.test(m, o)) for m in names for o in panel[m].derived_from or []]
    null = np.array([z for _, _, z in bench.residuals])
    return {
        "models": len(names),
        "tpr_at_0.05": _mean([r.p <= 0.05 for _, _, r in done]),
        "tpr_at_own_floor": _mean([r.p_own <= 1 / (r.panel + 1) + 1e-9 for _, _, r in done]),
        "macro_auc": _mean([r.above for _, _, r in done]),
        "macro_auc_pooled": _mean([np.mean(null < r.z) for _, _, r in done]),
        "median_p": float(np.median([r.p for _, _, r in done])),
        "p_floor": max(r.floor for _, _, r in done),
        "panel": min(r.panel for _, _, r in done),
        "models_behind_p": min(r.models for _, _, r in done),
    }


def calibration(bench: Bench) -> dict[str, Any]:
    """Share of innocent pairs at or below nominal p; the standard error counts models, not pairs."""
    stated = {m.model for m in bench.panel if not m.disputed}
    done = [(m, bench.test(m, o)) for o, names in bench.innocents.items() for m in names if m in stated]
    models = len({m for m, _ in done})
    body: dict[str, Any] = {"pairs": len(done), "models": models}
    for alpha in (0.05, 0.01):
        body[f"fpr_at_{alpha}"] = _mean([r.p <= alpha for _, r in done])
        body[f"bound_{alpha}"] = round(alpha + math.sqrt(alpha * (1 - alpha) / models), 4)
        body[f"own_panel_fpr_at_{alpha}"] = _mean([r.p_own <= alpha for _, r in done])
    return body


def _mean(values: list[Any]) -> float:
    return round(float(np.mean(values)), 4)


def main(outputs: Path, lineage_file: Path, half: str = "report") -> dict[str, Any]:
    """Measure; write results/lineage.json unless the half is the one for choices."""
    lineage = json.loads(lineage_file.read_text())
    profiles = profile(read_outputs([outputs]))
    panel = members(list(profiles.models), lineage)
    students = [m for m in lineage["students"] if m in profiles.models and reported(m) == (half == "report")]
    certain = [m for m in students if lineage["students"][m]["confidence"] == "A"]
    derivatives = [m for m in lineage["derivatives"] if m in profiles.models]
    rows, nulls = [], []
    for disputed in (False, True):
        for comparator in COMPARATORS:
            bench = Bench(profiles, panel, comparator, disputed)
            head = {"comparator": comparator.id, "panel_with_disputed": disputed}
            for kind, names in (
                ("students", students),
                ("students, stated", certain),
                ("derivatives", derivatives),
            ):
                rows.append(head | {"suspects": kind} | positives(bench, names))
                print(rows[-1], flush=True)
            nulls.append(head | calibration(bench))
            print(nulls[-1], flush=True)
    body = {
        "about": "Students of the half that no setting was chosen on; every derivative. The first comparator "
        "decides. p pools decoy teachers; macro_auc is the mean share of a suspect's own panel that scores lower.",
        "split_seed": SEED, "half": half, "students": students, "calibration": nulls, "rows": rows,
    }  # fmt: skip
    if half == "report":
        keep("lineage", "python -m benchmarks.lineage OUTPUTS.parquet LINEAGE.json", body)
    return body


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
