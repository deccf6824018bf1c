"""Content of accounts: F of their vectors, and the same of crowds of independent customers of the same sizes.

F = between-account over within-account mean square (stats.dispersion): about 1 where any account could have sent any
prompt, well above 1 for people with habits. It grows with the events of an account, so customers of the crowd are taken with
as many as accounts of the group, or all of theirs where they have fewer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stillwatch.campaigns.observation import Records
from stillwatch.stats.dispersion import variance_ratio, variance_ratio_null

EVENTS_MAX, ACCOUNTS_MAX, DRAWS, DEALS = 6, 120, 199, 999
OWN_P = 0.005
"""P at which contents are each account's own, if its prompts were dealt out."""


def sets(records: Records, rows: np.ndarray, least: int = 2, most: int = EVENTS_MAX) -> list[np.ndarray]:
    """Rows of each customer with at least `least` events that have a vector, at most `most` each, the earliest."""
    return [part[:most] for part in _of_each(records, rows) if part.size >= least]


def by_hash(records: Records, rows: np.ndarray, least: int, most: int) -> list[np.ndarray]:
    """The same in the order of the event hash, which says nothing of time or content."""
    hashes = records.event_hash
    parts = [part[np.argsort(hashes[part])] for part in _of_each(records, rows) if part.size >= least]
    return [part[:most] for part in parts]


def some(held: list[np.ndarray], seed: int) -> list[np.ndarray]:
    """At most ACCOUNTS_MAX of the accounts of the group, by chance: the order of their ids may say whose they are."""
    if len(held) <= ACCOUNTS_MAX:
        return held
    drawn = np.random.default_rng([seed, len(held)]).choice(len(held), ACCOUNTS_MAX, replace=False)
    return [held[i] for i in np.sort(drawn)]


def _of_each(records: Records, rows: np.ndarray) -> list[np.ndarray]:
    rows = rows[np.any(records.vectors[rows] != 0, axis=1)]
    return np.split(rows, np.flatnonzero(np.diff(records.customer[rows])) + 1)


def dealt_p(records: Records, mine: list[np.ndarray], f: float, seed: int) -> float:
    """P(F* >= F) when the prompts of these customers are dealt out again over them."""
    rows = np.concatenate(mine)
    null = variance_ratio_null(records.vectors[rows], records.customer[rows], DEALS, seed=seed + rows.size)
    return (1 + int(np.count_nonzero(null >= f))) / (DEALS + 1)


def ratio(records: Records, held: list[np.ndarray]) -> float:
    """F of sets of rows, one a customer."""
    rows = np.concatenate(held)
    return float(variance_ratio(records.vectors[rows], records.customer[rows]))


def of_crowds(
    records: Records,
    mine: list[np.ndarray],
    crowd: list[np.ndarray],
    statistic: Callable[[Records, list[np.ndarray]], float],
    seed: tuple[int, int],
) -> np.ndarray:
    """f64[DRAWS]: the statistic of as many customers of the crowd, each with at most as many events as one of the group's; of at most
    half of the crowd, since draws of all of it are all the same and say nothing of how crowds differ."""
    rng = np.random.default_rng([*seed, len(mine)])
    sizes = np.array([rows.size for rows in mine])
    out = np.empty(DRAWS)
    for i in range(DRAWS):
        picked = rng.choice(len(crowd), min(sizes.size, len(crowd) // 2), replace=False)
        drawn = zip(picked.tolist(), rng.permutation(sizes).tolist(), strict=False)
        out[i] = statistic(records, [crowd[j][:n] for j, n in drawn])
    return out
