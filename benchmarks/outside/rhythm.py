"""When people and programs are active: hours of the day in their own time zone, weekends, sittings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DAY = 86_400.0
HOUR = 3_600.0
MONDAY = 4 * DAY  # 1970-01-05

# Relative activity in each local hour, midnight first.
SHAPES: dict[str, tuple[float, ...]] = {
    "office": (0, 0, 0, 0, 0, 0, 0.2, 1, 4, 7, 8, 7, 4, 6, 8, 8, 7, 4, 2, 1, 1, 0.6, 0.4, 0.1),
    "evening": (1, 0.4, 0.1, 0, 0, 0, 0.3, 0.7, 0.7, 0.6, 0.7, 0.8, 1, 1, 0.8, 0.9, 1.2, 2, 3, 5, 7, 7, 5, 3),
    "student": (3, 2, 1, 0.4, 0.1, 0, 0, 0.3, 1, 2, 3, 3, 2, 3, 4, 4, 4, 3, 3, 5, 6, 7, 7, 5),
    "people": (0.8, 0.3, 0.1, 0.1, 0.1, 0.3, 1, 2, 3, 4, 5, 5, 4, 5, 5, 5, 5, 4, 4, 4, 5, 5, 3, 2),
    "always": (1,) * 24,
    "night": (6, 7, 7, 6, 4, 2, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 5),
}
# Offsets in hours from UTC, weighted by how many customers live there.
ZONES: tuple[tuple[float, float], ...] = (
    (-8, 9), (-6, 6), (-5, 12), (-3, 6), (0, 7), (1, 15), (2, 7), (3, 6), (5.5, 12), (7, 5), (8, 9), (9, 6),
)  # fmt: skip


class Rhythm(NamedTuple):
    """A shape of the day in a time zone; `weekend` multiplies Saturdays and Sundays."""

    shape: str
    zone_h: float = 0.0
    weekend: float = 1.0

    def times(self, rng: np.random.Generator, per_day: float, begin: float, end: float) -> np.ndarray:
        """Sorted Poisson times in [begin, end), seconds; `per_day` is the mean of a working day."""
        if end <= begin:
            return np.empty(0)
        hours = np.arange(np.floor(begin / HOUR), np.ceil(end / HOUR)) * HOUR
        local = hours + self.zone_h * HOUR
        shape = np.asarray(SHAPES[self.shape], dtype=float)
        weights = (shape / shape.sum())[(local % DAY // HOUR).astype(int)]
        late = (local - MONDAY) % (7 * DAY) >= 5 * DAY
        counts = rng.poisson(per_day * weights * np.where(late, self.weekend, 1.0))
        times = np.repeat(hours, counts) + rng.random(int(counts.sum())) * HOUR
        return np.sort(times[(times >= begin) & (times < end)])


def zone(rng: np.random.Generator) -> float:
    """The offset of a customer's time zone, hours."""
    weights = np.array([w for _, w in ZONES], dtype=float)
    return ZONES[int(rng.choice(len(ZONES), p=weights / weights.sum()))][0]


def every(period_s: float, begin: float, end: float, rng: np.random.Generator, jitter_s: float) -> np.ndarray:
    """Times of a cron-like job: a fixed period with a little jitter, seconds."""
    times = np.arange(begin + rng.random() * period_s, end, period_s)
    return times + rng.random(len(times)) * jitter_s
