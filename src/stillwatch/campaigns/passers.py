"""Who merely used a campaign's wording: accounts that share no means with it and send it seldom, or beside much else.

A prompt is copied: from a forum, a colleague, a leaked list. Membership is a test against the reference, in which nobody
holds a new text, so that one copy among hundreds of requests is as strange as a harvest (campaigns.membership). What
tells the two apart is how they compare with the group itself.

Two accounts are akin if their linked events hold the same key of another family (client, network, payer, sign-up,
settings, model): one that more than MATES accounts of the group hold, and that is LIFT times as common in the group as
among everybody else, now and in the reference period, or held by nobody else. *Kin* of the group are those of the
largest set of accounts connected so, and of sets at least HALF as large: a class behind one network is akin, and no part
of a pool. The kin give the typical share of linked events and the typical number. An account that is no kin passes by if
it sends at most HALF of that share, or at most FEW linked events, or FEW_SHARE of the typical number, where at least twice
as many are typical. It is no test: nothing is claimed of who is left out. Where fewer than half of the accounts are kin,
nobody is told apart.

Who is left was chosen for sharing means, and those who are no kin for sending much. Kin were not chosen by what they send
nor by its order: what is said of volumes, turns and contents of the kin alone (`kin_alone`) owes nothing to the choice.

Misses: a passer-by who holds settings of the pool by chance (fewer than 1 / LIFT of people do); who sends little else,
more than a few times; and everybody, where more pass by than belong.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.components import components
from stillwatch.campaigns.group import Group

HALF, LIFT, MATES, FEW, FEW_SHARE = 0.5, 20.0, 2, 2, 0.05
"""Attackers' accounts in the range are kin nearly all, and have one share or nearly."""


def kin(group: Group) -> np.ndarray:
    """bool[customers]: who is connected to the group by means, in linked events."""
    records, obs, size = group.events, group.obs, group.customers.size
    keys = records.attributes[group.linked]
    names, name = np.unique(keys.ravel(), return_inverse=True)
    who = np.repeat(np.searchsorted(group.customers, records.customer[group.linked]), keys.shape[1])
    held = np.unique(name.astype(np.int64) * size + who)
    name, who = held // size, held % size
    count = np.bincount(name, minlength=names.size)
    now, before = obs.rates.of(names)
    others = np.maximum(now - count, 0)
    rate = np.maximum(
        (others + 0.5) / (max(0, obs.current_units - size) + 1), (before + 0.5) / (obs.reference_units + 1)
    )
    common = (count - 1) / max(1, size - 1) >= LIFT * rate
    lifted = (common | ((others == 0) & (before == 0))) & (count > MATES) & (names != 0)
    edges = lifted[name]
    label = components(who[edges], size + name[edges], size + names.size)[:size]
    related = np.bincount(label)
    akin = np.zeros(size, np.bool_)
    akin[who[edges]] = True
    return akin & (related[label] >= HALF * related[label][akin].max(initial=0))


def without_passers(group: Group) -> tuple[Group, Group] | None:
    """(the group without accounts that pass by, those accounts); None where there are none, for a lone account and
    for a group by means."""
    if group.lone_p is not None or group.by_means:
        return None
    near = kin(group)
    if near.all() or 2 * np.count_nonzero(near) < near.size:
        return None
    owner, everyone = group.events.customer, group.obs.customers
    number = np.bincount(owner[group.linked], minlength=everyone)[group.customers]
    share = number / np.maximum(1, np.bincount(owner, minlength=everyone)[group.customers])
    beside = share <= HALF * np.median(share[near])
    typical = float(np.median(number[near]))
    few = (number <= max(FEW, FEW_SHARE * typical)) & (number <= HALF * typical)
    passing = ~near & (beside | few)
    if not passing.any():
        return None
    return group.narrowed(group.customers[~passing]), group.narrowed(group.customers[passing])


def kin_alone(group: Group) -> Group:
    """The group without anybody who is no kin of it."""
    return group.narrowed(group.customers[kin(group)])
