"""Which accounts belong: conformal p-values of each customer's share of a group's keys, BH over all customers.

Score: bits of the group's keys a unit holds, strongest key plus the log count of the others. Calibration: every
reference unit scored on the same keys (Mondrian classes = strata, pooled where a class is too small; Vovk,
Gammerman & Shafer 2005). Null: the customer is exchangeable with the reference units of its class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.groups import Group
from stillwatch.campaigns.linking import content_bits


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


def membership(group: Group) -> Membership:
    """Conformal membership of the group's customers; a lone account's p is that of its group."""
    obs = group.obs
    if group.lone_p is not None:
        p = np.array([group.lone_p])
        return Membership(group.customers, p, p, np.ones(1), group.lone_p)
    score = scores(group)
    active = obs.volume > 0
    active[: obs.customers] = False
    calibration, classes = score[active], obs.stratum[active]
    p, mine = np.ones(group.customers.size), obs.stratum[group.customers]
    for stratum in np.unique(mine):
        same = calibration[classes == stratum]
        chosen = np.sort(same if same.size >= max(200, obs.current_units) else calibration)
        below = np.searchsorted(chosen, score[group.customers[mine == stratum]], side="left")
        p[mine == stratum] = (1 + chosen.size - below) / (chosen.size + 1)
    order = np.argsort(p, kind="stable")
    ranked = p[order] * obs.current_units / np.arange(1, p.size + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    linked = np.bincount(obs.suspects.customer[group.rows], minlength=obs.customers)[group.customers]
    admitted = np.bincount(obs.suspects.customer, minlength=obs.customers)[group.customers]
    return Membership(group.customers, p, q, linked / np.maximum(admitted, 1), 1 / (calibration.size + 1))
