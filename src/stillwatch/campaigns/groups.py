"""Groups: clusters of both folds joined, cut at a new stage, split, peeled and cut at a hand-over, and the events each is judged on.

Cross-fitting: keys that linked in fold f select the events of fold 1 - f that are judged, so nothing is judged
on the events that formed it, and an account with one single event still counts in one of the folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.clock import by_the_clock, daily
from stillwatch.campaigns.communities import dense_core, split
from stillwatch.campaigns.dealing import P_TURNS, Dealing, Openings, dealing
from stillwatch.campaigns.exits import rotating
from stillwatch.campaigns.handover import hand_over
from stillwatch.campaigns.linking import Cluster, link, merge_folds, second_keys
from stillwatch.campaigns.means import means_clusters
from stillwatch.campaigns.observation import STREAM_FACTS, STREAM_MAX, Observation, Records, Stream
from stillwatch.campaigns.peers import comparable, contemporaries
from stillwatch.campaigns.sharing import null_draws, shared_bits
from stillwatch.campaigns.stages import ALWAYS, Span, at_work, within
from stillwatch.campaigns.tasks import Tasks, busy, tasks_of
from stillwatch.campaigns.wording import wording_in_common
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.features.families import CONTENT, family_of
from stillwatch.stats.permutation import permutation_p
from stillwatch.stats.turns import turns

PERMUTATIONS = 9999
SAMPLE_MAX = 400
TURNS_EVENTS_MAX = 2000
ENOUGH_P = 2e-4
_NAMES = [name for name, _ in ATTRIBUTES]
CLIENT, NETWORK, PAYMENT, SIGNUP = (_NAMES.index(name) for name in ("client", "network", "payment", "signup"))
OPERATOR = (NETWORK, PAYMENT, SIGNUP)
"""What an operator has to get for its accounts, and no program brings along."""
Folds = tuple[list[Cluster], list[Cluster]]
WORDED_MIN = 0.2
"""From this share on the accounts of a group by means do known work: what is new and shared links them by text."""


@dataclass(frozen=True)
class Group:
    """Customers acting together: `rows` are all linked events, `judged` those judged across folds (indices
    into obs.suspects); keys are indices into obs.burst. `by_means`: they share means and no text (campaigns.means).
    `chosen_by_content`: what is left of such a group without people beside a list (campaigns.tenants). `lone_p`: the p
    of a single account that stands out by itself (campaigns.lone). `span`: [from, to) in us, the stage (campaigns.stages)
    that the rows are of."""

    obs: Observation
    customers: np.ndarray
    keys: np.ndarray
    rows: np.ndarray
    judged: np.ndarray
    by_means: bool = False
    chosen_by_content: bool = False
    lone_p: float | None = None
    span: Span = ALWAYS

    @property
    def events(self) -> Records:
        """The records the rows point into."""
        return self.obs.suspects

    @cached_property
    def in_time(self) -> Stream:
        """The linked events in order of time with the group's keys that they hold, also those beyond the bounds of
        units: a bounded sample of heavy accounts shows no turns."""
        stream = self.obs.stream
        if stream is None or self.lone_p is not None:
            held: Records | Stream = self.events
            rows = self.rows[np.lexsort((self.events.event_hash[self.rows], held.ts[self.rows]))]
            event, key = _hits(self.obs, self.keys)
        else:
            wanted, mine = np.zeros(self.obs.burst.key.size, np.bool_), np.zeros(self.obs.customers, np.bool_)
            wanted[self.keys], mine[self.customers] = True, True
            chosen = wanted[stream.hit_key] & mine[stream.customer[stream.hit_event]]
            chosen &= within(stream.ts[stream.hit_event], self.span)
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
        return replace(found, daily=daily(linked.customer, linked.ts))

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
    def unworded(self) -> bool:
        """Accounts that share means, and whose requests are known to share no wording, new or old."""
        return self.by_means and self.worded is not None and self.worded < WORDED_MIN

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
        """Whether these customers share payers beyond their strata's chance (permutation test, p <= P_TURNS), go round a
        pool of exits (campaigns.exits), and come in an order that leans to no bunches. A description: payers and
        networks may be what linked them."""
        if self.lone_p is not None or not self.dealing.as_dealt:
            return False
        mine, crowd = self.events, self.obs.crowd
        networks = mine.attributes[self.rows, NETWORK], crowd.attributes[:, NETWORK]
        if not rotating(mine.customer[self.rows], networks[0], crowd.customer, networks[1]):
            return False
        return link_p(self, columns=(PAYMENT,)) <= P_TURNS

    @cached_property
    def p_operator(self) -> float:
        """P of sharing networks, payers and sign-ups so much if these were customers as others are (`link_p`). Clients and
        parameters are those of a program, which may have written the text as well."""
        return link_p(self, columns=OPERATOR)

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


def groups(obs: Observation, fdr: float) -> list[Group]:
    """All groups of at least ACCOUNTS_MIN customers, largest first.

    Customers of a text group whose own p is above `fdr` are free to be grouped by their means: a few requests that chance
    worded alike must not take its accounts out of a pool.
    """
    folds = (link(obs, 0), link(obs, 1))
    found: list[Group] = []
    clusters = merge_folds(*folds)
    linked = np.full(obs.customers, -1)
    for place, cluster in reversed(list(enumerate(clusters))):
        linked[cluster.customers] = place
    for place, cluster in enumerate(clusters):
        found.extend(_split(obs, cluster, folds, (linked == place) | (linked < 0)))
    free = ~members_of(obs, [g for g in found if g.p_value <= fdr])
    found += [g for cluster in means_clusters(obs, free) for g in _by_means(obs, cluster)]
    return sorted(found, key=lambda g: (-g.customers.size, int(g.customers[0])))


def members_of(obs: Observation, found: Sequence[Group]) -> np.ndarray:
    """bool[customers]: those of any of the groups."""
    out = np.zeros(obs.customers, np.bool_)
    for group in found:
        out[group.customers] = True
    return out


def _hits(obs: Observation, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(event row, key) of every hit on `keys` among the suspects."""
    records = obs.suspects
    wanted = np.zeros(obs.burst.key.size, np.bool_)
    wanted[keys] = True
    chosen = wanted[records.hit_key]
    event = np.repeat(np.arange(records.rows), np.diff(records.hit_start))
    return event[chosen], records.hit_key[chosen]


def _split(obs: Observation, cluster: Cluster, folds: Folds, eligible: np.ndarray) -> list[Group]:
    """Groups of one cluster; customers linked nowhere else may join by holding its keys (`eligible`)."""
    event, key = _hits(obs, cluster.keys)
    mine = eligible[obs.suspects.customer[event]]
    event, key = event[mine], key[mine]
    span = at_work(obs.suspects.customer[event], obs.suspects.ts[event])
    inside = within(obs.suspects.ts[event], span)
    event, key = event[inside], key[inside]
    people, person = np.unique(obs.suspects.customer[event], return_inverse=True)
    names, name = np.unique(key, return_inverse=True)
    incidence = sparse.csr_matrix((np.ones(event.size), (person, name)), (people.size, names.size))
    incidence.data[:] = 1
    made = []
    for part in split(incidence):
        core = part[dense_core(incidence[part])]
        if core.size >= ACCOUNTS_MIN:
            for pool in _pools(obs, event, people[core]):
                held = np.unique(incidence[np.searchsorted(people, pool)].indices)
                made.append(_group(obs, pool, names[held], span, folds))
    return made


def _pools(obs: Observation, event: np.ndarray, customers: np.ndarray) -> list[np.ndarray]:
    """The customers, in two where one pool handed over to another; who spans the moment stays with the first."""
    rows = np.unique(event[np.isin(obs.suspects.customer[event], customers)])
    owner, ts = obs.suspects.customer[rows], obs.suspects.ts[rows]
    moment = hand_over(owner, ts)
    if moment is None:
        return [customers]
    early = np.isin(customers, owner[ts < moment])
    return [customers[early], customers[~early]]


def _group(obs: Observation, customers: np.ndarray, keys: np.ndarray, span: Span, folds: Folds) -> Group:
    event, _ = _hits(obs, keys)
    inside = np.isin(obs.suspects.customer[event], customers) & within(obs.suspects.ts[event], span)
    rows = np.unique(event[inside])
    judged = []
    for fold in (0, 1):
        linked = [np.intersect1d(c.keys, keys) for c in folds[fold]]
        linked_keys = np.unique(np.concatenate(linked)) if linked else np.zeros(0, np.int64)
        other, _ = _hits(obs, linked_keys)
        other = other[obs.suspects.fold[other] == 1 - fold]
        judged.append(np.intersect1d(other, rows))
    return Group(obs, customers, keys, rows, np.unique(np.concatenate(judged)), span=span)


def _by_means(obs: Observation, cluster: Cluster) -> list[Group]:
    """The groups of a cluster by means, all their events judged: means are facts of the account, not of the event.

    It stays whole where one key is held by half of it; otherwise it is cut as text clusters are.
    """
    event, key = _hits(obs, cluster.keys)
    mine = np.isin(obs.suspects.customer[event], cluster.customers)
    event, key = event[mine], key[mine]
    people, person = np.unique(obs.suspects.customer[event], return_inverse=True)
    names, name = np.unique(key, return_inverse=True)
    incidence = sparse.csr_matrix((np.ones(event.size), (person, name)), (people.size, names.size))
    incidence.data[:] = 1
    held = np.asarray(incidence.sum(axis=0)).ravel()
    whole = 2 * held.max(initial=0) >= people.size
    made = []
    for part in [np.arange(people.size)] if whole else split(incidence):
        for pool in _pools(obs, event, people[part]) if part.size >= ACCOUNTS_MIN else []:
            keys = names[np.unique(incidence[np.searchsorted(people, pool)].indices)]
            rows = np.unique(event[np.isin(obs.suspects.customer[event], pool)])
            made.append(Group(obs, pool, keys, rows, rows, by_means=True))
    return made


def turns_p(group: Group) -> float:
    """Exact p that the group's accounts take turns (stats.turns), on its first TURNS_EVENTS_MAX events in time."""
    owner = group.in_time.customer[:TURNS_EVENTS_MAX]
    if owner.size < 2:
        return 1.0
    found = turns(owner, PERMUTATIONS, group.obs.seed + owner.size)
    return 1.0 if np.isnan(found.ratio) else found.p_regular


def first_rows(records: Records, rows: np.ndarray) -> np.ndarray:
    """One row per customer among `rows`: the one with the smallest event hash."""
    order = rows[np.lexsort((records.event_hash[rows], records.customer[rows]))]
    _, first = np.unique(records.customer[order], return_index=True)
    return order[first]


def link_p(group: Group, without: int = 0, columns: Sequence[int] | None = None) -> float:
    """Permute customer labels inside strata between the group and the crowd, PERMUTATIONS times.

    Statistic: sum over families of the largest, over keys, of pairs sharing the key x its bits; one event per
    customer (of the group the smallest event hash, of the crowd one at a moment of the group's, campaigns.peers), so
    the unit is the customer. Exact when group and crowd are exchangeable at the same time.
    without: the family that is left out, because it is what the group was found by. columns: the only attributes taken.
    """
    obs = group.obs
    rng = np.random.default_rng([obs.seed, int(group.customers[0]), group.customers.size])
    mine = first_rows(obs.suspects, group.judged if group.judged.size else group.rows)
    if mine.size > SAMPLE_MAX:
        mine = np.sort(rng.choice(mine, SAMPLE_MAX, replace=False))
    crowd = contemporaries(obs.crowd, obs.suspects.ts[mine], rng)
    kept, *strata = comparable(
        obs.stratum[obs.suspects.customer[mine]], obs.stratum[obs.crowd.customer[crowd]], rng
    )
    mine = mine[kept]
    if mine.size < 2:
        return 1.0
    keys, bits = zip(second_keys(obs, obs.suspects), second_keys(obs, obs.crowd), strict=True)
    pool_keys = np.vstack([keys[0][mine], keys[1][crowd]])
    pool_bits = np.vstack([bits[0][mine], bits[1][crowd]])
    pool_bits[family_of(pool_keys) == without] = 0.0
    if columns is not None:
        pool_bits[:, ~np.isin(np.arange(pool_bits.shape[1]), columns)] = 0.0
    codes, weight, offset = _numbered(pool_keys, pool_bits)
    observed = shared_bits(codes, weight, offset, np.arange(mine.size))
    draw = int(rng.integers(0, 1 << 63))
    null = null_draws(codes, weight, offset, np.concatenate(strata), mine.size, PERMUTATIONS, draw)
    return float(permutation_p(observed, null))


def _numbered(keys: np.ndarray, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(codes i64[rows, families] numbered over all families, bits of each code, first code of each family)."""
    codes, weight, offset = [], [], [0]
    for column, worth in zip(keys.T, bits.T, strict=True):
        _, first, code = np.unique(column, return_index=True, return_inverse=True)
        codes.append(code + offset[-1])
        weight.append(worth[first])
        offset.append(offset[-1] + first.size)
    return np.column_stack(codes), np.concatenate(weight), np.array(offset, np.int64)


def content_keys(obs: Observation, keys: np.ndarray) -> np.ndarray:
    """Those of `keys` that are burst text or conversation keys."""
    return keys[np.isin(family_of(obs.burst.key[keys]), CONTENT)]
