"""A stated base, as an experiment: what a suspect is publicly said to be built on, and whether its style bears that out.

A panel model judged with its relatives present has their style to be explained by; a suspect whose relatives are
absent has not, and looks like us for that alone. So relatives are kept in only where the plan states, with its
source, a base that the panel holds. Then the null is: the suspect is one more innocent model whose relatives are in
the panel, like the models it is ranked among.

## Fit
A wrong base brings the false alarms of absent relatives back. In the mixture of `Admixture`, f_i is the share that the
base's family explains of what is not explained by our own models. If the suspect is one more of the family, the rank
of its f among theirs is uniform (full conformal: the suspect is a source of theirs as they are of its), and

    p_fit = (1 + #{family members with f_i <= f_suspect}) / (family + 1).

The base is rejected at p_fit <= 0.25. A test that clears the way for another one is run at a level far above 0.05,
because not to reject is what does harm (Bancroft 1964, Biometrics 20:427; 0.25: Kennedy & Bancroft 1971, Annals of
Mathematical Statistics 42:1273). Three relatives are the least that can reach it. A rejected base costs power only.

Our own share is taken out because likeness to us is what is asked: a student of ours keeps less of its base's style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.panel import Member
from stillwatch.comparison.profiles import Profiles


@dataclass(frozen=True, slots=True)
class Base:
    """names: models, owners or sources as the panel names them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """share, median: of the base's family in the suspect, and in the median member of the family; 0 to 1."""

    share: float
    median: float
    p: float
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFit:
    """See the file. level: of the rejection; family_min: relatives below which the base cannot be used."""

    level: float = 0.25
    family_min: int = 3

    def of(
        self, profiles: Profiles, suspect: str, teachers: Sequence[str], panel: Sequence[str], kin: Sequence[str]
    ) -> Fit:  # fmt: skip
        """The fit of a base. panel: innocent models; kin: those of them that are of the base's family, not empty."""
        names = [*panel, suspect]
        weights = Admixture().weights(profiles, profiles.at(list(teachers)), profiles.at(names))
        family = np.array([n in set(kin) for n in panel] + [True])
        rest = weights[:, len(teachers) :]
        share = rest[:, family].sum(axis=1) / np.maximum(rest.sum(axis=1), 1e-12)
        theirs, mine = share[:-1][family[:-1]], float(share[-1])
        floor = 1.0 / (theirs.size + 1)
        return Fit(
            share=mine, median=float(np.median(theirs)), p=(1 + int((theirs <= mine).sum())) * floor, floor=floor
        )  # fmt: skip


def sources_of(panel: Iterable[Member], names: Iterable[str]) -> frozenset[str]:
    """Owners behind the named models, owners or sources: a model's owner and its sources, or the name itself."""
    wanted, found = set(names), set()
    for m in panel:
        mine = {m.owner, *(m.derived_from or ())}
        if m.model in wanted or m.owner in wanted:
            found |= mine
        found |= mine & wanted
    return frozenset(found)


def family_of(panel: Iterable[Member], base: Base, owner: str) -> list[str]:
    """Models innocent of `owner`, of stated lineage, that share an owner or a source with the base; sorted."""
    panel = list(panel)
    sources = sources_of(panel, base.names)
    return sorted(
        m.model
        for m in panel
        if m.innocent_of(owner) and not m.disputed and sources & {m.owner, *(m.derived_from or ())}
    )


def usable(panel: Sequence[Member], base: Base, owner: str, least: int) -> bool:
    """The panel knows the base and holds enough innocent relatives, and the base is neither ours nor made from ours."""
    known = {name for m in panel for name in (m.model, m.owner, *(m.derived_from or ()))}
    sources = sources_of(panel, base.names)
    return set(base.names) <= known and owner not in sources and len(family_of(panel, base, owner)) >= least
