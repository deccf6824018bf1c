"""Openings use the teacher's phrases at the teacher's rates: n-gram likelihood ratio.

## Statistic
For model i, the mean over its grams g of log((t_g + a) / (c_g + a)), clipped to ±3, where t_g is the rate of g in
the teacher's outputs (mean over its versions), c_g its rate in the outputs of all the others but i, and
a = 0.005 a prior rate. Only grams seen in at least 2.5 % as many outputs as there are prompts, counted over
all models, enter. Null: i is exchangeable with the others.

## False positives
A model trained on another model of the same style; a house style shared by an industry. Co-students of one
teacher outrank it: the score verifies a teacher, it does not choose among several.

## Evasions
Rewriting the harvested answers before training; training further on other data; a system prompt with a style.

## References
Naive Bayes with leave-one-model-out rates; authorship verification by likelihood ratio (Ishihara 2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.comparison.profiles import Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class GramRatio:
    """See the file."""

    id: ClassVar[str] = "gram_ratio"
    title: ClassVar[str] = "openings use the teacher's phrases at the teacher's rates"
    apart: ClassVar[bool] = False
    prior_rate: float = 0.005
    clip: float = 3.0
    outputs_min_share: float = 0.025

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """Mean clipped log ratio per model; 0 for a model without a counted gram."""
        prompts = np.unique(profiles.prompt).size
        seen = np.asarray(profiles.counts.sum(axis=0)).ravel()
        kept = seen >= max(3.0, self.outputs_min_share * prompts)
        teacher = np.asarray(profiles.counts[teachers].toarray() / profiles.outputs[teachers, None]).mean(
            axis=0
        )
        mine = profiles.counts[others]
        row = np.repeat(np.arange(others.size), np.diff(mine.indptr))
        used = kept[mine.indices]
        row, gram, n = row[used], mine.indices[used], mine.data[used]
        own = n / profiles.outputs[others][row]
        total = np.bincount(gram, own, minlength=seen.size)
        control = (total[gram] - own) / max(others.size - 1, 1)
        ratio = np.log((teacher[gram] + self.prior_rate) / (np.maximum(control, 0.0) + self.prior_rate))
        weight = np.bincount(row, n, minlength=others.size)
        score = np.bincount(row, n * np.clip(ratio, -self.clip, self.clip), minlength=others.size)
        return (score / np.maximum(weight, 1.0))[:first]
