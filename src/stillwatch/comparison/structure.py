"""Answers are as long, as listed and as marked up as the teacher's.

## Statistic
Minus the Euclidean distance of a model's structure profile (means over its outputs of the measures in
`profiles.STRUCTURE`) from the teacher's mean profile, each measure in standard deviations over the others.

## False positives
Any model with the same chat template or system prompt. Supports; never leads.

## Evasions
Stripping markup, asking for another length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.comparison.profiles import Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """See the file."""

    id: ClassVar[str] = "structure"
    title: ClassVar[str] = "answers are as long, as listed and as marked up as the teacher's"
    apart: ClassVar[bool] = False

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """Minus standardised distance per model."""
        mine = profiles.structure[others]
        spread = mine.std(axis=0)
        apart = (mine - profiles.structure[teachers].mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
        return -np.sqrt((apart**2).sum(axis=1))[:first]
