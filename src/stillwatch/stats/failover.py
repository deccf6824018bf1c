"""Does an account start just after another was turned away more often than just before it?

A *start* is an event that was not turned away, of an account that had been silent for `idle` or longer and whose event
before, if any, was not turned away either: who comes back after a limit of its own, however long that lasted, is no
start. Each start within `width` of an event of another account that was turned away is signed by the nearest such
event: after (+1) or before (-1).

Null: starts know nothing of others' limits. The points nearer to one limit than to any other lie half before and half
after it, from one end to the other, whatever the times of the limits, so where the rate of starts is level over
2 x `width` each sign is a fair coin; a trend of the load over hours enters neither side. An account counts once, by the
sign of its sum, which is symmetric about 0: exact sign test (Arbuthnott 1710; Conover 1999, section 3.4), one-sided.

What turns everybody away, and lets everybody in again, is not the group's doing. The accounts of the crowd are signed
by the same limits and their own; Fisher's exact test, one-sided, asks whether the group comes after more often than
they do. The larger p of both is that of an intersection-union test (Berger 1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from stillwatch.stats.binomial import upper_tail
from stillwatch.stats.hypergeometric import upper_tail as fisher_tail


@dataclass(frozen=True, slots=True)
class Signs:
    """Accounts that start after others' limits more often than before, and accounts with more of the opposite."""

    after: int
    before: int

    @property
    def count(self) -> int:
        """Accounts with a sign; ties have none."""
        return self.after + self.before


def starts(
    owner: NDArray[np.int64], ts: NDArray[np.int64], limited: NDArray[np.bool_], idle: int
) -> NDArray[np.bool_]:
    """bool[n]: the event is a start. owner, ts, limited: shape (n,), in order of time; idle in the unit of `ts`."""
    order = np.argsort(owner, kind="stable")
    who, when, away = owner[order], ts[order], limited[order]
    fresh = np.ones(owner.size, np.bool_)
    same = who[1:] == who[:-1]
    fresh[1:] = ~same | ((when[1:] - when[:-1] >= idle) & ~away[:-1])
    out = np.empty(owner.size, np.bool_)
    out[order] = fresh & ~away
    return out


@nb.njit(cache=True, nogil=True)
def _sides(owner: np.ndarray, ts: np.ndarray, by: np.ndarray, at: np.ndarray, width: int) -> np.ndarray:
    out = np.zeros(ts.size, np.int64)
    for i in range(ts.size):
        split = np.searchsorted(at, ts[i], side="right")
        back, ahead = width + 1, width + 1
        j = split - 1
        while j >= 0 and ts[i] - at[j] <= width:
            if by[j] != owner[i]:
                back = ts[i] - at[j]
                break
            j -= 1
        j = split
        while j < at.size and at[j] - ts[i] <= width:
            if by[j] != owner[i]:
                ahead = at[j] - ts[i]
                break
            j += 1
        if back != 0 and back != ahead:
            out[i] = 1 if back < ahead else -1
    return out


def sides(
    owner: NDArray[np.int64],
    ts: NDArray[np.int64],
    by: NDArray[np.int64],
    at: NDArray[np.int64],
    width: int,
) -> NDArray[np.int64]:
    """i64[n]: +1 where the nearest event (by i64[m], at i64[m], ascending) of another owner within `width` lies before
    the start (owner, ts: shape (n,)), -1 where it lies after it, 0 where there is none, at the same time or a tie."""
    mine, when, theirs, limits = (np.ascontiguousarray(x, np.int64) for x in (owner, ts, by, at))
    out: NDArray[np.int64] = _sides(mine, when, theirs, limits, width)
    return out


def signs(owner: NDArray[np.int64], side: NDArray[np.int64]) -> Signs:
    """Each account by the sign of the sum of its starts' sides. Shapes (n,)."""
    if not owner.size:
        return Signs(0, 0)
    _, who = np.unique(owner, return_inverse=True)
    total = np.bincount(who, weights=side)
    return Signs(int(np.count_nonzero(total > 0)), int(np.count_nonzero(total < 0)))


def failover_p(group: Signs, crowd: Signs) -> float:
    """The larger of the sign test's p of the group and of Fisher's exact p against the crowd; 1 without signs."""
    if not group.count:
        return 1.0
    coin = float(upper_tail(group.after - 1, group.count, 0.5))
    marked, others = group.after + crowd.after, group.before + crowd.before
    return min(1.0, max(coin, fisher_tail(group.after, group.count, marked, others)))
