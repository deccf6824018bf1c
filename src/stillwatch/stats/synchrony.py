"""Do accounts act in the same minutes beyond what the load explains?

Time is cut into blocks of a quarter of an hour and these into minutes; each account counts once a bin. Statistic: the pairs
of accounts that are active in one bin, summed over all bins (the sum of squared counts up to constants). Null: interval
jitter (Amarasingham, Harrison, Hatsopoulos & Geman 2012, J. Neurophysiol. 107:517): the events of one account in one
block are shifted together by a random whole number of bins, round the block, so the bursts of an account stay as they
are and only their place in the block is drawn. What changes more slowly than a block (working hours, time zones,
weekdays) is the same in every draw and cannot enter; p = (1 + #{null >= observed}) / (draws + 1). Clocks differ by whole
quarters of an hour, so all of them cut time alike. In blocks of an hour the slope of office hours is seen as synchrony in
groups of hundreds of accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from stillwatch.stats.permutation import permutation_p

BLOCK_US, BINS = 900_000_000, 15


@dataclass(frozen=True, slots=True)
class Synchrony:
    """p that accounts are as often active together (resolution 1 / (draws + 1)); pairs seen, and expected by the null;
    marks: (account, bin) combinations in blocks in which at least two accounts act."""

    p: float
    pairs: int
    expected: float
    marks: int


def marks(owner: NDArray[np.int64], ts: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """(block, unit, bin), i64[m] each: distinct active bins of every unit (an account in a block), in blocks with two
    accounts or more. Blocks and units are numbered from 0. owner, ts (us): shape (n,), any order."""
    cell = np.unique(np.column_stack([ts // BLOCK_US, owner, ts % BLOCK_US * BINS // BLOCK_US]), axis=0)
    pair, unit = np.unique(cell[:, :2], axis=0, return_inverse=True)
    _, of, accounts = np.unique(pair[:, 0], return_inverse=True, return_counts=True)
    block, unit = of[unit.ravel()], unit.ravel()
    kept = accounts[block] >= 2
    block, unit = (np.unique(x[kept], return_inverse=True)[1] for x in (block, unit))
    return block, unit, cell[kept, 2]


def together(block: NDArray[np.int64], place: NDArray[np.int64]) -> int:
    """Pairs of marks in one bin of one block; shapes (m,)."""
    counts = np.unique(block * BINS + place, return_counts=True)[1]
    return int((counts * (counts - 1)).sum() // 2)


@nb.njit(cache=True, nogil=True)
def _jittered(
    block: np.ndarray, unit: np.ndarray, place: np.ndarray, shift: np.ndarray, bins: int, counts: np.ndarray
) -> np.ndarray:
    """`together` after each unit's marks are shifted by shift[draw, unit] bins; counts: zeros, scratch."""
    out = np.zeros(shift.shape[0], np.int64)
    for draw in range(shift.shape[0]):
        total = 0
        for i in range(block.size):
            at = block[i] * bins + (place[i] + shift[draw, unit[i]]) % bins
            total += counts[at]
            counts[at] += 1
        for i in range(block.size):
            counts[block[i] * bins + (place[i] + shift[draw, unit[i]]) % bins] = 0
        out[draw] = total
    return out


def synchrony(owner: NDArray[np.int64], ts: NDArray[np.int64], draws: int, seed: int) -> Synchrony:
    """The test; owner and ts (us since the epoch) of each event, shape (n,), in any order."""
    block, unit, place = marks(owner, ts)
    if not block.size:
        return Synchrony(1.0, 0, 0.0, 0)
    rng = np.random.default_rng(seed)
    shift = rng.integers(0, BINS, (draws, int(unit.max()) + 1), dtype=np.uint8)
    null = _jittered(block, unit, place, shift, BINS, np.zeros((int(block.max()) + 1) * BINS, np.int64))
    seen = together(block, place)
    return Synchrony(float(permutation_p(seen, null)), seen, float(null.mean()), int(block.size))
