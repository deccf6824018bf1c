"""Does the account say anything of the content beyond its shard? Variance ratio inside clusters of accounts.

A list cut by topic or language and dealt out gives each account content of its own, as independent customers have,
but accounts of one shard could have sent each other's requests. Accounts are clustered by the mean of one half of
their vectors (Ward 1963) into a shard for every SHARD_ACCOUNTS of them, and F of the other half is taken inside
clusters: SS_between accounts over SS_within accounts, mean squares, pooled over clusters of at least two. What formed
the clusters is not what is judged, so F is about 1 if the cluster says all there is to say and above 1 if accounts
differ inside it, however many clusters there are. Two nulls: crowds that are clustered the same way (the caller's), and
the judged half dealt out again inside clusters (`dealt_p`, exact given the clusters).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from stillwatch.stats.permutation import permutation_p

SHARD_ACCOUNTS = 4
EVENTS_MIN = 4
"""Two vectors to learn the shard from and two to judge."""


class Shards:
    """Accounts in clusters, with the half of their vectors that is judged.

    vectors: shape (n, dim). accounts: rows of each account, at least EVENTS_MIN each, in an order that says nothing of
    their content: the first, third, fifth … are learnt from. Raises ValueError for fewer than 2 x SHARD_ACCOUNTS
    accounts.
    """

    def __init__(self, vectors: NDArray[np.float32], accounts: Sequence[NDArray[np.int64]]) -> None:
        if len(accounts) < 2 * SHARD_ACCOUNTS:
            raise ValueError(f"{len(accounts)} accounts are too few for two shards")
        learnt = np.array([vectors[rows[0::2]].mean(axis=0, dtype=np.float64) for rows in accounts])
        shard = fcluster(linkage(learnt, "ward"), len(accounts) // SHARD_ACCOUNTS, "maxclust") - 1
        kept = np.flatnonzero((np.bincount(shard) >= 2)[shard])
        judged = [accounts[i][1::2] for i in kept.tolist()]
        _, self.shard = np.unique(shard[kept], return_inverse=True)
        self.sizes = np.array([rows.size for rows in judged], np.int64)
        self.x = vectors[np.concatenate(judged)].astype(np.float64) if judged else np.zeros((0, 1))
        self._owner = np.repeat(np.arange(self.sizes.size), self.sizes)
        self._squares = float(np.square(self.x).sum())
        shards = int(self.shard.max(initial=-1)) + 1
        self._free = self.sizes.size - shards, int((self.sizes - 1).sum())
        by_shard = _sums(self.x, self.shard[self._owner], shards)
        held = np.bincount(self.shard, weights=self.sizes)
        self._explained = float((np.square(by_shard).sum(axis=1) / held).sum())

    def ratio(self, order: NDArray[np.int64] | None = None) -> float:
        """F of the judged vectors, or of them in another order (i64[judged], inside shards); nan without spread."""
        x = self.x if order is None else self.x[order]
        by_account = float((np.square(_sums(x, self._owner, self.sizes.size)).sum(axis=1) / self.sizes).sum())
        within = self._squares - by_account
        if min(self._free) < 1 or within <= 1e-9 * self._squares:
            return float("nan")
        return max(0.0, by_account - self._explained) / self._free[0] / (within / self._free[1])

    def dealt_p(self, draws: int, seed: int) -> float:
        """P(F* >= F) if the judged vectors are dealt out again inside their shards."""
        rng, inside = np.random.default_rng(seed), self.shard[self._owner]
        start = np.argsort(inside, kind="stable")
        null = np.empty(draws)
        for i in range(draws):
            order = np.empty(inside.size, np.int64)
            order[start] = np.lexsort((rng.random(inside.size), inside))
            null[i] = self.ratio(order)
        return float(permutation_p(self.ratio(), null))


def _sums(x: np.ndarray, label: np.ndarray, labels: int) -> np.ndarray:
    """f64[labels, dim]: sums of the rows of each label; rows of one label stand together or not."""
    out = np.zeros((labels, x.shape[1]))
    np.add.at(out, label, x)
    return out
