"""Model-level conformal p: how many innocent models resemble a teacher as much as the suspect resembles ours.

Every score becomes a deleted residual within its teacher's panel, z_i = (s_i - mean(s_-i)) / sd(s_-i), the
suspect standing in its own panel like any member. Then, over innocent models m with their innocent teachers o
(ours, and the decoys: other owners in the panel),

    p = (1 + sum over m of share of o with z_(m,o) >= z_suspect) / (number of models + 1).

Comparators marked `apart` score each panel model as if its relatives (same owner or source) were not in the panel.
The suspect's relatives, if it has any, are unknown; a panel of families would otherwise make every member look like
its siblings and any outsider look like ours.

A model counts once however many teachers it is compared with: the unit is the model, never the prompt. The
single-teacher p (only our own panel) is exact if the suspect is exchangeable with it (full conformal
prediction: Vovk, Gammerman & Shafer 2005, 2.2.4); its floor is 1 / (panel + 1). The pooled p has a lower
floor and needs, further, that residuals of different teachers are alike; `benchmarks/lineage.py` measures it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.comparison.comparator import Comparator
from stillwatch.comparison.profiles import Profiles

Kin = Mapping[str, frozenset[str]]
NO_KIN: Kin = {}


@dataclass(frozen=True, slots=True)
class Ranked:
    """z: the suspect's residual; p: pooled; p_own: our panel alone; above: share of our panel that is lower.

    models, panel: innocent models behind p and p_own.
    """

    score: float
    z: float
    p: float
    p_own: float
    above: float
    models: int
    panel: int
    top: tuple[tuple[str, float], ...]

    @property
    def floor(self) -> float:
        """The smallest p these models can give."""
        return 1.0 / (self.models + 1)


def residuals(scores: np.ndarray) -> np.ndarray:
    """Deleted residuals f64[n] of f64[n]; 0 where the rest does not vary."""
    n = scores.size
    if n < 3:
        return np.zeros(n)
    total, square = scores.sum(), (scores**2).sum()
    mean = (total - scores) / (n - 1)
    spread = np.sqrt(np.maximum((square - scores**2) / (n - 1) - mean**2, 0.0))
    return np.where(spread > 1e-12, (scores - mean) / np.maximum(spread, 1e-12), 0.0)


def panel_scores(
    comparator: Comparator, profiles: Profiles, teachers: Sequence[str], names: Sequence[str], kin: Kin
) -> np.ndarray:
    """f64[len(names)]: scores of `names`, each without its relatives among them if the comparator asks for that."""
    ours = profiles.at(list(teachers))
    if not comparator.apart:
        return comparator.scores(profiles, ours, profiles.at(list(names)))
    out = np.zeros(len(names))
    whole: np.ndarray | None = None
    for i, name in enumerate(names):
        near = kin.get(name, frozenset()).intersection(names)
        if near:
            rest = [name, *(n for n in names if n != name and n not in near)]
            out[i] = comparator.scores(profiles, ours, profiles.at(rest), 1)[0]
        else:
            if whole is None:
                whole = comparator.scores(profiles, ours, profiles.at(list(names)))
            out[i] = whole[i]
    return out


def decoy_residuals(
    comparator: Comparator,
    profiles: Profiles,
    decoys: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    kin: Kin = NO_KIN,
) -> list[tuple[str, str, float]]:
    """(model, owner, z) of every innocent model with every decoy; decoys: owner -> (teachers, innocents)."""
    out = []
    for owner, (teachers, others) in sorted(decoys.items()):
        z = residuals(panel_scores(comparator, profiles, teachers, others, kin))
        out += [(name, owner, float(value)) for name, value in zip(others, z, strict=True)]
    return out


def ranked(
    comparator: Comparator,
    profiles: Profiles,
    suspect: str,
    teachers: Sequence[str],
    panel: Sequence[str],
    decoys: Sequence[tuple[str, str, float]] = (),
    kin: Kin = NO_KIN,
) -> Ranked:
    """Where the suspect stands; `panel`: innocent models; `decoys` from `decoy_residuals`; kin: of the panel."""
    names = [*panel, suspect]
    return standing(names, panel_scores(comparator, profiles, teachers, names, kin), decoys)


def standing(
    names: Sequence[str], scores: np.ndarray, decoys: Sequence[tuple[str, str, float]] = ()
) -> Ranked:
    """Where the last of `names` stands among the others; decoy residuals of the last one itself do not count."""
    *panel, suspect = names
    z = residuals(scores)
    mine = float(z[-1])
    by_model: dict[str, list[bool]] = {name: [bool(v >= mine)] for name, v in zip(panel, z, strict=False)}
    for name, _, value in decoys:
        if name != suspect:
            by_model.setdefault(name, []).append(value >= mine)
    above = sum(float(np.mean(v)) for v in by_model.values())
    order = np.argsort(-z[:-1], kind="stable")[:3]
    return Ranked(
        score=float(scores[-1]),
        z=mine,
        p=(1.0 + above) / (len(by_model) + 1.0),
        p_own=(1.0 + float((scores[:-1] >= scores[-1]).sum())) / (len(panel) + 1.0),
        above=float(np.mean(scores[:-1] < scores[-1]) + 0.5 * np.mean(scores[:-1] == scores[-1]))
        if panel
        else 0.0,
        models=len(by_model),
        panel=len(panel),
        top=tuple((panel[i], float(z[i])) for i in order),
    )
