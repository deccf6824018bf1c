"""Tenants of one pool: accounts that write as people of their own do, beside a list that is dealt out over the others.

A broker rents accounts of one pool, with its payers, exits and client, to whoever pays: to a laboratory and to students.
What such accounts share says nothing of the tenants, so a group by means is cut in two by content, and its parts again,
DEPTH times at most, while a list comes of it: 2-means on the mean vectors of accounts, with centres from one half of the
events (begun from the sides of their principal direction; Ding & He 2004, ICML), accounts then placed by all of theirs.
What a part is, F of the other half of the events says (campaigns.content), which had no say in the centres:
- a **list**: F is smaller than among independent customers (p <= TOLD_P), within NEAR of the way from 1 to their median;
- **people**: F is as large as among them (p > LIKE_P, and more than APART of that way), and two permutation tests
  (p <= TOLD_P) exclude that any account could have sent any prompt, in the whole part and inside topics (stats.shards).
Where SHARE_MIN of the accounts stand on lists, people are a group of their own. Cover of each account's own makes parts
that are neither, and then nobody is told apart; fewer than eight people with four requests each never are.

The part that is left was chosen by its content, which then says nothing (`Group.chosen_by_content`). And people are a
shelter: staff who go on as they please stand for a support desk beside them whose tickets are dealt out. So a cut raises
nothing: it says who of a group that leads as a whole is named.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.cluster.vq import kmeans2

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.content import DEALS, by_hash, dealt_p, of_crowds, ratio, sets, some
from stillwatch.campaigns.group import Group
from stillwatch.stats import shards

DEPTH, SHARD_EVENTS_MAX = 3, 12
TOLD_P, LIKE_P = 0.005, 0.01
NEAR, APART, SHARE_MIN = 0.25, 0.5, 0.2
CUTTING, TELLING = 0, 1  # what each half of the events (observation.Records.fold) is for


def without_bystanders(group: Group) -> tuple[Group, Group] | None:
    """(who is on a list or cannot be told, people beside them); None where nobody is told apart."""
    if not group.by_means:
        return None
    own = people(group)
    if not own.any():
        return None
    listed = _narrowed(group, group.customers[~own])
    return replace(listed, chosen_by_content=True), _narrowed(group, group.customers[own])


def _narrowed(group: Group, customers: np.ndarray) -> Group:
    """The same group with only these of its customers (sorted i64), and the keys that at least two of them hold."""
    owner, burst = group.events.customer, group.obs.burst
    holders = [np.isin(customers, burst.unit[burst.start[k] : burst.start[k + 1]]).sum() for k in group.keys]
    return replace(
        group,
        customers=customers,
        keys=group.keys[np.array(holders, np.int64) >= 2],
        rows=group.rows[np.isin(owner[group.rows], customers)],
        judged=group.judged[np.isin(owner[group.judged], customers)],
    )


def people(group: Group) -> np.ndarray:
    """bool over `group.customers`: people beside a list."""
    out = np.zeros(group.customers.size, np.bool_)
    crowd = sets(group.obs.crowd, np.flatnonzero(group.obs.crowd.fold == TELLING))
    leaves = _leaves(group, group.customers, crowd, DEPTH)
    listed = sum(customers.size for customers, kind in leaves if kind == "list")
    if listed >= SHARE_MIN * group.customers.size:
        for customers, kind in leaves:
            if kind == "people":
                out[np.searchsorted(group.customers, customers)] = True
    return out


def _leaves(
    group: Group, customers: np.ndarray, crowd: list[np.ndarray], depth: int
) -> list[tuple[np.ndarray, str]]:
    """Parts and what they are; a part is not cut where no list comes of it."""
    kind = _kind(group, customers, crowd)
    if kind == "list" or depth == 0:
        return [(customers, kind)]
    halves = _cut(group, customers)
    if min(half.size for half in halves) < ACCOUNTS_MIN:
        return [(customers, kind)]
    leaves = [leaf for half in halves for leaf in _leaves(group, half, crowd, depth - 1)]
    return leaves if any(name == "list" for _, name in leaves) else [(customers, kind)]


def _cut(group: Group, customers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two parts by content; accounts without a vector stay with the first, the larger one."""
    _, means = _means(group, _rows(group, customers, CUTTING))
    if means.shape[0] < 2 * ACCOUNTS_MIN:
        return customers, customers[:0]
    away = means - means.mean(axis=0)
    side = away @ np.linalg.svd(away, full_matrices=False)[2][0] > 0.0
    if side.all() or not side.any():
        return customers, customers[:0]
    centres, _ = kmeans2(
        means, np.stack([means[~side].mean(axis=0), means[side].mean(axis=0)]), minit="matrix"
    )
    everyone, means = _means(group, _rows(group, customers, None))
    near = np.square(means[:, None] - centres).sum(axis=2).argmin(axis=1)
    second = everyone[near != np.bincount(near, minlength=2).argmax()]
    return np.setdiff1d(customers, second), second


def _kind(group: Group, customers: np.ndarray, crowd: list[np.ndarray]) -> str:
    """What the customers are by the half that did not cut them: "list", "people" or "" (cannot tell)."""
    mine = some(group, sets(group.events, _rows(group, customers, TELLING)))
    if len(mine) < ACCOUNTS_MIN or len(crowd) < 2 * ACCOUNTS_MIN:
        return ""
    f = ratio(group.events, mine)
    null = of_crowds(group, mine, crowd, ratio, 17)
    if not np.isfinite(f) or np.isnan(null).mean() > 0.2:
        return ""
    way = float(np.nanmedian(null)) - 1.0
    if (1 + np.count_nonzero(~(null > f))) / (null.size + 1) <= TOLD_P and f - 1.0 <= NEAR * way:
        return "list"
    alike = (1 + np.count_nonzero(null <= f)) / (null.size + 1) > LIKE_P and f - 1.0 > APART * way
    return "people" if alike and dealt_p(group, mine, f) <= TOLD_P and _own_inside(group, customers) else ""


def _own_inside(group: Group, customers: np.ndarray) -> bool:
    """Whether accounts have content of their own inside topics and languages too; a list cut by them has not."""
    rows = _rows(group, customers, None)
    held = some(group, by_hash(group.events, rows, shards.EVENTS_MIN, SHARD_EVENTS_MAX))
    if len(held) < 2 * shards.SHARD_ACCOUNTS:
        return False
    cut = shards.Shards(group.events.vectors, held)
    return bool(np.isfinite(cut.ratio()) and cut.dealt_p(DEALS, group.obs.seed + len(held)) <= TOLD_P)


def _rows(group: Group, customers: np.ndarray, half: int | None) -> np.ndarray:
    """Judged rows of the customers, of one half of the events or of both, that have a vector."""
    records, rows = group.events, group.judged
    wanted = np.isin(records.customer[rows], customers) & np.any(records.vectors[rows] != 0, axis=1)
    if half is not None:
        wanted &= records.fold[rows] == half
    return rows[wanted]


def _means(group: Group, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(customers i64[n], mean vector of each f64[n, dim])."""
    customers, who, counts = np.unique(group.events.customer[rows], return_inverse=True, return_counts=True)
    total = np.zeros((customers.size, group.events.vectors.shape[1]))
    np.add.at(total, who, group.events.vectors[rows])
    return customers, total / np.maximum(counts, 1)[:, None]
