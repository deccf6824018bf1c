"""Do the members of a stream take turns, or does each come in sessions of its own?

Events of a group in order of time, each with its owner, cut into blocks that a balancer goes round twice. Statistic: the
sum of 1 / gap over neighbouring events of one owner in a block, the gap counted in events of the group. Null: inside a
block, events are dealt to owners without regard to time (accounts may come and go from block to block), so owners are
exchangeable there; exact permutation test (Phipson & Smyth 2010). Sessions make the statistic large, a round-robin
balancer makes it small: an account's turn comes again only after all others.

Openings of conversations are not exchangeable even if nobody deals: who holds a conversation opens no other, so that
openings keep apart by themselves (a renewal process with dead time; Cox & Isham 1980, Point Processes, section 1.2).
With `busy` the null is that: inside a block each owner's conversations lie at random, without overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

BLOCK_EVENTS_MIN, ROUNDS = 32, 2
FURTHER_P = 0.05


@dataclass(frozen=True, slots=True)
class Turns:
    """p that turns are as regular, p that sessions are as marked, if events were dealt; `ratio` of the statistic to
    its mean under dealing (1 = as dealt, nan = no owner can recur)."""

    p_regular: float
    p_sessions: float
    ratio: float


def closeness(owner: NDArray[np.int64], block: NDArray[np.int64]) -> float:
    """Sum of 1 / gap over neighbouring events of one owner in one block. Shapes (n,)."""
    order = np.lexsort((np.arange(owner.size), owner, block))
    same = (owner[order][1:] == owner[order][:-1]) & (block[order][1:] == block[order][:-1])
    return float((1.0 / np.diff(order)[same]).sum())


class _Apart:
    """Orders of events whose owners keep busy: a uniform draw of each owner's events of a block from all placements in
    which no two overlap (ordered uniform points of the room left, busy times put between). All busy times 0: any order
    of the block is as likely. number i64[n] below the count of owners; busy f64[n], in events."""

    def __init__(self, number: NDArray[np.int64], size: int, busy: NDArray[np.float64]) -> None:
        n = number.size
        self._block = np.arange(n) // size
        owners = int(number.max(initial=0)) + 1
        self._code = np.unique(self._block * owners + number, return_inverse=True)[1]
        self._order = np.argsort(self._code, kind="stable")
        ends = np.minimum((self._block + 1) * size, n)
        kept = np.clip(busy, 0.0, ends - np.arange(n) - 1)[self._order]
        code = self._code[self._order]
        total = np.bincount(code, weights=kept)
        before = np.cumsum(kept) - kept
        starts = np.searchsorted(code, np.arange(total.size))
        self._before = before - before[starts][code]
        self._room = ((ends - self._block * size)[self._order] - total[code]).clip(0.0)
        self._start = (self._block * size)[self._order].astype(np.float64)

    def order(self, draws: NDArray[np.float64]) -> NDArray[np.int64]:
        """Positions i64[n] of the events, in an order drawn with `draws` f64[n]."""
        drawn = np.sort(self._code + draws) - self._code[self._order]
        at = np.empty(draws.size)
        at[self._order] = self._start + drawn * self._room + self._before
        return np.lexsort((at, self._block))


def _dealt(draws: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Positions i64[n], each block of `size` in the order of its draws."""
    whole = draws.size // size * size
    inside = np.argsort(draws[:whole].reshape(-1, size), axis=1)
    inside += np.arange(0, whole, size)[:, None]
    return np.concatenate([inside.ravel(), whole + np.argsort(draws[whole:])])


@nb.njit(cache=True, nogil=True)
def nearness(owner: np.ndarray, order: np.ndarray, size: int, last: np.ndarray) -> float:
    """`closeness` of owner[order] in blocks of `size`; owners are numbers below last.size, which is scratch."""
    last[:] = -1
    total = 0.0
    for i in range(order.size):
        who = owner[order[i]]
        if last[who] >= i - i % size:
            total += 1.0 / (i - last[who])
        last[who] = i
    return total


def blocks(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Block of each event: ROUNDS events an owner, at least BLOCK_EVENTS_MIN."""
    return np.arange(owner.size) // max(BLOCK_EVENTS_MIN, ROUNDS * np.unique(owner).size)


def turns(
    owner: NDArray[np.int64],
    draws: int,
    seed: int,
    further: int = 0,
    busy: NDArray[np.float64] | None = None,
) -> Turns:
    """The test; owner: of each event, in order of time. Resolution 1 / (draws + 1). busy f64[n]: for how many events
    after each its owner is not free for another; None: always free.

    With `further` as many draws are added where turns look regular after the first (p at most FURTHER_P), and p is of
    all of them; at levels below FURTHER_P that is no easier to reach than by all draws at once.
    """
    _, number = np.unique(owner, return_inverse=True)
    size = int(np.count_nonzero(blocks(owner) == 0))
    last = np.empty(number.max(initial=-1) + 1, np.int64)
    rng = np.random.default_rng(seed)
    apart = None if busy is None else _Apart(number, size, busy)

    def arranged(draws: NDArray[np.float64]) -> NDArray[np.int64]:
        return _dealt(draws, size) if apart is None else apart.order(draws)

    def drawn(count: int) -> NDArray[np.float64]:
        orders = (arranged(rng.random(owner.size)) for _ in range(count))
        made = (nearness(number, order, size, last) for order in orders)
        return np.fromiter(made, np.float64, count)

    return compared(nearness(number, np.arange(owner.size), size, last), drawn, draws, further)


def compared(observed: float, drawn: Callable[[int], NDArray[np.float64]], draws: int, further: int) -> Turns:
    """`observed` against `draws` of the null, and `further` more where turns look regular (p at most FURTHER_P)."""
    found, null = _compared(observed, drawn(draws))
    if further and found.p_regular <= FURTHER_P:
        found, _ = _compared(observed, np.concatenate([null, drawn(further)]))
    return found


def _compared(observed: float, null: NDArray[np.float64]) -> tuple[Turns, NDArray[np.float64]]:
    middle = float(null.mean())
    if middle == 0.0:
        return Turns(1.0, 1.0, float("nan")), null
    # sums of the same terms in another order may differ in the last bit
    tolerance = 1e-9 * middle
    regular = (1 + int(np.count_nonzero(null <= observed + tolerance))) / (null.size + 1)
    sessions = (1 + int(np.count_nonzero(null >= observed - tolerance))) / (null.size + 1)
    return Turns(regular, sessions, observed / middle), null
