"""Which accounts belong: conformal p-values of each customer's share of a group's keys, BH over all customers.

Score: bits of the group's keys a unit holds, strongest key plus the log count of the others. Calibration: reference
units scored on the same keys (Mondrian classes; Vovk, Gammerman & Shafer 2005). Null: the customer is exchangeable
with the reference units of its class. A p among n units is at least 1 / (n + 1), so that a class of few can say
nothing, however strange a customer is. Classes are the strata if all strata that hold members are large enough for the
level asked for, else all units are one class: the false discovery rate counts all current customers, for which a p that
holds on the average of the strata is enough while their mix is that of the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillwatch.campaigns.burst import EARLIER_MIN
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.linking import content_bits
from stillwatch.campaigns.observation import Observation
from stillwatch.stats.conformal import resolution
from stillwatch.stats.multiplicity import bh_q_values

PEERS_MIN = 200
SPARE = 4
"""A stratum is enough if customers still stand out where SPARE - 1 of its units are as extreme."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Per customer of the group: p, q (BH among all current customers) and share of its events linked."""

    customers: np.ndarray
    p: np.ndarray
    q: np.ndarray
    share: np.ndarray
    floor: float


def scores(group: Group) -> np.ndarray:
    """f64[units]: max bits over the group's keys held plus log2 of how many; 0 where none is held."""
    obs = group.obs
    bits = content_bits(obs)
    best, held = np.zeros(obs.units), np.zeros(obs.units, np.int64)
    for key in group.keys:
        units = np.unique(obs.burst.unit[obs.burst.start[key] : obs.burst.start[key + 1]])
        best[units] = np.maximum(best[units], bits[key])
        held[units] += 1
    return np.where(held > 0, best + np.log2(np.maximum(held, 1)), 0.0)


def membership(group: Group, fdr: float) -> Membership:
    """Conformal membership of the group's customers, to be told at `fdr`; a lone account's p is that of its group."""
    obs = group.obs
    if group.lone_p is not None:
        p = np.array([group.lone_p])
        return Membership(group.customers, p, p, np.ones(1), group.lone_p)
    score = scores(group)
    active = _calibrating(obs, [group], [score])
    calibration = score[active]
    p = np.ones(group.customers.size)
    mine, theirs = classes(obs, active, obs.stratum[group.customers], fdr)
    for stratum in np.unique(mine):
        chosen = np.sort(score[active[theirs == stratum]])
        below = np.searchsorted(chosen, score[group.customers[mine == stratum]], side="left")
        p[mine == stratum] = (1 + chosen.size - below) / (chosen.size + 1)
    q = bh_q_values(p, obs.current_units)
    linked = np.bincount(obs.suspects.customer[group.linked], minlength=obs.customers)[group.customers]
    admitted = np.bincount(obs.suspects.customer, minlength=obs.customers)[group.customers]
    return Membership(group.customers, p, q, linked / np.maximum(admitted, 1), 1 / (calibration.size + 1))


def together(groups: Sequence[Group], members: Sequence[Membership], fdr: float) -> list[Membership]:
    """The same memberships with q over all of them, to be told at `fdr`: one hypothesis a customer, BH over all current
    customers.

    One list cut into eight small groups is one list: tested apart, each pays for every customer again, and a group
    of n accounts cannot say anything below customers / (n reference units). Null: the customer is exchangeable with
    the reference units of its class, whichever group claims it. Statistic: its p in its group, against the smallest
    p that each reference unit reaches in any group (min-p; Westfall & Young 1993), both as ranks
    in the bag of reference units and the customer, so that the new p is conformal again; a customer's rank in groups
    other than its own is left out, which makes it larger. Lone accounts keep theirs. p stays that of the group alone.
    """
    several = [i for i, group in enumerate(groups) if group.lone_p is None]
    out = list(members)
    if len(several) < 2:
        return out
    obs = groups[several[0]].obs
    every = [scores(groups[i]) for i in several]
    active = _calibrating(obs, [groups[i] for i in several], every)
    holds = np.zeros(active.size, np.bool_)
    for score in every:
        holds |= score[active] > 0
    owner = np.repeat(np.arange(len(several)), [members[i].customers.size for i in several])
    customer = np.concatenate([members[i].customers for i in several])
    people, person = np.unique(customer, return_inverse=True)
    p = np.ones(customer.size)
    kinds, peers = classes(obs, active, obs.stratum[people], fdr)
    kinds = kinds[person]
    for kind in np.unique(kinds):
        mine, others = kinds == kind, peers == kind
        theirs = np.stack([score[active[others & holds]] for score in every])
        own = np.array([every[g][c] for g, c in zip(owner[mine], customer[mine], strict=True)])
        p[mine] = min_p(own, owner[mine], theirs, int(np.count_nonzero(others)))
    least = np.ones(people.size)
    np.minimum.at(least, person, p)  # who stands in two groups is one hypothesis
    q = _q_of(p, np.sort(least), obs.current_units)
    for g, i in enumerate(several):
        out[i] = replace(members[i], q=q[owner == g])
    return out


def _q_of(p: np.ndarray, least: np.ndarray, m: int) -> np.ndarray:
    """Benjamini-Hochberg q f64[n] of each p, if the hypotheses have the p-values `least` (sorted, one a customer, none above its
    customer's) among `m`: the smallest level at which p is rejected, so that a customer's second group has a q of its own."""
    at = np.unique(p)
    level = m * at / np.searchsorted(least, at, side="right")
    level = np.minimum(1.0, np.minimum.accumulate(level[::-1])[::-1])
    return np.asarray(level[np.searchsorted(at, p)])


def min_p(own: np.ndarray, group: np.ndarray, theirs: np.ndarray, total: int) -> np.ndarray:
    """f64[n]: (1 + peers as extreme in this group, or in another as the customer is in this) / (total + 1).

    Args:
        own: f64[n], each customer's score in its group; without a key of it (0) its p is 1.
        group: i64[n], which row of `theirs` that is.
        theirs: f64[groups, m], scores of the peers that hold a key of any group.
        total: how many peers there are; the others score 0 everywhere.
    """
    rank = np.stack([_ranks(row, total) for row in theirs])
    p = np.ones(own.size)
    for g in np.unique(group):
        first = np.delete(rank, g, axis=0).min(axis=0, initial=total)
        for value in np.unique(own[(group == g) & (own > 0)]):
            here = theirs[g] >= value
            as_extreme = np.count_nonzero(here | (first <= 1 + np.count_nonzero(here)))
            p[(group == g) & (own == value)] = (1 + as_extreme) / (total + 1)
    return p


def _ranks(score: np.ndarray, total: int) -> np.ndarray:
    """i64[m]: how many of `total` units, of which the others score 0, score as much or more."""
    return np.where(score > 0, score.size - np.searchsorted(np.sort(score), score, side="left"), total)


def _calibrating(obs: Observation, groups: Sequence[Group], every: Sequence[np.ndarray]) -> np.ndarray:
    """i64[n]: active reference units, but for those in which customers of these groups had just begun, and of accounts that
    were used up.

    A campaign seldom begins on the day on which the reference ends. Who takes up a group's keys in the last slice of the
    reference and is in the group now is no peer to compare the group with: the slice is a part of what is asked about.
    Who held a key before that, or is a customer still and holds none now, stays: habits of long standing, and fashions that
    pass. Where a key of any of the groups rose in that slice (burst.since), accounts that came in it and are gone now are left
    out, whatever they hold: the predecessors of accounts that live for days are among them. It says that customers now are
    exchangeable with the others; a fashion among accounts that all come and go so fast has no peers left to protect it.
    """
    active = obs.customers + np.flatnonzero(obs.volume[obs.customers :] > 0)
    place, customer = np.divmod(active, obs.customers)
    last = place == 1
    if np.count_nonzero(~last) < EARLIER_MIN * np.count_nonzero(last):
        return active  # too little is known of before to say what is new
    begun = np.zeros(active.size, np.bool_)
    if obs.burst.begun is not None and any(obs.burst.begun[group.keys].any() for group in groups):
        passing = obs.volume[: obs.customers] == 0
        passing[customer[~last]] = False
        begun = last & passing[customer]
    for group, score in zip(groups, every, strict=True):
        holds = score[active] > 0
        late = np.zeros(obs.customers, np.bool_)
        late[group.customers] = True
        late[customer[holds & ~last]] = False
        begun |= holds & late[customer]
    return active[~begun]


def classes(
    obs: Observation, active: np.ndarray, strata: np.ndarray, fdr: float
) -> tuple[np.ndarray, np.ndarray]:
    """(class of each customer, whose stratum is given; class of each unit of `active`): strata, or one class for all.

    Benjamini-Hochberg at `fdr` names R customers at the floor of a class of n units if n + 1 >= m / (fdr R), m being all
    current units; a stratum is enough if it holds SPARE times that, and PEERS_MIN.
    """
    needed = resolution(0, obs.current_units, fdr, max(1, strata.size)).n_needed
    held = np.bincount(obs.stratum[active], minlength=int(strata.max(initial=0)) + 1)[strata]
    if held.min() >= max(PEERS_MIN, SPARE * (needed + 1) - 1):
        return strata, obs.stratum[active]
    return np.zeros_like(strata), np.zeros(active.size, np.int64)
