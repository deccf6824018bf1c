"""Who merely used a campaign's wording: accounts that share no means with it and send it beside much else.

A prompt is copied: from a forum, a colleague, a leaked list. Membership is a test against the reference, in which nobody
holds a new text, so that one copy among hundreds of requests is as strange as a harvest (campaigns.membership). What tells
the two apart is how they compare with the group itself. An account is *kin* if one of its linked events holds a key of
another family (client, network, payer, sign-up, settings, topic) that at least MATES other accounts of the group hold
in theirs, LIFT times as large a share of the group as of everybody else, in the current or the reference period. The kin
give the typical share of linked events and the typical number; an account that is no kin belongs if it sends more than
half of that share and at least half of that number. It is no test: nothing is claimed of who is left out. Where fewer than
half of the accounts are kin, nobody is told apart.

Misses: a passer-by who holds settings of the pool by chance (fewer than 1 / LIFT of people do), and who sends little else.
"""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.group import Group

HALF, LIFT, MATES = 0.5, 20.0, 2
"""Attackers' accounts in the range are kin nearly all, and have one share or nearly."""


def kin(group: Group) -> np.ndarray:
    """bool[customers]: who shares means with the group, in linked events."""
    records, obs = group.events, group.obs
    keys = records.attributes[group.linked]
    who = np.repeat(np.searchsorted(group.customers, records.customer[group.linked]), keys.shape[1])
    held = np.unique(np.stack([keys.ravel().astype(np.uint64), who.astype(np.uint64)]), axis=1)
    held = held[:, held[0] != 0]
    names, name, count = np.unique(held[0], return_inverse=True, return_counts=True)
    now, before = obs.rates.of(names)
    others = obs.current_units - group.customers.size
    rate = np.maximum(
        (np.maximum(now - count, 0) + 0.5) / (max(0, others) + 1), (before + 0.5) / (obs.reference_units + 1)
    )
    lifted = ((count - 1) / max(1, group.customers.size - 1) >= LIFT * rate) & (count > MATES)
    out = np.zeros(group.customers.size, np.bool_)
    out[held[1][lifted[name]].astype(np.int64)] = True
    return out


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
    little = (share <= HALF * np.median(share[near])) | (number < HALF * np.median(number[near]))
    passing = ~near & little
    if not passing.any():
        return None
    return group.narrowed(group.customers[~passing]), group.narrowed(group.customers[passing])
