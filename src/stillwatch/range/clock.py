"""The two periods of a world: the one to scan and the reference before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

DAY_S = 86_400.0
START = datetime(2026, 9, 7, tzinfo=UTC)
"""A Monday. Every world starts its current period here, so that the same seed gives the same bytes."""


@dataclass(frozen=True)
class Clock:
    """Seconds count from the start of the current period; the reference period is negative."""

    days: float
    reference_ratio: float

    @property
    def first_s(self) -> float:
        return -self.reference_ratio * self.days * DAY_S

    @property
    def last_s(self) -> float:
        return self.days * DAY_S

    @property
    def span_days(self) -> float:
        return (self.last_s - self.first_s) / DAY_S

    def microseconds(self, seconds: np.ndarray) -> np.ndarray:
        """Unix time in microseconds, int64."""
        return np.round(seconds * 1e6).astype(np.int64) + int(START.timestamp()) * 1_000_000
