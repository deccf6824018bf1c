"""A group: customers that act together, their linked events, and the tests of what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stillwatch.campaigns.clock import by_the_clock, daily, on_schedules
from stillwatch.campaigns.content import OWN_P, dealt_p, ratio, sets, some
from stillwatch.campaigns.dealing import P_TURNS, Dealing, Openings, dealing
from stillwatch.campaigns.exits import rotating
from stillwatch.campaigns.linking import weighed
from stillwatch.campaigns.nights import Nights, nights
from stillwatch.campaigns.observation import (
    STREAM_FACTS,
    STREAM_MAX,
    Observation,
    Records,
    Stream,
    first_rows,
)
from stillwatch.campaigns.peers import comparable, contemporaries, followers_of_fashions, peers_of
from stillwatch.campaigns.sharing import null_draws, numbered, paid_together_p, shared_bits
from stillwatch.campaigns.sittings import in_lessons
from stillwatch.campaigns.stages import BEGINNING
from stillwatch.campaigns.tasks import Tasks, busy, tasks_of
from stillwatch.campaigns.telling import telling
from stillwatch.campaigns.wording import wording_in_common
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.families import Family, family_of
from stillwatch.stats.permutation import deepened_p
from stillwatch.stats.turns import turns

PERMUTATIONS, FURTHER, PAYER_DRAWS = 9_999, 90_000, 1_999
"""Draws of labels, and how many more where none of the first shared as much: a level split over many looks
(decision 0014) and several groups lies below what the first can show (decision 0058)."""
DRAWS_MAX = PERMUTATIONS + FURTHER
SAMPLE_MAX = 400
TURNS_EVENTS_MAX = 2000
ENOUGH_P, P_PAYERS = 2e-4, 0.01
"""P of sharing means at which turns are not asked about; p of sharing payers from which on down no schedule excuses turns, and
no pace even volumes."""
_NAMES = [name for name, _ in ATTRIBUTES]
CLIENT, NETWORK, PAYMENT, SIGNUP = (_NAMES.index(name) for name in ("client", "network", "payment", "signup"))
OPERATOR = (NETWORK, PAYMENT, SIGNUP)
"""What an operator has to get for its accounts, and no program brings along."""
WORDED_MIN = 0.2
"""From this share on the accounts of a group by means do known work: what is new and shared links them by text."""
KNOWN_MIN = 0.5
"""Share of its events with a text that people send anyway, from which on a group by means does known work as well."""


@dataclass(frozen=True)
class Group:
    """Customers acting together: `rows` are the linked events, `judged` those judged across folds (indices
    into obs.suspects); keys are indices into obs.burst. `by_means`: they share means and no text (campaigns.means).
    `wide`: accounts of text groups are among them (campaigns.groups), which are groups of their own as well.
    `chosen_by_content`: what is left of such a group without people beside a list (campaigns.tenants). `lone_p`: the p
    of a single account that stands out by itself (campaigns.lone). `since`: the moment in us from which on it is
    judged (campaigns.stages); `tried`: linked events before."""

    obs: Observation
    customers: np.ndarray
    keys: np.ndarray
    rows: np.ndarray
    judged: np.ndarray
    by_means: bool = False
    chosen_by_content: bool = False
    lone_p: float | None = None
    wide: bool = False
    since: int = BEGINNING
    tried: np.ndarray | None = None

    @property
    def events(self) -> Records:
        """The records the rows point into."""
        return self.obs.suspects

    def narrowed(self, customers: np.ndarray) -> Group:
        """The same group with only these of its customers (sorted i64), and the keys that at least two of them hold, or one
        where there are none."""
        owner, burst = self.events.customer, self.obs.burst
        holders = np.array(
            [np.isin(customers, burst.unit[burst.start[k] : burst.start[k + 1]]).sum() for k in self.keys],
            np.int64,
        )
        return replace(
            self,
            customers=customers,
            keys=self.keys[holders >= min(2, holders.max(initial=0))],
            rows=self.rows[np.isin(owner[self.rows], customers)],
            judged=self.judged[np.isin(owner[self.judged], customers)],
            tried=None if self.tried is None else self.tried[np.isin(owner[self.tried], customers)],
        )

    @property
    def linked(self) -> np.ndarray:
        """All linked events: `rows`, and `tried`, which count among the facts and are not judged."""
        return self.rows if self.tried is None else np.union1d(self.rows, self.tried)

    @cached_property
    def in_time(self) -> Stream:
        """The linked events in order of time with the group's keys that they hold, also those beyond the bounds of
        units: a bounded sample of heavy accounts shows no turns."""
        stream = self.obs.stream
        if stream is None or self.lone_p is not None:
            held: Records | Stream = self.events
            rows = self.rows[np.lexsort((self.events.event_hash[self.rows], held.ts[self.rows]))]
            event, key = hits(self.obs, self.keys)
        else:
            wanted, mine = np.zeros(self.obs.burst.key.size, np.bool_), np.zeros(self.obs.customers, np.bool_)
            wanted[self.keys], mine[self.customers] = True, True
            chosen = wanted[stream.hit_key] & mine[stream.customer[stream.hit_event]]
            chosen &= stream.ts[stream.hit_event] >= self.since
            event, key = stream.hit_event[chosen], stream.hit_key[chosen]
            rows, held = np.unique(event), stream
        place = np.full(held.customer.size, -1)
        place[rows] = np.arange(rows.size)
        inside = place[event] >= 0
        return _rows(held, rows, place[event[inside]], key[inside])

    @cached_property
    def answered(self) -> Stream:
        """`in_time` without what was turned away, which is asked once it is let in; its hits are left out."""
        linked, none = self.in_time, np.zeros(0, np.int64)
        rows = np.arange(linked.customer.size) if linked.limited is None else np.flatnonzero(~linked.limited)
        return _rows(linked, rows, none, none)

    @cached_property
    def tasks(self) -> Tasks | None:
        """The tasks of `answered`; None where no turn is seen."""
        linked = self.answered
        if linked.task is None or linked.turns is None or not linked.turns.any():
            return None
        return tasks_of(linked.customer, linked.task, linked.turns)

    @cached_property
    def volumes(self) -> tuple[np.ndarray, np.ndarray]:
        """(linked events f64 of each of `customers`; over how many events of the account each was counted, as a share
        in (0, 1]). Below 1 the number is that of the bounded sample over the share."""
        linked = np.bincount(self.in_time.customer, minlength=self.obs.customers)[self.customers].astype(
            float
        )
        share = np.ones(self.customers.size)
        if self.obs.stream is None:
            return linked, share
        volume = self.obs.volume[self.customers]
        beyond = volume > STREAM_MAX
        records = self.obs.suspects.customer
        counted = np.bincount(records, minlength=self.obs.customers)[self.customers]
        sample = np.bincount(records[self.rows], minlength=self.obs.customers)[self.customers]
        share[beyond] = counted[beyond] / volume[beyond]
        linked[beyond] = sample[beyond] / share[beyond]
        return linked, share

    @cached_property
    def dealing(self) -> Dealing:
        """Whether one hand deals the linked events out; nothing is said of a lone account."""
        if self.lone_p is not None:
            return Dealing(None, 1.0, 1.0, False)
        crowd = self.obs.volume[np.unique(self.obs.crowd.customer)]
        looks = 2 if self.tasks is not None and self.tasks.conversations else 1
        linked = self.in_time
        found = dealing(
            linked.customer, self.volumes[0], crowd, self.obs.seed, self._openings(), looks, linked.ts
        )
        stacks = found.paced or in_lessons(linked.customer, linked.ts)
        stacks = stacks and self.p_payers > P_PAYERS
        hours = daily(linked.customer, linked.ts)
        return replace(found, daily=hours, scheduled=self.scheduled, stacks=stacks)

    @cached_property
    def scheduled(self) -> bool:
        """Whether each account acts on a schedule of its own (campaigns.clock), pays for itself, and has contents of its own
        (campaigns.content) or shares networks and sign-ups no more than strangers: nobody deals a list over them."""
        linked = self.in_time
        if not on_schedules(linked.customer, linked.ts, self.obs.seed):
            return False
        if self.p_payers <= P_PAYERS:
            return False
        if self.p_operator > P_PAYERS:
            return True
        mine = some(sets(self.events, self.judged), self.obs.seed)
        return len(mine) > 1 and dealt_p(self.events, mine, ratio(self.events, mine), self.obs.seed) <= OWN_P

    @cached_property
    def nights(self) -> Nights:
        """How many of the accounts have no night, against the crowd and followers of fashions (campaigns.nights)."""
        return nights(self.customers, self.events, peers_of(self.obs, self.followers))

    @property
    def tireless(self) -> bool:
        """Whether the accounts act at all hours (campaigns.nights), and keep to no schedule or hour of their own."""
        return self.nights.at_all_hours and not (self.dealing.scheduled or self.dealing.daily)

    def _openings(self) -> Openings | None:
        """The openings of tasks whose order says more than that of exchanges; None where there are none."""
        tasks, linked = self.tasks, self.answered
        if tasks is None or not tasks.conversations:
            return None
        owner = linked.customer[tasks.opens]
        if by_the_clock(owner, linked.ts[tasks.opens]):
            return None
        return Openings(owner, busy(tasks, linked.customer, linked.ts), linked.ts[tasks.opens])

    @cached_property
    def worded(self) -> float | None:
        """How common the commonest wording of the accounts is (campaigns.wording); None where too little text is seen."""
        mine, crowd = self.events, self.obs.crowd
        # Who runs the same client may do the same job: that is no stock phrase.
        apart = ~np.isin(crowd.attributes[:, CLIENT], np.setdiff1d(mine.attributes[self.rows, CLIENT], [0]))
        others, theirs = crowd.customer[apart], crowd.wording[apart]
        return wording_in_common(mine.customer[self.rows], mine.wording[self.rows], others, theirs)

    @property
    def lexical(self) -> np.ndarray:
        """Those of the group's keys that are text of prompts."""
        return self.keys[family_of(self.obs.burst.key[self.keys]) == Family.LEXICAL]

    @cached_property
    def system_only(self) -> float | None:
        """Share of the events with a shared text in which it stands in the system prompt only; None where none is shared."""
        records = self.events
        event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
        mine = np.isin(event, self.rows) & np.isin(records.hit_key, self.lexical)
        held, in_user = np.unique(event[mine]), np.unique(event[mine & ~records.hit_system])
        return 1.0 - in_user.size / held.size if held.size else None

    @cached_property
    def known(self) -> float:
        """Share of the events that hold a text which bursts, though people send it anyway (campaigns.telling)."""
        lexical = np.flatnonzero(family_of(self.obs.burst.key) == Family.LEXICAL)
        event, _ = hits(self.obs, np.setdiff1d(lexical, telling(self.obs, lexical)))
        return float(np.isin(self.rows, event).mean()) if self.rows.size else 0.0

    @property
    def unworded(self) -> bool:
        """Accounts that share means, and whose requests are known to share no wording, new or old."""
        if not self.by_means or self.worded is None:
            return False
        return self.worded < WORDED_MIN and self.known < KNOWN_MIN

    @cached_property
    def log_p_burst(self) -> float:
        """ln of the strongest key's p, Bonferroni over every hypothesis of the scan."""
        if self.lone_p is not None:
            return float(np.log(self.lone_p))
        return min(0.0, float(self.obs.burst.log_p[self.keys].min() + np.log(self.obs.burst.hypotheses)))

    @cached_property
    def p_link(self) -> float:
        """Permutation p: do these customers share keys of other families beyond their strata's chance? A group by
        means may show common control by taking turns as well: the smaller p of the two, twice."""
        if self.lone_p is not None:
            return 1.0
        if not self.by_means:
            return link_p(self)
        shared = link_p(self, family_of(self.obs.burst.key[self.strongest : self.strongest + 1])[0])
        return min(1.0, 2.0 * (shared if shared <= ENOUGH_P else min(shared, turns_p(self))))

    @cached_property
    def one_pool(self) -> bool:
        """Whether these customers are paid for together beyond their strata's chance (campaigns.sharing, p <= P_TURNS), go
        round a pool of exits (campaigns.exits), and do not come in bunches. A description: payers and
        networks may be what linked them."""
        if self.lone_p is not None or self.dealing.turns is None or self.dealing.bunched:
            return False
        mine, crowd = self.events, self.obs.crowd
        networks = mine.attributes[self.rows, NETWORK], crowd.attributes[:, NETWORK]
        if not rotating(mine.customer[self.rows], networks[0], crowd.customer, networks[1]):
            return False
        return self.paid_together

    @cached_property
    def paid_together(self) -> bool:
        """Whether those whose payer is known, half or more, are paid for together beyond their strata's chance
        (campaigns.sharing)."""
        rng = np.random.default_rng([self.obs.seed, 23, self.customers.size])
        size, keys, strata = _compared(self, rng, known=PAYMENT)
        seed = int(rng.integers(0, 1 << 63))
        return size > 1 and paid_together_p(keys[:, PAYMENT], strata, size, PAYER_DRAWS, seed) <= P_TURNS

    @cached_property
    def p_payers(self) -> float:
        """P that so many share one payer if these were customers as others are (`link_p`)."""
        return link_p(self, columns=(PAYMENT,))

    @cached_property
    def p_operator(self) -> float:
        """P of sharing networks, payers and sign-ups so much if these were customers as others are (`link_p`). Clients and
        parameters are those of a program, which may have written the text as well."""
        return link_p(self, columns=OPERATOR)

    @cached_property
    def followers(self) -> np.ndarray:
        """Who is compared with besides the crowd: events of followers of a fashion, rows of the suspects."""
        return followers_of_fashions(self.obs, self.customers)

    @property
    def strongest(self) -> int:
        """The key with the smallest p, the first of them."""
        return int(self.keys[np.argmin(self.obs.burst.log_p[self.keys])])

    @property
    def p_value(self) -> float:
        """Intersection-union test (Berger 1982): both the burst and the sharing must be beyond chance."""
        if self.lone_p is not None:
            return self.lone_p
        return max(float(np.exp(self.log_p_burst)), self.p_link)


def _rows(held: Records | Stream, rows: np.ndarray, event: np.ndarray, key: np.ndarray) -> Stream:
    """Those rows of `held` as a stream with the given hits."""
    facts = {name: None if (fact := getattr(held, name)) is None else fact[rows] for name in STREAM_FACTS}
    return Stream(held.customer[rows], held.ts[rows], event, key, **facts)


def hits(obs: Observation, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(event row, key) of every hit on `keys` among the suspects."""
    records = obs.suspects
    wanted = np.zeros(obs.burst.key.size, np.bool_)
    wanted[keys] = True
    chosen = wanted[records.hit_key]
    event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
    return event[chosen], records.hit_key[chosen]


def turns_p(group: Group) -> float:
    """Exact p that the group's accounts take turns (stats.turns), on its first TURNS_EVENTS_MAX events in time; 1 where each
    has a schedule of its own, or merely works at its pace."""
    if group.scheduled or group.dealing.paced:
        return 1.0
    owner = group.in_time.customer[:TURNS_EVENTS_MAX]
    if owner.size < 2:
        return 1.0
    found = turns(owner, PERMUTATIONS, group.obs.seed + owner.size)
    return 1.0 if np.isnan(found.ratio) else found.p_regular


def link_p(group: Group, without: int = 0, columns: Sequence[int] | None = None) -> float:
    """Permute customer labels inside strata between the group and its peers, PERMUTATIONS times, or FURTHER more.

    Statistic: sum over families of the largest, over keys, of pairs sharing the key x its bits; one event per
    customer (of the group the smallest event hash, of its peers one at a moment of the group's, campaigns.peers), so
    the unit is the customer. Exact when group and peers are exchangeable at the same time.
    without: the family that is left out, because it is what the group was found by. columns: the only attributes taken.
    """
    obs = group.obs
    rng = np.random.default_rng([obs.seed, int(group.customers[0]), group.customers.size])
    size, pool_keys, pool = _compared(group, rng)
    if size < 2:
        return 1.0
    pool_bits = weighed(obs, pool_keys)
    pool_bits[family_of(pool_keys) == without] = 0.0
    if columns is not None:
        pool_bits[:, ~np.isin(np.arange(pool_bits.shape[1]), columns)] = 0.0
    codes, weight, offset = numbered(pool_keys, pool_bits)
    observed = shared_bits(codes, weight, offset, np.arange(size))

    def draw(number: int) -> np.ndarray:
        return null_draws(codes, weight, offset, pool, size, number, int(rng.integers(0, 1 << 63)))

    # Of some attributes alone it is asked at levels that the first draws show.
    return deepened_p(observed, draw, PERMUTATIONS, FURTHER if columns is None else 0)


def _compared(
    group: Group, rng: np.random.Generator, known: int | None = None
) -> tuple[int, np.ndarray, np.ndarray]:
    """(rows of the group, one a customer; attributes of these and then of their peers, u64[pool, families]; strata
    i64[pool]). known: an attribute that has to be known of a row; no rows where it is of fewer than half of the group."""
    obs = group.obs
    mine = first_rows(obs.suspects, group.judged if group.judged.size else group.rows)
    if mine.size > SAMPLE_MAX:
        mine = np.sort(rng.choice(mine, SAMPLE_MAX, replace=False))
    others = peers_of(obs, group.followers)
    crowd = contemporaries(others, obs.suspects.ts[mine], rng)
    if known is not None:
        told = mine[obs.suspects.attributes[mine, known] != 0]
        mine = told if 2 * told.size >= mine.size else told[:0]
        crowd = crowd[others.attributes[crowd, known] != 0]
    kept, *strata = comparable(
        obs.stratum[obs.suspects.customer[mine]], obs.stratum[others.customer[crowd]], rng
    )
    mine = mine[kept]
    return (
        mine.size,
        np.vstack([obs.suspects.attributes[mine], others.attributes[crowd]]),
        np.concatenate(strata),
    )
