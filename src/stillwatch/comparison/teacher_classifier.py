"""A classifier that tells the teacher from the others takes a left-out model for the teacher.

## Statistic
Ridge regression of +1 (teacher) against -1 (the others, the suspect among them and labelled as they are) on
the square roots of gram counts, unit norm per model, classes of equal weight. Each other model is predicted
by the fit without it, in closed form: with G = (K + λ W⁻¹)⁻¹ and α = G (y - ȳ), the left-out prediction is
y_i - α_i / G_ii (Cook & Weisberg 1982; kernel form: Cawley & Talbot 2003). λ = 1 in units of the mean diagonal.

## False positives
As for the likelihood ratio. With few controls the classifier learns what sets the controls apart.

## Evasions
Restyling; training on several teachers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.comparison.profiles import Profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherClassifier:
    """See the file."""

    id: ClassVar[str] = "teacher_classifier"
    title: ClassVar[str] = "a classifier of teacher against controls takes a left-out model for the teacher"
    apart: ClassVar[bool] = False
    ridge: float = 1.0

    def scores(
        self, profiles: Profiles, teachers: np.ndarray, others: np.ndarray, first: int | None = None
    ) -> np.ndarray:
        """Left-out prediction per model, about -1 (a control) to +1 (the teacher)."""
        rows = np.concatenate([teachers, others])
        y = np.r_[np.ones(teachers.size), -np.ones(others.size)]
        weight = np.r_[np.full(teachers.size, 0.5 / teachers.size), np.full(others.size, 0.5 / others.size)]
        kernel = centred(profiles.kernel[np.ix_(rows, rows)], weight)
        kernel /= max(np.trace(kernel) / rows.size, 1e-12)
        inverse = np.linalg.inv(kernel + self.ridge * np.diag(1.0 / (weight * rows.size)))
        alpha = inverse @ (y - weight @ y)
        return (y - alpha / np.diag(inverse))[teachers.size :][:first]


def centred(kernel: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The kernel after subtracting the weighted mean in feature space; weight sums to 1."""
    mean = kernel @ weight
    return kernel - mean[:, None] - mean[None, :] + weight @ mean
