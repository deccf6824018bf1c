"""Who moved to a new model within a day of its release, in a group and in the population around it.

New is a model used at most a twentieth as often before, per customer, as now; of several, the one that most customers use
now, whether the group is among them or not. The release is its first use in the events at hand: all of the group and
a bounded sample of others.
Eligible are customers with an event before the release and one in the DAY_US after it; those moved who used the model
within that time. Unit: customer; strata: events in that day (whoever asks more often has more occasions). Null: given
how many customers of a stratum moved, the group's are a random draw; p = P(as many of the group or more), the exact
conditional Cochran-Mantel-Haenszel test (Mehta, Patel & Gray 1985, JASA 80:969). A launch that moves everybody moves
both sides of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.linking import DAY_US
from stillwatch.campaigns.observation import Observation, Records
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.stats.hypergeometric import stratified_tail

OTHERS_MIN = 30
RARER = 20
OCCASIONS = np.array([2, 3, 5, 9])
"""Edges of the strata: events in the day after the release."""
_MODEL = [name for name, _ in ATTRIBUTES].index("model")


@dataclass(frozen=True, slots=True)
class Side:
    """Eligible customers i64[c]: stratum; whether they moved bool[c]; lag f64[c], us from the release to the first use
    ever seen, infinite where there is none."""

    stratum: np.ndarray
    moved: np.ndarray
    lag: np.ndarray

    @property
    def half_us(self) -> float:
        """Median lag of those who used the model at all; nan where nobody did."""
        used = self.lag[np.isfinite(self.lag)]
        return float(np.median(used)) if used.size else float("nan")


@dataclass(frozen=True, slots=True)
class Pivot:
    """The group's side and the population's; p that as many of the group moved as did, or more; p_least: the smallest p
    that so many customers could have given."""

    group: Side
    others: Side
    p: float
    p_least: float


def pivot(group: Group) -> Pivot | None:
    """None where no model is new, or too few of either side were there before and after its release."""
    obs = group.obs
    rows = np.flatnonzero(np.isin(group.events.customer, group.customers))
    if not _new_models(obs, group.events.attributes[rows, _MODEL]).size:
        return None  # the usual case, without a look at everybody
    model = _commonest_new(obs)
    released = min(_first(group.events, model), _first(obs.crowd, model))
    mine = side(group.events, rows, model, released)
    others = side(obs.crowd, np.arange(obs.crowd.rows), model, released)
    if mine.moved.size < ACCOUNTS_MIN or others.moved.size < OTHERS_MIN:
        return None
    return Pivot(mine, others, *shifted_p(mine, others))


def side(records: Records, rows: np.ndarray, model: np.uint64, released: int) -> Side:
    """The eligible customers among `rows` of the records, in order of their numbers."""
    ts, new = records.ts[rows], records.attributes[rows, _MODEL] == model
    people, person = np.unique(records.customer[rows], return_inverse=True)
    after = (ts >= released) & (ts < released + DAY_US)
    before, occasions, moved = (
        np.bincount(person[chosen], minlength=people.size) for chosen in (ts < released, after, after & new)
    )
    lag = np.full(people.size, np.inf)
    np.minimum.at(lag, person[new], (ts[new] - released).astype(np.float64))
    eligible = (before > 0) & (occasions > 0)
    strata = np.searchsorted(OCCASIONS, occasions[eligible], side="right")
    return Side(strata, moved[eligible] > 0, lag[eligible])


def shifted_p(mine: Side, others: Side) -> tuple[float, float]:
    """(P(as many of `mine` moved, or more), given how many of each stratum moved; the smallest that it can be)."""
    counted = [
        np.bincount(stratum, minlength=OCCASIONS.size + 1)
        for s in (mine, others)
        for stratum in (s.stratum[s.moved], s.stratum)
    ]
    d, n, r, n_others = (c.astype(np.int64) for c in counted)
    most = np.minimum(n, d + r)
    moved = np.stack([d, most]).astype(np.uint32)
    p = stratified_tail(moved, (d + r).astype(np.uint32) - moved, n, n_others)
    return float(p[0]), float(p[1])


def _new_models(obs: Observation, used: np.ndarray) -> np.ndarray:
    """Those of the models `used` u64[*] (0 = not said) that are new, distinct, ascending."""
    models = np.unique(used[used != 0])
    now, before = obs.rates.of(models)
    new = before * RARER * max(1, obs.current_units) <= now * max(1, obs.reference_units)
    return models[new & (obs.reference_units > 0)]


def _commonest_new(obs: Observation) -> np.uint64:
    """Of the new models that anybody uses, of which there must be one, that of most customers now."""
    models = _new_models(obs, np.concatenate([r.attributes[:, _MODEL] for r in (obs.suspects, obs.crowd)]))
    return np.uint64(models[np.argmax(obs.rates.of(models)[0])])


def _first(records: Records, model: np.uint64) -> int:
    ts = records.ts[records.attributes[:, _MODEL] == model]
    return int(ts.min()) if ts.size else int(np.iinfo(np.int64).max)
