"""The accounts take turns in time, or each has sessions of its own.

## What it detects
A balancer that deals requests out over a pool, against people and jobs that come and go by themselves.
## Statistic
How soon an account comes again in the stream of linked events (stats.turns): p that turns are as regular, or sessions
as marked, if events were dealt to accounts without regard to time (199 permutations inside blocks, 1,999 where turns
look regular). Several lists that go round in step look like sessions over all events; so turns are also looked for in
the events of each shared text (stats.turns.turns_in_streams), p being twice the smaller. Bits from the regular side:
honest accounts keep sessions. Sessions count from RATIO_MIN times what dealing gives, and only where the volumes are as
uneven as those of accounts that act for themselves (stats.dispersion).
## False positives
A scheduler that starts one customer's jobs one after another takes turns too: it is one operator. People under a quota
that all of them use up have even volumes, and their sessions are then not held for them.
## Evasions
A random balancer (nothing is said), sticky sessions for each account (looks like people, costs throughput).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.groups import Group, content_keys
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.dispersion import underdispersion_p
from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.turns import Turns, turns, turns_in_streams

DRAWS, FURTHER, ACCOUNTS_MAX, EVENTS_MIN, EVENTS_MAX = 199, 1_800, 400, 30, 8_000
FURTHER_OF_TWO = 2 * FURTHER + DRAWS + 1
"""Two tests, twice the smaller p: twice as many permutations resolve the same p."""
P_TURNS, P_SESSIONS, RATIO_MIN = 0.001, 0.01, 1.5
"""Turns speak against people, so they need ten times the evidence that sessions need, which speak for them."""
BITS_MAX = 5.0
REGULAR = {
    "extraction": 4.0,
    "relay": 3.0,
    "batch": 1.0,
    "application": -2.0,
    "reseller": -2.0,
    "classroom": -1.0,
}
SESSIONS = {
    "application": 2.0,
    "classroom": 1.0,
    "reseller": 1.0,
    "batch": 1.0,
    "research": 1.0,
    "extraction": -3.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaking:
    """Judges the order in which accounts act."""

    id: ClassVar[str] = "turn_taking"
    title: ClassVar[str] = "The accounts take turns"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    events_min: int = EVENTS_MIN

    def judge(self, group: Group) -> Judgement | None:
        """None with too few linked events, or where hardly an account has two."""
        found = taken(group, self.events_min)
        if found is None:
            return None
        bits = min(BITS_MAX, float(mixture_bits(np.log(found.p_regular))))
        dealt = found.p_regular <= P_TURNS
        counts, _ = group.volumes
        # Events that come in bunches make the volumes of accounts that act for themselves uneven (compound Poisson:
        # variance over mean at least 1): volumes more even than dealing at random gives are handed out.
        even = float(underdispersion_p(counts)) <= P_TURNS
        sessions = found.p_sessions <= P_SESSIONS and found.ratio >= RATIO_MIN and not even
        seen = (
            f"an account's turns lie {found.ratio:.2f} times as close together as if events were dealt at random "
            f"(p = {found.p_regular:.4f} for turns, {found.p_sessions:.3f} for sessions)"
        )
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(min(ACCOUNTS_MAX, group.customers.size)),
            observed=[seen],
            inferred=["a balancer gives each account its turn"] if dealt else [],
            counter=["each account comes in sessions of its own"] if sessions else [],
        )
        return Judgement(evidence, REGULAR if dealt else SESSIONS if sessions else {}, seen)


def taken(group: Group, events_min: int = EVENTS_MIN) -> Turns | None:
    """The test on the group's linked events in time; None with too few, or where hardly an account has two.

    Where texts link the group, also on the events of each text: p_regular is then twice the smaller, and `ratio` and
    p_sessions are those of all events unless accounts come again later in each text than dealing gives, which
    contradicts sessions.
    """
    if group.lone_p is not None:
        return None
    linked = group.in_time
    chosen = _some(linked.customer, group.obs.seed)
    owner = linked.customer[chosen]
    if owner.size < events_min or owner.size < 1.5 * np.unique(owner).size:
        return None
    seed = group.obs.seed + owner.size
    event, text = (np.zeros(0, np.int64),) * 2 if group.by_means else _texts(group, chosen)
    alone = turns(owner, DRAWS, seed, FURTHER if group.by_means else FURTHER_OF_TWO)
    if np.isnan(alone.ratio):
        return None
    if not text.size:
        return alone
    if alone.p_regular <= P_TURNS / 2:  # no other answer would change what is said
        return Turns(2.0 * alone.p_regular, alone.p_sessions, alone.ratio)
    each = turns_in_streams(owner, event, text, DRAWS, seed, FURTHER_OF_TWO)
    if np.isnan(each.ratio):
        return alone
    p = min(1.0, 2.0 * min(alone.p_regular, each.p_regular))
    if each.ratio < 1.0:
        return Turns(p, each.p_sessions, each.ratio)
    return Turns(p, alone.p_sessions, alone.ratio)


def _texts(group: Group, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(place in `chosen`, key): which of those linked events hold which text key of the group."""
    linked = group.in_time
    wanted, place = np.zeros(group.obs.burst.key.size, np.bool_), np.full(linked.customer.size, -1)
    wanted[content_keys(group.obs, group.keys)] = True
    place[chosen] = np.arange(chosen.size)
    pairs = np.column_stack([place[linked.hit_event], linked.hit_key])
    pairs = np.unique(pairs[wanted[pairs[:, 1]] & (pairs[:, 0] >= 0)], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _some(owner: np.ndarray, seed: int) -> np.ndarray:
    """Places of the events of at most ACCOUNTS_MAX accounts drawn at random: among any of its accounts a balancer goes
    round."""
    people, chosen = np.unique(owner), np.arange(owner.size)
    if people.size > ACCOUNTS_MAX:
        rng = np.random.default_rng([seed, people.size])
        chosen = np.flatnonzero(np.isin(owner, rng.choice(people, ACCOUNTS_MAX, replace=False)))
    return chosen[:EVENTS_MAX]
