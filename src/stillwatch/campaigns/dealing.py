"""Does one hand deal the requests out? What the order and the volumes of a group's linked events say.

Three ways to deal leave traces. In turns: accounts come again more regularly than by chance, and by far (stats.turns,
RATIO_MIN). Evenly: volumes differ less than those of dealing at random (stats.dispersion). At random: volumes differ
as much as dealing at random makes them differ and no more, which those of independent customers do not. Their unevenness
u = (variance - mean) / mean^2, the squared coefficient of variation beyond counting noise (0 under dealing at random
whatever the mean), is compared with that of draws of the crowd, thinned to the group's mean where theirs is larger:
p = P(u* <= u), DRAWS draws. "At random" is claimed where p <= P_TURNS, u is nearer to 0 than to the crowd's median,
volumes are not beyond dealing at random (variance over mean above UNEVEN_MIN, upper tail at most P_UNEVEN), and the
order does not so much as lean to bunches (p > P_BUNCHED): people and jobs come in them.

Volumes are even under a quota that everybody uses up as well. People use it up in sittings: where each account has bunches of
its own, which do not start in turns (campaigns.bunches), volumes are no sign of dealing. Turns of events and of openings
count beyond the rhythm of the day only (campaigns.clock), and beyond the pace at which each account works (campaigns.sittings).

A balancer may keep each conversation on one account: its exchanges then come in bunches, though tasks are dealt in
turns. Where tasks differ from exchanges (campaigns.tasks) the order of their openings may be tested as well, against
conversations that nobody deals, whose openings keep apart by themselves (stats.turns, busy); every p counts twice
there, whether or not they were (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.campaigns.bunches import in_step_p
from stillwatch.campaigns.clock import beyond_the_day
from stillwatch.campaigns.sittings import beyond_the_pace
from stillwatch.stats.dispersion import underdispersion_p, volume_dispersion
from stillwatch.stats.permutation import permutation_p
from stillwatch.stats.turns import Turns, turns

TURN_DRAWS, FURTHER, ACCOUNTS_MAX, EVENTS_MIN, EVENTS_MAX = 199, 1_800, 400, 30, 8_000
DRAWS, MEAN_MIN, CROWD_MIN = 1_999, 5.0, 30
"""Below MEAN_MIN events an account volumes are even because nobody has fewer than one."""
P_TURNS, P_SESSIONS, RATIO_MIN, P_BUNCHED = 0.001, 0.01, 1.5, 0.05
"""Dealing speaks against people, so it needs ten times the evidence that sessions need, which speak for them. Either is said
from RATIO_MIN times what dealing gives: of thousands of events a pause after each conversation is significant, too."""
UNEVEN_MIN, P_UNEVEN = 1.5, 0.001
FURTHER_TWICE = 3_800
"""Draws where two looks are taken: as fine a resolution for twice the p."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Openings of a group's tasks in order of time: owner i64[m], busy f64[m] as in `stats.turns`; ts i64[m] us, None where
    it is not known when they were."""

    owner: np.ndarray
    busy: np.ndarray
    ts: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Dealing:
    """turns: the test of the order, None with too few events. p_even: P that dealing at random makes volumes so even.
    p_crowd: P that independent customers have volumes so little uneven, 1 where that was not asked. near: whether
    the unevenness is nearer to none than to the crowd's. openings: the test of the order of tasks, None where it was
    not made. looks: how many tests of the order p is paid for. daily: each account keeps to an hour of its own, so that
    accounts come round in one order though nobody deals. scheduled: each has a schedule of its own (campaigns.clock), which
    makes turns and volumes regular. paced: turns are regular, and no more than the pace of each account makes them
    (campaigns.sittings). stacks: so they are, or accounts come for a few hours of their days only (`sittings.in_lessons`), and each pays for itself:
    even volumes are stacks of one height. p_step: P that
    bunches start in turns so regularly if nobody deals them out (campaigns.bunches); None where they are too few, or volumes
    are not even."""

    turns: Turns | None
    p_even: float
    p_crowd: float
    near: bool
    openings: Turns | None = None
    looks: int = 1
    daily: bool = False
    scheduled: bool = False
    paced: bool = False
    stacks: bool = False
    p_step: float | None = None

    @property
    def p_turns(self) -> float:
        """P that exchanges take turns so regularly if nothing was dealt, paid for all looks; 1 where that was not asked,
        where they are not regular by far, and where accounts come daily or on schedules."""
        return 1.0 if self.daily or self.scheduled else _p_regular(self.turns, self.looks)

    @property
    def p_openings(self) -> float:
        """The same of the openings of tasks."""
        return _p_regular(self.openings, self.looks)

    @property
    def in_turns(self) -> bool:
        """The accounts take turns, exchange by exchange."""
        return self.p_turns <= P_TURNS

    @property
    def openings_in_turns(self) -> bool:
        """The accounts take turns in opening tasks. So do people who come once a day, each at an hour of their own: it
        takes back what speaks for people, and does not speak against them."""
        return self.p_openings <= P_TURNS

    @property
    def p_volumes(self) -> float:
        """P that dealing at random makes volumes so even; 1 where each account has sessions, a schedule or a stack of its own:
        a quota that everybody uses up in sittings makes volumes even as well, and so does one interval."""
        return 1.0 if self.sessions or self.scheduled or self.stacks else self.p_even

    @property
    def rationed(self) -> bool:
        """Volumes are more even than chance, and each account has sessions of its own: all use up a quota."""
        return self.sessions and self.p_even <= P_TURNS

    @property
    def evenly(self) -> bool:
        """The volumes are dealt out, more evenly than by chance."""
        return self.p_volumes <= P_TURNS

    @property
    def sessions(self) -> bool:
        """Each account comes in bunches of its own. Where volumes are even, that is said only if bunches do not so much as
        lean to turns (p > P_BUNCHED): those of lists that are dealt out in step start in turns."""
        if self.p_even <= P_TURNS and (self.p_step is None or self.p_step <= P_BUNCHED):
            return False
        return self.bunched

    @property
    def bunched(self) -> bool:
        """Each account comes in bunches, of its own or not."""
        return _bunched(self.turns)

    @property
    def in_step(self) -> bool:
        """Volumes are even and bunches start in turns: several lists are dealt out together."""
        return self.p_step is not None and self.p_step <= P_TURNS

    @property
    def as_dealt(self) -> bool:
        """The order is known, and does not lean to bunches."""
        return self.turns is not None and self.turns.p_sessions > P_BUNCHED

    @property
    def at_random(self) -> bool:
        """Each request goes to any account. Schedules with one interval are as even, and so are stacks of one height."""
        own = self.scheduled or self.stacks
        return self.p_crowd <= P_TURNS and self.near and self.as_dealt and not own

    @property
    def shown(self) -> bool:
        """One hand deals: in turns, evenly or at random."""
        return self.in_turns or self.evenly or self.at_random

    @property
    def ordered(self) -> bool:
        """The order says so: volumes of customers of one program may be even, if it sends as much each night for each of
        them, or as dealing at random makes them, if all have the same rate."""
        return self.in_turns or self.in_step


def dealing(
    owner: np.ndarray,
    counts: np.ndarray,
    crowd: np.ndarray,
    seed: int,
    openings: Openings | None = None,
    looks: int = 1,
    ts: np.ndarray | None = None,
) -> Dealing:
    """owner i64[n]: whose each linked event is, in order of time. counts f64[accounts]: linked events of each
    account. crowd i64[customers]: events of each customer of the crowd. openings: of the tasks, where their order says
    more. looks: 2 where tasks differ from the linked events, so that openings may be looked at. ts i64[n] us: when events
    were; turns then count only beyond the rhythm of the day (campaigns.clock)."""
    p_even = float(underdispersion_p(counts)) if counts.size > 1 else 1.0
    p_crowd, near = 1.0, False
    asked = counts.size > 1 and crowd.size >= CROWD_MIN and counts.mean() >= MEAN_MIN
    if asked and not (volume_dispersion(counts) > UNEVEN_MIN and 1.0 - p_even <= P_UNEVEN):
        rng = np.random.default_rng([seed, 17, counts.size])
        if counts.size > ACCOUNTS_MAX:
            counts = rng.choice(counts, ACCOUNTS_MAX, replace=False)
        null = np.array([unevenness(_thinned(rng, crowd, counts)) for _ in range(DRAWS)])
        mine = unevenness(counts)
        p_crowd = float(permutation_p(-mine, -null))
        near = mine <= float(np.median(null)) / 2.0
    found = _order(owner, ts, seed, FURTHER if looks == 1 else FURTHER_TWICE)
    found, paced = _unpaced(found, owner, ts, seed, looks)
    p_step = None
    if p_even <= P_TURNS and _bunched(found):
        rows = some_rows(owner, seed)
        p_step = in_step_p(owner[rows], None if ts is None else ts[rows], seed)
    opened = None
    if openings is not None:
        opened = _order(openings.owner, openings.ts, seed + 1, FURTHER_TWICE, openings.busy)
        opened, _ = _unpaced(opened, openings.owner, openings.ts, seed + 1, looks)
    opened = opened if found is not None else None
    return Dealing(found, p_even, p_crowd, near, opened, looks, paced=paced, p_step=p_step)


def _unpaced(
    found: Turns | None, owner: np.ndarray, ts: np.ndarray | None, seed: int, looks: int
) -> tuple[Turns | None, bool]:
    """(the turns found, as far as no pace of each account explains them, where they are turns; whether one does)."""
    if found is None or ts is None or _p_regular(found, looks) > P_TURNS:
        return found, False
    kept = some_rows(owner, seed)
    left = beyond_the_pace(owner[kept], ts[kept], found, seed + kept.size)
    return left, _p_regular(left, looks) > P_TURNS


def _bunched(found: Turns | None) -> bool:
    return found is not None and found.p_sessions <= P_SESSIONS and found.ratio >= RATIO_MIN


def _p_regular(found: Turns | None, looks: int) -> float:
    if found is None or found.ratio * RATIO_MIN > 1.0:
        return 1.0
    return min(1.0, looks * found.p_regular)


def unevenness(counts: np.ndarray) -> float:
    """(variance - mean) / mean^2 of counts, shape (n,) with n >= 2 and a mean above 0; 0 where the mean is 0."""
    mean = float(counts.mean())
    return (float(counts.var(ddof=1)) - mean) / mean**2 if mean else 0.0


def _thinned(rng: np.random.Generator, crowd: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Volumes of as many customers of the crowd, drawn with replacement, as if each event were kept with one chance."""
    drawn = rng.choice(crowd, counts.size)
    return rng.binomial(drawn, min(1.0, float(counts.mean() / max(1.0, drawn.mean()))))


def _order(
    owner: np.ndarray, ts: np.ndarray | None, seed: int, further: int, busy: np.ndarray | None = None
) -> Turns | None:
    """The test of turns; None with too few events, or where hardly an account has two."""
    kept = some_rows(owner, seed)
    people = np.unique(owner[kept]).size
    if kept.size < EVENTS_MIN or kept.size < 1.5 * people:
        return None
    if busy is not None:
        # Busy times are counted in openings of the whole group; of a part of it fewer fall into them.
        busy = busy[kept] * min(1.0, people / np.unique(owner).size)
    found = turns(owner[kept], TURN_DRAWS, seed + kept.size, further, busy)
    if np.isnan(found.ratio):
        return None
    if ts is not None and found.p_regular <= P_TURNS and found.ratio * RATIO_MIN <= 1.0:
        return beyond_the_day(owner[kept], ts[kept], found, seed + kept.size)
    return found


def some_rows(owner: np.ndarray, seed: int) -> np.ndarray:
    """Rows i64[*] of at most ACCOUNTS_MAX accounts drawn at random, the earliest: among any of its accounts a balancer
    goes round."""
    people, rows = np.unique(owner), np.arange(owner.size)
    if people.size > ACCOUNTS_MAX:
        rng = np.random.default_rng([seed, people.size])
        rows = np.flatnonzero(np.isin(owner, rng.choice(people, ACCOUNTS_MAX, replace=False)))
    return rows[:EVENTS_MAX]
