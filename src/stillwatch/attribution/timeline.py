"""Did the harvest come before the releases? A chance test that slides the harvest along the calendar.

For a day d, B is the harvested volume of the `window` days that end `lag` days before d, and A that of as many days
from d on; c(d) = (B - A) / (B + A), 0 when nothing was harvested. The statistic is the mean of c over releases: +1
when everything near them came before, 0 when as much came after. Each release counts once and at most 1, whatever
its volume, and growth of the harvest gives every day the same c.

Null: the harvest's place on the calendar has nothing to do with the releases', which keep their spacing. Then all
circular shifts of c against the releases are equally likely, and p = (shifts with a mean at least as large) / (all
shifts), the present one among them: exact over the group of shifts, no smaller than 1 / shifts (Lehmann & Romano
2005, section 15.2). Neighbouring shifts see nearly the same days, so far fewer of them are distinct looks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec
import numpy as np

RELEASES_MIN = 5
WINDOW_DAYS_MIN = 7
"""Shorter windows would see the days of the week on which people work and releases are made."""
NULL = "the harvest's place on the calendar has nothing to do with the releases, whose spacing is kept"
UNIT = "the release; two on one day are one"
CAPS = (
    "Dates that fit are a fact in support of others, never a finding alone.",
    "The harvest is of whom the campaigns name; that it is the releases' maker is not tested here.",
    "One window is tested; who tries several must say so and divide alpha by their number.",
)
ALTERNATIVES = (
    "Both follow a third calendar: conferences, holidays, our own releases.",
    "The harvest was to measure our model against the new one, and ended when it was out.",
    "The campaigns were found because somebody looked at the weeks before a release.",
)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One public release with what stands around it. before, after: volume in the windows; contrast: c."""

    date: str
    name: str
    before: float
    after: float
    contrast: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One list of releases against the harvest. mean: of the contrasts; low, high: 95 %, from leaving out each
    release in turn; shifts: equally likely under the null; looks: how many windows of full length fit."""

    releases: list[Release]
    left_out: list[str]
    mean: float | None
    low: float | None
    high: float | None
    p: float | None
    p_floor: float | None
    shifts: int
    looks: int


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """What `compare timeline --format json` says (version 1). harvest: (day, volume); null_means: of all shifts,
    sorted; others: the same test on other makers' releases, which should show nothing."""

    schema_version: int = 1
    version: str
    verdict: Literal["inconclusive", "supports"]
    statement: str
    reasons: list[str]
    null: str
    unit: str
    alpha: float
    window_days: int
    lag_days: int
    observed: tuple[str, str]
    days_without_data: int
    found: Comparison
    others: Comparison | None
    null_means: list[float]
    harvest: list[tuple[str, float]]
    alternatives: list[str]
    caps: list[str]
    custody: list[tuple[str, str]]
    replay: str


def contrasts(volume: np.ndarray, window: int, lag: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """(first day, before, after, c) of every day that has both windows: f64[n] each; n = 0 for too few days.

    volume f64[days], not negative.
    """
    first, last = window + lag, volume.size - window
    if last < first:
        none = np.zeros(0)
        return first, none, none, none
    total = np.concatenate([[0.0], np.cumsum(volume)])
    day = np.arange(first, last + 1)
    before = total[day - lag] - total[day - lag - window]
    after = total[day + window] - total[day]
    both = before + after
    c = np.divide(before - after, both, out=np.zeros(day.size), where=both > 1e-12 * max(total[-1], 1e-300))
    return first, before, after, c


def shifted_means(c: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Mean of c over the places `at` for each circular shift, f64[n]; the first is no shift."""
    n = c.size
    return np.array([c[(at - s) % n].mean() for s in range(n)])


def compared(
    volume: np.ndarray, start: date, releases: Sequence[tuple[date, str]], window: int, lag: int
) -> tuple[Comparison, np.ndarray]:
    """(one list of releases against a harvest that starts on `start`, means of all shifts)."""
    first, before, after, c = contrasts(volume, window, lag)
    n = c.size
    kept: dict[int, list[str]] = {}
    left = []
    for day, name in sorted(releases):
        place = (day - start).days - first
        if 0 <= place < n:
            kept.setdefault(place, []).append(name)
        else:
            left.append(f"{day.isoformat()} {name}")
    at = np.array(sorted(kept), np.int64)
    told = [
        Release(
            date=(start + timedelta(days=int(i) + first)).isoformat(), name=" + ".join(kept[int(i)]),
            before=float(before[i]), after=float(after[i]), contrast=round(float(c[i]), 6),
        )
        for i in at
    ]  # fmt: skip
    if not at.size:
        nothing = Comparison(
            releases=[], left_out=left, mean=None, low=None, high=None, p=None, p_floor=None, shifts=n, looks=n // window
        )  # fmt: skip
        return nothing, np.zeros(0)
    means = shifted_means(c, at)
    spread = _jackknife(c[at])
    mean = float(means[0])
    said = Comparison(
        releases=told,
        left_out=left,
        mean=round(mean, 6),
        low=None if spread is None else round(max(-1.0, mean - 1.96 * spread), 6),
        high=None if spread is None else round(min(1.0, mean + 1.96 * spread), 6),
        # a sum in another order must not decide whether a shift ties
        p=float(np.mean(means >= mean - 1e-9)),
        p_floor=1 / n,
        shifts=n,
        looks=n // window,
    )
    return said, means


def _jackknife(values: np.ndarray) -> float | None:
    """Standard error of the mean, each release left out in turn; None for fewer than two."""
    return float(np.std(values, ddof=1) / math.sqrt(values.size)) if values.size > 1 else None


def judged(
    harvest: Mapping[date, float], releases: Sequence[tuple[date, str]], others: Sequence[tuple[date, str]] | None, *,
    observed: tuple[date, date], without: int, window: int, lag: int, alpha: float, version: str,
    custody: list[tuple[str, str]], replay: str,
) -> Timeline:  # fmt: skip
    """The whole test; days of `observed` that `harvest` does not name have no volume, `without` of them no data."""
    start, end = observed
    volume = np.zeros((end - start).days + 1)
    for day, amount in harvest.items():
        volume[(day - start).days] += amount
    found, means = compared(volume, start, releases, window, lag)
    beside = compared(volume, start, others, window, lag)[0] if others is not None else None
    reasons = _too_small(found, volume, window, lag, alpha)
    verdict, statement = _decided(found, beside, reasons, alpha, window)
    if without:
        reasons = [
            *reasons,
            f"{without:,} days inside the observed time have no data and count as no harvest",
        ]
    return Timeline(
        version=version, verdict=verdict, statement=statement, reasons=reasons, null=NULL, unit=UNIT, alpha=alpha,
        window_days=window, lag_days=lag, observed=(start.isoformat(), end.isoformat()), days_without_data=without,
        found=found, others=beside, null_means=[round(float(m), 6) for m in np.sort(means)],
        harvest=[((start + timedelta(days=i)).isoformat(), float(v)) for i, v in enumerate(volume)],
        alternatives=list(ALTERNATIVES), caps=list(CAPS), custody=custody, replay=replay,
    )  # fmt: skip


def _too_small(found: Comparison, volume: np.ndarray, window: int, lag: int, alpha: float) -> list[str]:
    said = []
    if len(found.releases) < RELEASES_MIN:
        said.append(
            f"{len(found.releases)} release dates with {window + lag} observed days before and {window} after; "
            f"{RELEASES_MIN} would suffice"
        )
    needed = math.ceil(1 / alpha - 1e-9)
    if found.shifts < needed:
        said.append(
            f"{found.shifts} shifts; {needed} days with both windows would suffice for alpha {alpha:g}"
        )
    if not volume.any():
        said.append("nothing was harvested in the observed time")
    return said


def _decided(
    found: Comparison, beside: Comparison | None, small: list[str], alpha: float, window: int
) -> tuple[Literal["inconclusive", "supports"], str]:
    if small or found.p is None or found.mean is None:
        return "inconclusive", "The data are too small to tell whether the harvest came before the releases."
    if found.p > alpha:
        return "inconclusive", (
            f"The harvest does not precede the {len(found.releases)} releases more than chance allows (mean contrast "
            f"{found.mean:+.2f}, p = {found.p:.3f}). That is no proof of anything."
        )
    said = (
        f"The harvest came before the {len(found.releases)} releases more than chance allows: over {window} days on either "
        f"side the mean contrast is {found.mean:+.2f} (p = {found.p:.4f}). A fact in support of others, not a finding."
    )
    if beside is not None and beside.p is not None and beside.p <= alpha:
        return "inconclusive", (
            f"{said} But it also came before other makers' releases (p = {beside.p:.4f}), so the dates point at nobody."
        )
    return "supports", said
