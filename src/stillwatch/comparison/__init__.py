"""How alike: comparators of a suspect model with a teacher and its controls, their calibration, the verdict."""

from stillwatch.comparison.registry import COMPARATORS

__all__ = ["COMPARATORS"]
