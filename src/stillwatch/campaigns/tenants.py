"""Tenants of one pool: accounts that write as people of their own do, beside a list that is dealt out over the others.

A broker rents accounts of one pool, with its payers, exits and client, to whoever pays: to a laboratory and to students.
What such accounts share says nothing of the tenants, so a group by means is cut in two by content, and its parts again,
DEPTH times at most, while a list comes of it: 2-means on the mean vectors of accounts, with centres from one half of the
events (begun from the sides of their principal direction; Ding & He 2004, ICML), accounts then placed by all of theirs.
What a part is, F of the other half of the events says (campaigns.content), which had no say in the centres:
- a **list**: F is smaller than among independent customers (p <= TOLD_P), within NEAR of the way from 1 to their median,
  and if the group's order or even volumes show a hand that deals, so do the part's;
- **people**: F is as large as among them (p > LIKE_P, and more than APART of that way), and two permutation tests
  (p <= TOLD_P) exclude that any account could have sent any prompt, in the whole part and inside topics (stats.shards).
Where SHARE_MIN of the accounts stand on lists and people beside them, only who is on a list is named. Not named, then, are
parts that are neither; accounts whose content is not what their list deals (their mean lies further from the list's than
if its prompts were dealt out again over the same accounts: ODD_DRAWS permutations, p <= ODD_P, so that one in a hundred
that is on the list is not named either); and those that sent another number, where SAME_MIN of the list's accounts sent
the same number, give or take one. Cover of each account's own makes parts that are neither, and where no list or no people
are told, all are named; fewer than eight people with four requests each never are told.

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
from stillwatch.stats.permutation import permutation_p

DEPTH, SHARD_EVENTS_MAX = 3, 12
ODD_P, ODD_DRAWS, ODD_MAX, SAME_MIN = 0.01, 199, 0.2, 0.8
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
    listed = group.narrowed(group.customers[~own])
    return replace(listed, chosen_by_content=True), group.narrowed(group.customers[own])


def people(group: Group) -> np.ndarray:
    """bool over `group.customers`: who is on no list, where people stand beside one."""
    none = np.zeros(group.customers.size, np.bool_)
    crowd = sets(group.obs.crowd, np.flatnonzero(group.obs.crowd.fold == TELLING))
    leaves = _leaves(group, group.customers, crowd, DEPTH)
    lists = [customers for customers, kind in leaves if kind == "list"]
    beside = any(kind == "people" for _, kind in leaves)
    if not beside or sum(customers.size for customers in lists) < SHARE_MIN * none.size:
        return none
    out = ~none
    for customers in lists:
        mine = ~_odd(group, customers) & ~_sent_another_number(group, customers)
        out[np.searchsorted(group.customers, customers[mine])] = False
    return out


def _odd(group: Group, customers: np.ndarray) -> np.ndarray:
    """bool over the customers: whose content is not what all of them send."""
    rows = _rows(group, customers, None)
    if not rows.size:
        return np.zeros(customers.size, np.bool_)
    x = group.events.vectors[rows].astype(np.float64)
    x -= x.mean(axis=0)
    owners, who, counts = np.unique(group.events.customer[rows], return_inverse=True, return_counts=True)
    first, order = np.cumsum(counts) - counts, np.argsort(who, kind="stable")

    def away(dealt: np.ndarray) -> np.ndarray:
        return np.square(np.add.reduceat(x[dealt], first)).sum(axis=1) / counts

    rng = np.random.default_rng([group.obs.seed, 19, rows.size])
    p = permutation_p(away(order), np.array([away(rng.permutation(rows.size)) for _ in range(ODD_DRAWS)]))
    return np.isin(customers, owners[p <= ODD_P])


def _sent_another_number(group: Group, customers: np.ndarray) -> np.ndarray:
    """bool over the customers: who sent another number than nearly all of them did, give or take one."""
    sent, _ = group.volumes
    sent = sent[np.searchsorted(group.customers, customers)]
    another = np.abs(sent - np.median(sent)) > 1.0
    same = np.count_nonzero(~another) >= SAME_MIN * another.size
    return another if same else np.zeros_like(another)


def _leaves(
    group: Group, customers: np.ndarray, crowd: list[np.ndarray], depth: int
) -> list[tuple[np.ndarray, str]]:
    """Parts and what they are; a part is not cut where no list comes of it."""
    kind = _kind(group, customers, crowd)
    if kind == "list":
        return [(customers, kind)]
    halves = _cut(group, customers) if depth else (customers, customers[:0])
    if min(half.size for half in halves) >= ACCOUNTS_MIN:
        leaves = [leaf for half in halves for leaf in _leaves(group, half, crowd, depth - 1)]
        if any(name == "list" for _, name in leaves):
            return leaves
    if kind or depth == DEPTH:  # the whole is no part: without people beside it nobody is taken out
        return [(customers, kind)]
    # A few people among many accounts of a list hide it, and are too few to be a part.
    odd = _odd(group, customers)
    if 0.0 < odd.mean() <= ODD_MAX and _kind(group, customers[~odd], crowd) == "list":
        return [(customers[~odd], "list"), (customers[odd], "")]
    return [(customers, "")]


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
    mine = some(sets(group.events, _rows(group, customers, TELLING)), group.obs.seed)
    if len(mine) < ACCOUNTS_MIN or len(crowd) < 2 * ACCOUNTS_MIN:
        return ""
    f = ratio(group.events, mine)
    null = of_crowds(group.obs.crowd, mine, crowd, ratio, (group.obs.seed, 17))
    if not np.isfinite(f) or np.isnan(null).mean() > 0.2:
        return ""
    way = float(np.nanmedian(null)) - 1.0
    if (1 + np.count_nonzero(~(null > f))) / (null.size + 1) <= TOLD_P and f - 1.0 <= NEAR * way:
        return "list" if _dealt_alike(group, customers) else ""
    alike = (1 + np.count_nonzero(null <= f)) / (null.size + 1) > LIKE_P and f - 1.0 > APART * way
    told = alike and dealt_p(group.events, mine, f, group.obs.seed) <= TOLD_P
    return "people" if told and _own_inside(group, customers) else ""


def _dealt_alike(group: Group, customers: np.ndarray) -> bool:
    """Whether the order or the even volumes that show who deals in the group do so among these customers. People cut by
    their topics have little content of their own left, and look like a list."""
    whole = group.dealing
    if customers.size == group.customers.size or not (whole.evenly or whole.ordered):
        return True
    part = group.narrowed(customers).dealing
    return part.evenly or part.ordered


def _own_inside(group: Group, customers: np.ndarray) -> bool:
    """Whether accounts have content of their own inside topics and languages too; a list cut by them has not."""
    rows = _rows(group, customers, None)
    held = some(by_hash(group.events, rows, shards.EVENTS_MIN, SHARD_EVENTS_MAX), group.obs.seed)
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
