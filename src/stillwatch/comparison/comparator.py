"""The contract of a comparator: how much more each of several models resembles the teacher than the others do.

`scores` must treat the models of `others` alike: permuting them permutes the scores. The suspect is one of
them and unmarked, so under the null hypothesis (it is exchangeable with the innocent models) every rank is
equally likely: full conformal prediction (Vovk, Gammerman & Shafer 2005, section 2.2.4).
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from stillwatch.comparison.profiles import Profiles


class Comparator(Protocol):
    """One way of measuring likeness."""

    id: ClassVar[str]
    title: ClassVar[str]
    apart: ClassVar[bool]
    """Each panel model is scored without its relatives in the panel (`calibration.panel_scores`)."""

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """f64 of the `first` of others, or all; larger = more like the teacher; teachers, others: positions, disjoint."""
        ...
