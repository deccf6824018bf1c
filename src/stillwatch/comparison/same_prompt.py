"""Answers to one prompt share rare phrases with the teacher's answer to it.

## Statistic
log of the mean cosine with the teacher's answers minus log of the mean cosine with the answers of all the
others, same prompt by same prompt; grams weigh by how few models use them for that prompt. The second term
takes out how ordinary a model is.

## False positives
Memorised public text (quotations, recipes, code); refusals in standard words.

## Evasions
Restyling; answering at another length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.comparison.profiles import Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePrompt:
    """See the file."""

    id: ClassVar[str] = "same_prompt"
    title: ClassVar[str] = "answers to one prompt share rare phrases with the teacher's answer"
    apart: ClassVar[bool] = False
    floor: float = 1e-6

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """log ratio of mean cosines per model."""
        near = np.nan_to_num(profiles.alike[np.ix_(others, teachers)]).mean(axis=1)
        among = profiles.alike[np.ix_(others, others)]
        shared = np.isfinite(among)
        usual = np.where(shared, among, 0.0).sum(axis=1) / np.maximum(shared.sum(axis=1), 1)
        return (np.log(near + self.floor) - np.log(usual + self.floor))[:first]
