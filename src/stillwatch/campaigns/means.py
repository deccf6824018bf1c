"""Groups by common means: accounts that newly share a payer, a sign-up sitting or a client, whatever they write.

A text that is worded anew in every request, cut by topic or spread over languages leaves no text key that enough
accounts share, but the pool behind it was still got and run by somebody. Anchors are burst keys of the families
ANCHORS (campaigns.burst: exact test, Benjamini-Hochberg over all keys) that at most SHARE_MAX of the customers use:
what most of the population moved to is fashion. Customers that the caller leaves free (campaigns.groups) and
anchors connect are one cluster. Sharing means is one claim only; a group must show common control a second way
(`groups.Group.p_link`), and what it wrote decides what it is: companies, classes and resold accounts share means as well.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.linking import Cluster
from stillwatch.campaigns.observation import BurstKeys, Observation
from stillwatch.features.families import Family, family_of

ANCHORS = (Family.IDENTITY, Family.PROTOCOL)
SHARE_MAX = 0.5


def anchors(burst: BurstKeys, current_units: int) -> np.ndarray:
    """bool[k]: burst keys of means that only a part of the customers shares."""
    return np.isin(family_of(burst.key), ANCHORS) & (burst.d <= SHARE_MAX * current_units)


def means_clusters(obs: Observation, free: np.ndarray) -> list[Cluster]:
    """Connected customers among `free` (bool[customers]), at least ACCOUNTS_MIN each, largest first."""
    key = np.repeat(np.arange(obs.burst.key.size), np.diff(obs.burst.start))
    chosen = anchors(obs.burst, obs.current_units)[key] & (obs.burst.unit < obs.customers)
    key, customer = key[chosen], obs.burst.unit[chosen]
    key, customer = key[free[customer]], customer[free[customer]]
    if not key.size:
        return []
    names, name = np.unique(key, return_inverse=True)
    people, person = np.unique(customer, return_inverse=True)
    size = people.size + names.size
    edges = sparse.coo_matrix((np.ones(key.size, np.int8), (person, people.size + name)), (size, size))
    _, label = connected_components(edges, directed=False)
    found = []
    for mark in np.unique(label[: people.size]):
        customers = people[label[: people.size] == mark]
        if customers.size >= ACCOUNTS_MIN:
            found.append(Cluster(customers, names[label[people.size :] == mark]))
    return sorted(found, key=lambda c: (-c.customers.size, int(c.customers[0])))
