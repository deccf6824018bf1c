"""Turns beyond each account's own pace: do accounts keep step with each other, or does each merely work at a pace?

Whoever needs some five minutes for each item does not come again at once, and among others who began when they did their
turns are regular though nobody deals: a renewal process with dead time each (Cox & Isham 1980, Point Processes, section
1.2), as many of them as accounts. Events of one account are cut into runs. Null: inside a run the gaps of time between
neighbouring events are exchangeable, and runs of different accounts independent of each other, given when each begins and
ends; exact permutation test (Phipson & Smyth 2010). The unit that is moved is the gap. Statistic: places of events in the
order of all, against those that lie evenly between the first and the last of their run; the sum of squares of the
differences. Own paces drift apart as a random walk does, and so do those of any permutation. A balancer calls each account
back before it has drifted, whichever pause, order inside the round or delay it takes: after a long gap comes a short one,
and all gaps of one moment are long together. Gaps that vary from hour to hour in one account make the statistic larger.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stillwatch.stats.turns import Turns, compared


class _Runs:
    """run i64[n]: of each event, ascending; events of a run are neighbours, in order of time."""

    def __init__(self, run: NDArray[np.int64]) -> None:
        starts = np.flatnonzero(np.diff(run, prepend=run[:1] - 1))
        size = np.diff(np.append(starts, run.size))
        code = np.repeat(np.arange(starts.size), size)
        self._first, self._last = starts[code], (starts + size - 1)[code]
        self._share = (np.arange(run.size) - self._first) / np.maximum(1, size - 1)[code]

    def drift(self, ts: NDArray[np.int64]) -> float:
        """The statistic; ts i64[n]."""
        place = np.empty(ts.size)
        place[np.argsort(ts, kind="stable")] = np.arange(ts.size)
        first = place[self._first]
        off = place - first - self._share * (place[self._last] - first)
        return float(off @ off)


def in_step(ts: NDArray[np.int64], run: NDArray[np.int64], draws: int, seed: int, further: int = 0) -> Turns:
    """The test. run i64[n]: of each event, ascending; ts i64[n], ascending inside a run. p_regular: P that the accounts
    keep step so well, p_sessions: that they drift so far; ratio as in `turns`, and `further` too."""
    runs, gaps = _Runs(run), np.diff(ts)
    free = np.flatnonzero(run[1:] == run[:-1])
    code, held = run[1:][free], gaps[free]
    rng = np.random.default_rng(seed)

    def moved() -> NDArray[np.int64]:
        gaps[free] = held[np.argsort(code + rng.random(code.size))]
        return np.concatenate([ts[:1], ts[0] + np.cumsum(gaps)])

    def drawn(count: int) -> NDArray[np.float64]:
        return np.fromiter((runs.drift(moved()) for _ in range(count)), np.float64, count)

    if not free.size:
        return Turns(1.0, 1.0, float("nan"))
    return compared(runs.drift(ts), drawn, draws, further)
