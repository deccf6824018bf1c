"""Whom a group is compared with: customers of the crowd at the group's own moments, and as many of each stratum.

Labels of group and crowd may be permuted where both are draws from one population. The group acted at moments of its
own, though, and what a population uses changes from day to day: half of it moves to a new model in a week. So each
customer of the crowd speaks with the event nearest to a moment drawn from the group's, and only if that lies within
NEAR_US: times then match in distribution, and keys that follow the calendar match with them. One draw a customer:
drawing again until something is near would favour the times at which the crowd acts.

The crowd holds no burst key of content, and none of means that marks who is linked (engine.local): accounts that act together
must not stand among those whom they are compared with. What many customers hold now is no sign of that, such as a new
release of a client and the system prompt that it brings along. Under the null a group holds as much of it as everybody
does, so whoever bursts by nothing else is compared with as well.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.means import anchors
from stillwatch.campaigns.observation import Observation, Records
from stillwatch.features.families import CONTENT, family_of

NEAR_US = DAY_US
"""A day to either side holds every hour alike, so nobody is left out for the hours that they keep."""
FASHION_MIN, FASHION_CUSTOMERS = 0.02, 20
"""Share of the customers who hold a burst key of means, and their number, from which on it is a fashion."""
BROUGHT_MIN = 0.9
"""Share of the holders of a text in system prompts who hold one and the same fashion, from which on that brings it along."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Events of those who are compared with, one row each, as in `Records`."""

    customer: np.ndarray
    ts: np.ndarray
    event_hash: np.ndarray
    attributes: np.ndarray

    @property
    def rows(self) -> int:
        """Number of events."""
        return self.customer.size


def peers_of(obs: Observation, followers: np.ndarray) -> Records | Peers:
    """The crowd, and those events of suspects (rows, i64) who follow a fashion and no more."""
    if not followers.size:
        return obs.crowd
    parts = ((getattr(obs.crowd, f.name), getattr(obs.suspects, f.name)[followers]) for f in fields(Peers))
    return Peers(*(np.concatenate(part) for part in parts))


def followers_of_fashions(obs: Observation, customers: np.ndarray) -> np.ndarray:
    """Events (rows of the suspects, i64) of those who burst by fashions only: as large a share of them as the crowd is of
    the customers who are no suspects, none of `customers` among them."""
    telling = _telling(obs)
    if telling is None:
        return np.zeros(0, np.int64)
    suspect, wanted = np.zeros((2, obs.customers), np.bool_)
    suspect[obs.suspects.customer] = wanted[obs.suspects.customer] = True
    unit = obs.burst.unit[np.repeat(telling, np.diff(obs.burst.start))]
    wanted[unit[unit < obs.customers]] = False
    free = int(np.count_nonzero((obs.volume[: obs.customers] > 0) & ~suspect))
    share = np.unique(obs.crowd.customer).size / free if free else 1.0
    if share < 1.0:
        drawn = np.random.default_rng([obs.seed, obs.customers]).random(obs.customers)
        wanted &= drawn < share
    wanted[customers] = False
    return np.flatnonzero(wanted[obs.suspects.customer])


def _telling(obs: Observation) -> np.ndarray | None:
    """bool[k]: burst keys of content and means that are no fashion, nor brought along by one; None where there is no fashion."""
    burst = obs.burst
    means, content = anchors(burst, obs.current_units), np.isin(family_of(burst.key), CONTENT)
    many = burst.d >= max(FASHION_MIN * obs.current_units, FASHION_CUSTOMERS)
    fashions = [_holders(obs, key) for key in np.flatnonzero(means & many).tolist()]
    if not fashions:
        return None
    in_user = np.zeros(burst.key.size, np.bool_)
    in_user[obs.suspects.hit_key[~obs.suspects.hit_system]] = True
    known: dict[bytes, bool] = {}
    brought = np.zeros(burst.key.size, np.bool_)
    for key in np.flatnonzero(content & many & ~in_user).tolist():
        holders = _holders(obs, key)
        mark = holders.tobytes()  # the spans of one text
        if mark not in known:
            known[mark] = any(np.isin(holders, some).mean() >= BROUGHT_MIN for some in fashions)
        brought[key] = known[mark]
    return (content & ~brought) | (means & ~many)


def _holders(obs: Observation, key: int) -> np.ndarray:
    """Customers who hold a burst key now, i64."""
    unit = obs.burst.unit[obs.burst.start[key] : obs.burst.start[key + 1]]
    return np.unique(unit[unit < obs.customers])


def contemporaries(crowd: Records | Peers, moments: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of the crowd, at most one a customer, i64: those nearest to moments drawn from `moments` (i64, us).

    Ties are broken by event hash; customers without an event within NEAR_US of their moment are left out.
    """
    if crowd.rows == 0 or moments.size == 0:
        return np.zeros(0, np.int64)
    people, person, events = np.unique(crowd.customer, return_inverse=True, return_counts=True)
    apart = np.abs(crowd.ts - rng.choice(moments, people.size)[person])
    order = np.lexsort((crowd.event_hash, apart, crowd.customer))
    nearest = order[np.cumsum(events) - events]
    return nearest[apart[nearest] <= NEAR_US]


def comparable(
    inside: np.ndarray, outside: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places of the group's that are compared, sorted; their strata; strata of the crowd).

    inside i64[group], outside i64[crowd]: strata. No stratum takes more of the group than the crowd has there: the
    rest, drawn at random, is left out. Where that would leave out over half of what could be compared, group and
    crowd are one stratum instead.
    """
    rooms = np.bincount(outside, minlength=int(max(inside.max(initial=0), outside.max(initial=0))) + 1)
    kept = _some(inside, rooms, rng)
    if 2 * kept.size >= min(inside.size, outside.size):
        return kept, inside[kept], outside
    kept = _some(np.zeros_like(inside), np.array([outside.size]), rng)
    return kept, np.zeros(kept.size, np.int64), np.zeros(outside.size, np.int64)


def _some(strata: np.ndarray, rooms: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Places, sorted, of at most rooms[s] of each stratum s, drawn without replacement."""
    shuffled = rng.permutation(strata.size)
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    counts = np.bincount(strata, minlength=rooms.size)
    rank = np.arange(strata.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(order[rank < rooms[strata[order]]])
