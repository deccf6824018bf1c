"""The panel of the lineage benchmark: who made which model, from what, and what innocents score against every owner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.calibration import Ranked, panel_scores, ranked, residuals, standing
from stillwatch.comparison.panel import Member, decoy_owners, innocents, relatives
from stillwatch.comparison.profiles import Profiles

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


class Kept(Admixture):
    """Panel models judged with their relatives among the sources."""

    apart = False
