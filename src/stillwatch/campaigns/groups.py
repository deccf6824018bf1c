"""Groups: clusters of both folds joined, split, peeled, cut at a hand-over and begun where all are at work.

Cross-fitting: keys that linked in fold f select the events of fold 1 - f that are judged, so nothing is judged
on the events that formed it, and an account with one single event still counts in one of the folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.communities import dense_core, split
from stillwatch.campaigns.group import Group, hits
from stillwatch.campaigns.handover import hand_over
from stillwatch.campaigns.linking import Cluster, link, merge_folds
from stillwatch.campaigns.means import means_clusters
from stillwatch.campaigns.observation import Observation, Records, Stream
from stillwatch.campaigns.stages import BEGINNING, at_work
from stillwatch.campaigns.telling import telling

Folds = tuple[list[Cluster], list[Cluster]]
THIN_MAX = 0.5
"""Share of its accounts' events below which a text group says little of what they do."""
INSTRUCTED_MIN = 0.5
"""Share of its events with a shared text in which it stands in the system prompt only, from which on it is an application's."""


def groups(obs: Observation, fdr: float) -> list[Group]:
    """All groups of at least ACCOUNTS_MIN customers, largest first: by texts that tell who is in, and by system prompts;
    then by common means among who is left; then by texts that people send anyway among who is left by both; and wide pools,
    which hold accounts of text groups as well (service.settling says when they stand).

    Customers of a text group whose own p is above `fdr` are free to be grouped by their means: a few requests that chance
    worded alike must not take its accounts out of a pool.
    """
    folds = (link(obs, 0), link(obs, 1))
    found: list[Group] = []
    clusters = merge_folds(*folds)
    linked = np.full(obs.customers, -1)
    for place, cluster in reversed(list(enumerate(clusters))):
        linked[cluster.customers] = place
    deferred: list[tuple[Cluster, np.ndarray]] = []
    for place, cluster in enumerate(clusters):
        eligible, clear = (linked == place) | (linked < 0), telling(obs, cluster.keys)
        made = _holders(obs, clear, folds, eligible)
        found.extend(made)
        if clear.size < cluster.keys.size:
            rest = eligible & ~members_of(obs, made)
            # A system prompt makes its users those of one application, however many run it.
            instructed = [g for g in _holders(obs, cluster.keys, folds, rest) if _instructed(g)]
            found.extend(instructed)
            deferred.append((cluster, rest & ~members_of(obs, instructed)))
    free = ~members_of(obs, [g for g in found if g.p_value <= fdr])
    pools = [g for cluster in means_clusters(obs, free) for g in _by_means(obs, cluster)]
    free = ~members_of(obs, [g for g in pools if g.p_value <= fdr])
    for cluster, eligible in deferred:
        made = _holders(obs, cluster.keys, folds, eligible & free)
        free &= ~members_of(obs, made)
        found.extend(made)
    return sorted(
        [*found, *pools, *_wide(obs, found, fdr)], key=lambda g: (-g.customers.size, int(g.customers[0]))
    )


def _wide(obs: Observation, found: Sequence[Group], fdr: float) -> list[Group]:
    """Pools by means that take in accounts of text groups which link the smaller part of what their accounts send: such a
    text says who is related, and little of what they do."""
    worded = [g for g in found if g.p_value <= fdr]
    thin = members_of(obs, [g for g in worded if _linked_share(g) < THIN_MAX])
    if not thin.any():
        return []
    clusters = means_clusters(obs, thin | ~members_of(obs, worded))
    pools = [g for c in clusters if thin[c.customers].any() for g in _by_means(obs, c)]
    return [replace(g, wide=True) for g in pools if thin[g.customers].any()]


def _instructed(group: Group) -> bool:
    """Whether what its accounts share stands in the system prompt, mostly."""
    share = group.system_only
    return share is not None and share >= INSTRUCTED_MIN


def _linked_share(group: Group) -> float:
    """Linked events, those of a first try among them, over all that its accounts sent."""
    counts, _ = group.volumes
    tried = 0 if group.tried is None else group.tried.size
    return float((counts.sum() + tried) / max(1, group.obs.volume[group.customers].sum()))


def members_of(obs: Observation, found: Sequence[Group]) -> np.ndarray:
    """bool[customers]: those of any of the groups."""
    out = np.zeros(obs.customers, np.bool_)
    for group in found:
        out[group.customers] = True
    return out


def _holders(obs: Observation, keys: np.ndarray, folds: Folds, eligible: np.ndarray) -> list[Group]:
    """Groups of the customers who may join (`eligible`, bool[customers]) by which of the keys they hold."""
    event, key = hits(obs, keys)
    mine = eligible[obs.suspects.customer[event]]
    event, key = event[mine], key[mine]
    owner, ts = obs.suspects.customer[event], obs.suspects.ts[event]
    moment = _since(obs, keys, eligible)
    late = ts >= moment
    if not late.any():
        return []
    people, person = np.unique(owner[late], return_inverse=True)
    names, name = np.unique(key[late], return_inverse=True)
    incidence = sparse.csr_matrix((np.ones(person.size), (person, name)), (people.size, names.size))
    incidence.data[:] = 1
    made = []
    for part in split(incidence):
        core = part[dense_core(incidence[part])]
        if core.size >= ACCOUNTS_MIN:
            for pool in _pools(obs, event[late], people[core]):
                inside = np.isin(owner, pool)
                early = np.unique(owner[inside & (ts < moment)])
                since = moment if 2 * early.size <= pool.size else BEGINNING  # others tried, not these
                held = np.unique(key[inside & (ts >= since)])
                tried = np.unique(event[inside & (ts < since)])
                group = _group(obs, pool, held, since, folds)
                made.append(replace(group, tried=tried) if tried.size else group)
    return made


def _since(obs: Observation, keys: np.ndarray, mine: np.ndarray) -> int:
    """From when on the customers `mine` (bool[customers]) who hold the keys are at work (campaigns.stages)."""
    held: Records | Stream = obs.suspects if obs.stream is None else obs.stream
    if obs.stream is None:
        event, _ = hits(obs, keys)
    else:
        wanted = np.zeros(obs.burst.key.size, np.bool_)
        wanted[keys] = True
        event = obs.stream.hit_event[wanted[obs.stream.hit_key]]
    rows = np.unique(event[mine[held.customer[event]]])
    return at_work(held.customer[rows], held.ts[rows])


def _pools(obs: Observation, event: np.ndarray, customers: np.ndarray) -> list[np.ndarray]:
    """The customers, in two where one pool handed over to another; who spans the moment stays with the first."""
    rows = np.unique(event[np.isin(obs.suspects.customer[event], customers)])
    owner, ts = obs.suspects.customer[rows], obs.suspects.ts[rows]
    moment = hand_over(owner, ts)
    if moment is None:
        return [customers]
    early = np.isin(customers, owner[ts < moment])
    return [customers[early], customers[~early]]


def _group(obs: Observation, customers: np.ndarray, keys: np.ndarray, since: int, folds: Folds) -> Group:
    event, _ = hits(obs, keys)
    inside = np.isin(obs.suspects.customer[event], customers) & (obs.suspects.ts[event] >= since)
    rows = np.unique(event[inside])
    judged = []
    for fold in (0, 1):
        linked = [np.intersect1d(c.keys, keys) for c in folds[fold]]
        linked_keys = np.unique(np.concatenate(linked)) if linked else np.zeros(0, np.int64)
        other, _ = hits(obs, linked_keys)
        other = other[obs.suspects.fold[other] == 1 - fold]
        judged.append(np.intersect1d(other, rows))
    return Group(obs, customers, keys, rows, np.unique(np.concatenate(judged)), since=since)


def _by_means(obs: Observation, cluster: Cluster) -> list[Group]:
    """The groups of a cluster by means, all their events judged: means are facts of the account, not of the event.

    It stays whole where one key is held by half of it; otherwise it is cut as text clusters are.
    """
    event, key = hits(obs, cluster.keys)
    mine = np.isin(obs.suspects.customer[event], cluster.customers)
    event, key = event[mine], key[mine]
    people, person = np.unique(obs.suspects.customer[event], return_inverse=True)
    names, name = np.unique(key, return_inverse=True)
    incidence = sparse.csr_matrix((np.ones(event.size), (person, name)), (people.size, names.size))
    incidence.data[:] = 1
    held = np.asarray(incidence.sum(axis=0)).ravel()
    whole = 2 * held.max(initial=0) >= people.size
    made = []
    for part in [np.arange(people.size)] if whole else split(incidence):
        for pool in _pools(obs, event, people[part]) if part.size >= ACCOUNTS_MIN else []:
            keys = names[np.unique(incidence[np.searchsorted(people, pool)].indices)]
            rows = np.unique(event[np.isin(obs.suspects.customer[event], pool)])
            made.append(Group(obs, pool, keys, rows, rows, by_means=True))
    return made
