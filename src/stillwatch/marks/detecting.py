"""Detecting: is the house's mark in a collection of texts, and which accounts' marks?

House. Null: the texts were written without regard to our key. Then the coins of the house slots are independent of
the votes, and M = sum over slots of |v| [the member voted for is the one wanted] is a sum of fair coins with
weights |v|: its tail is exact (`stats.signs`), for any text, in any language, by any model.

Account. Null: the texts were written without regard to this account's code; they may hold marks of other accounts.
The votes of the account slots, their sign turned by the coin, are summed by place in the code, T_p = sum of +-v.
Given T the code's bits are fair coins, so S = sum |T_p| [T_p speaks for the code's bit] is again a sum of fair coins.
All accounts share one null distribution; the family-wise error over m of them is held by Bonferroni. (A test with a
coin a slot instead of a place would be wrong here: marks of one guilty account agree place by place.)

T is divided so that its root mean square is RMS, and cut at LEVELS, to keep the lattice small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np

from stillwatch.marks.keys import CODE, WORDS, MarkKey
from stillwatch.marks.votes import Votes
from stillwatch.stats.signs import log_tail

DECOYS = 1000
RMS, LEVELS = 16, 127
ACCOUNTS_AT_ONCE = 1 << 16
_BYTES = CODE // 8


@dataclass(frozen=True, slots=True)
class HouseTest:
    """slots: distinct ones that speak for the house; agree: share of their weight that has the member wanted
    (0.5 by chance); log_p: natural logarithm; weights i64[slots]; decoys i64[DECOYS]: the sum under keys never used.
    """

    slots: int
    agree: float
    log_p: float
    score: int
    weights: np.ndarray
    decoys: np.ndarray


@dataclass(frozen=True, slots=True)
class AccountTests:
    """slots: distinct ones that speak for accounts; scores i64[m] of the accounts asked; sums i64[CODE]: T;
    decoys i64[DECOYS]: scores of accounts that do not exist."""

    slots: int
    scores: np.ndarray
    sums: np.ndarray
    decoys: np.ndarray

    def log_p(self, score: int) -> float:
        """log P(S >= score) under the null that all accounts share."""
        return log_tail(np.abs(self.sums), score)


def house(votes: Votes, key: MarkKey, decoys: int = DECOYS) -> HouseTest:
    """Test for the house's mark. The decoys keep which slots count, and toss their coins again."""
    told = key.wishes(votes.names)
    names, vote = votes.names[told.house], votes.votes[told.house]
    weight, says = np.abs(vote), vote > 0
    score = int(weight[says == told.coin[told.house]].sum())
    tossed = [int(weight[says == key.decoy(d).wishes(names).coin].sum()) for d in range(decoys)]
    total = int(weight.sum())
    return HouseTest(
        names.size, score / total if total else 0.5, log_tail(weight, score), score, weight,
        np.array(tossed, np.int64),
    )  # fmt: skip


def sums(votes: Votes, key: MarkKey) -> tuple[int, np.ndarray]:
    """(account slots, T i64[CODE], above 0 where the texts speak for a 1)."""
    told = key.wishes(votes.names)
    mine = ~told.house
    turned = np.where(told.coin[mine], -votes.votes[mine], votes.votes[mine])
    total = np.bincount(told.place[mine], turned.astype(np.float64), CODE)
    size = float(np.sqrt((total * total).mean()))
    if size > RMS:
        total = np.clip(np.rint(total * (RMS / size)), -LEVELS, LEVELS)
    return int(mine.sum()), total.astype(np.int64)


def accounts(votes: Votes, key: MarkKey, names: Sequence[str], decoys: int = DECOYS) -> AccountTests:
    """Score every account of `names`."""
    slots, total = sums(votes, key)
    table = _table(total)
    scores = np.concatenate(
        [
            _scored(key.codes(names[at : at + ACCOUNTS_AT_ONCE]), table)
            for at in range(0, len(names), ACCOUNTS_AT_ONCE)
        ]
        or [np.zeros(0, np.int64)]
    )
    nobody = key.decoy(0).codes([f"nobody {d}" for d in range(decoys)])
    return AccountTests(slots, scores, total, _scored(nobody, table))


def score_naive(total: np.ndarray, code: np.ndarray) -> int:
    """The oracle: S of one account, place by place. total i64[CODE], code u64[WORDS]."""
    score = 0
    for place, value in enumerate(total.tolist()):
        bit = int(code[place // 64]) >> (place % 64) & 1
        if value and (value > 0) == bool(bit):
            score += abs(value)
    return score


def _table(total: np.ndarray) -> np.ndarray:
    """i64[_BYTES, 256]: what each byte of a code adds to S."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.int64)
    by_byte = total.reshape(_BYTES, 8)
    ones, zeros = np.maximum(by_byte, 0), np.maximum(-by_byte, 0)
    return np.ascontiguousarray((ones @ bits.T + zeros @ (1 - bits).T).astype(np.int32))


@nb.njit(cache=True, nogil=True)
def _scored(codes: np.ndarray, table: np.ndarray) -> np.ndarray:
    out = np.empty(codes.shape[0], np.int64)
    for i in range(codes.shape[0]):
        score = np.int64(0)
        for w in range(WORDS):
            word = codes[i, w]
            for b in range(8):
                score += table[8 * w + b, np.int64((word >> np.uint64(8 * b)) & np.uint64(255))]
        out[i] = score
    return out
