"""Account ids carry no information about content: the load is dealt out, not chosen by users.

## What it detects
Pools behind one work list: any account could have sent any prompt, or any of its topic or language, or that part of
them which is not cover.
## Statistic
F = between-account over within-account mean square of unit content vectors on the judged events. About 1 for
a load-balanced pool, well above for real users with habits. Two nulls, and two p-values. Independent customers:
crowds of the same sizes (199 draws), p = P(F* <= F); the bits come from this one. A pool: the group's own
prompts dealt out again over its accounts (999 permutations), p = P(F* >= F). Exchanged: small under the first
and not under the second; accounts with content of their own: small under the second. Where the order or the volumes
show a hand that deals (campaigns.dealing), content of their own is asked about twice more, against crowds again: F of
accounts that share means and no wording, and F inside shards (stats.shards). Less than in any crowd (p <= OWN_P) and
nearer to 1 than to the crowd's median, the one is a list mixed with cover; the other a list cut in parts, if it is
also not above the same vectors dealt out again inside shards (999 permutations, p > OWN_P). Nothing is said of accounts
that were chosen by their content (campaigns.tenants).
## False positives
A crowd without habits has F near 1 as well: then p is large and nothing is said. A product with one purpose
(a translator) has F near 1 among people with habits: hence the small weight. Seats of a company whose machines send
as much each on a few subjects, any seat on any of them.
## Evasions
Topics that no two accounts share, cover of four requests in five, volumes dealt out unevenly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.content import DEALS, DRAWS, OWN_P, by_hash, dealt_p, of_crowds, ratio, sets, some
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import Records
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats import shards
from stillwatch.stats.evalues import mixture_bits

SHARD_EVENTS_MAX = 12


# Pools are exchanged nearly always, single-purpose products now and then: two bits for, no more. Content of one's
# own all but rules out one list that a balancer deals out; what remains is topic sharding.
EXCHANGED = {
    "extraction": 2.0,
    "relay": 2.0,
    "batch": 2.0,
    "application": -1.0,
    "classroom": -2.0,
    "reseller": -2.0,
}
# Where accounts with content of their own are dealt to, by topic or language, or with unrelated traffic in between, one
# hand is at work: customers of a product neither wait for each other nor send as much each. A company's jobs may.
SHARDED = {"application": 1.0, "batch": 1.0, "evaluation": 1.0, "extraction": -1.0}
# The content of EXCHANGED at half its weight: the topics may be those of departments, and half of the events judge.
CUT = {name: bits / 2.0 for name, bits in EXCHANGED.items()}
# Jobs and benchmarks are not mixed with requests of other kinds; seats have users of their own.
MIXED = {"application": 1.0, "reseller": 1.0, "extraction": -1.0}
OWN = {
    "application": 3.0,
    "batch": 2.0,
    "evaluation": 1.0,
    "reseller": 1.0,
    "classroom": 1.0,
    "extraction": -5.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentExchange:
    """Judges whether the account explains the content."""

    id: ClassVar[str] = "content_exchange"
    title: ClassVar[str] = "Any account could have sent any prompt"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    accounts_min: int = 5

    def judge(self, group: Group) -> Judgement | None:
        """None without content vectors or with too few accounts of two judged events."""
        mine = some(sets(group.events, group.judged), group.obs.seed)
        crowd = sets(group.obs.crowd, np.arange(group.obs.crowd.rows))
        if len(mine) < self.accounts_min or len(crowd) < 2 * self.accounts_min:
            return None
        f, size = ratio(group.events, mine), len(mine)
        null = of_crowds(group.obs.crowd, mine, crowd, ratio, (group.obs.seed, 7))
        if not np.isfinite(f) or np.isnan(null).mean() > 0.2:
            return None
        p = (1 + np.count_nonzero(null <= f)) / (DRAWS + 1)
        bits = float(mixture_bits(np.log(p)))
        low, middle = np.nanquantile(null, [0.05, 0.5])
        seen = f"F = {f:.2f} between over within accounts ({size} accounts); independent customers {middle:.2f}, 5 % below {low:.2f}"
        p_dealt = dealt_p(group.events, mine, f, group.obs.seed)
        own, exchanged = p_dealt <= OWN_P, p <= 0.05 and p_dealt > OWN_P
        seen += f"; p = {p_dealt:.3f} if any account could have sent any prompt"
        reading = _Reading()
        if group.chosen_by_content:
            seen += "; these accounts were chosen by their content, which says no more"
        elif own:
            reading = _of_their_own(group, _nearer(f, null))
        elif exchanged:
            reading = _exchanged(group, p)
        evidence = Evidence(
            detector=self.id,
            bits=0.0 if group.chosen_by_content else round(bits, 2),
            n=size,
            observed=[seen + reading.said],
            inferred=[reading.inferred] if reading.inferred else [],
            counter=["each account has content of its own, as independent users do"]
            if own and not group.chosen_by_content
            else [],
        )
        return Judgement(evidence, reading.leans, seen + reading.said)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Leanings, what else was seen, and what it says."""

    leans: dict[str, float] = field(default_factory=dict)
    said: str = ""
    inferred: str = ""


def _exchanged(group: Group, p: float) -> _Reading:
    """Of accounts any of which could have sent any prompt, unlike independent customers (p)."""
    leans, said, dealing = EXCHANGED, "", group.dealing
    if group.unworded and not dealing.shown and p <= OWN_P and group.one_pool:
        # Of accounts that share means only, common_means asks for a hand that deals. A balancer that deals by weights
        # shows in the content alone.
        leans = EXCHANGED | {"extraction": 6.0, "batch": -1.0}
        said = "; in accounts that share payers and change between each other's networks"
    return _Reading(leans, said, "one work list is dealt out over the accounts")


def _of_their_own(group: Group, nearer: bool) -> _Reading:
    """Of accounts with content of their own; nearer: F is nearer to that of one list dealt out than to independent
    customers'."""
    dealing, own = group.dealing, _Reading(OWN)
    if dealing.in_turns:
        inferred = "topics, languages or cover are dealt out over the accounts, which take turns"
        return _Reading(SHARDED, "; and yet they take turns", inferred)
    if group.by_means and not group.unworded:
        return own
    if dealing.bunched and not dealing.in_step:
        return own  # a quota that a course or a team uses up may look so
    if not (dealing.evenly or dealing.at_random):
        return own
    how = "evenly" if dealing.evenly else "at random"
    if group.by_means and nearer:
        said = f"; nearer to one list dealt out than to independent customers, in volumes dealt {how}"
        return _Reading(
            MIXED, said, "one list is dealt out over the accounts, among requests of each account's own"
        )
    least, most = shards.EVENTS_MIN, SHARD_EVENTS_MAX
    mine = some(by_hash(group.events, group.judged, least, most), group.obs.seed)
    crowd = by_hash(group.obs.crowd, np.arange(group.obs.crowd.rows), least, most)
    if min(len(mine), len(crowd) // 2) < 2 * shards.SHARD_ACCOUNTS:
        return own
    cut = shards.Shards(group.events.vectors, mine)
    f, null = cut.ratio(), of_crowds(group.obs.crowd, mine, crowd, _inside, (group.obs.seed, 13))
    if not np.isfinite(f) or np.isnan(null).mean() > 0.2:
        return own
    p_dealt = cut.dealt_p(DEALS, group.obs.seed + len(mine))
    said = f"; inside topics F = {f:.2f}, independent customers {np.nanmedian(null):.2f}, p = {p_dealt:.3f} if dealt"
    if p_dealt <= OWN_P or not _nearer(f, null):
        return _Reading(OWN, said)
    return _Reading(CUT, said, f"a list cut by topic or language is dealt out {how} over the accounts")


def _nearer(f: float, null: np.ndarray) -> bool:
    """Less than independent customers' (p <= OWN_P), and nearer to 1 than to their median."""
    p = (1 + np.count_nonzero(~(null > f))) / (null.size + 1)  # nan counts against
    return bool(p <= OWN_P and f - 1.0 <= (np.nanmedian(null) - 1.0) / 2.0)


def _inside(records: Records, held: list[np.ndarray]) -> float:
    return shards.Shards(records.vectors, held).ratio()
