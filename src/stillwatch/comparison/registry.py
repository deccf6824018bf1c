"""The comparators in use, one line each. The first leads: its p decides; the others support."""

from __future__ import annotations

from stillwatch.comparison.admixture import Admixture
from stillwatch.comparison.comparator import Comparator
from stillwatch.comparison.gram_ratio import GramRatio
from stillwatch.comparison.same_prompt import SamePrompt
from stillwatch.comparison.structure import Structure
from stillwatch.comparison.teacher_classifier import TeacherClassifier

COMPARATORS: tuple[Comparator, ...] = (
    Admixture(),
    GramRatio(),
    TeacherClassifier(),
    SamePrompt(),
    Structure(),
)
