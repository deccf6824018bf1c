"""Volumes too even for people: the linked events are dealt out round-robin.

## What it detects
Under-dispersed counts of linked events per account, of all its events (a bounded sample is even by itself).
## Statistic
D = variance / mean, the smaller of it and of D given how long each account was present (accounts that are replaced
come and go); against random dealing (G - 1) D is chi-squared (Fisher, Thornton & Mackenzie 1922).
Bits for small D only; people are over-dispersed (D above UNEVEN_MIN, upper tail of the same law at most 0.001), which
counts for them unless the accounts act at all hours (Group.tireless), or share payers, go round a pool of exits and lean to
no bunches (Group.one_pool), or their tasks (campaigns.tasks) are not over-dispersed, so that only the lengths of conversations are: then hardly anything
is said, since people who come once a day have even tasks as well.
## False positives
A quota or a course assignment that everybody meets exactly, unless they come in sittings (Dealing.rationed), on schedules of
their own (Dealing.scheduled) or work in sittings and pay for themselves (Dealing.stacks); accounts with one event each carry no information.
## Evasions
Random balancing (D about 1); uneven quotas on accounts that keep to networks or payers of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats

from stillwatch.campaigns.dealing import MEAN_MIN, P_UNEVEN, UNEVEN_MIN
from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement, clamp
from stillwatch.evidence import Evidence
from stillwatch.stats.dispersion import volume_dispersion
from stillwatch.stats.evalues import mixture_bits

BITS_MAX = (
    10.0  # the null is random dealing; honest volumes are over-dispersed, so more would be false precision
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeBalance:
    """Judges the spread of linked volumes."""

    id: ClassVar[str] = "volume_balance"
    title: ClassVar[str] = "Volumes are dealt out evenly"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)
    mean_min: float = 2.0

    def judge(self, group: Group) -> Judgement | None:
        """None where accounts average fewer than `mean_min` linked events, and for a lone account."""
        if group.lone_p is not None:
            return None
        counts, share = group.volumes
        if counts.mean() < self.mean_min:
            return None
        d, p = float(volume_dispersion(counts)), group.dealing.p_volumes
        # A count over a share s of the account's events varies by the sampling alone: count x (1 - s) / s.
        sampled = float((counts * (1 - share) / share).sum() / counts.sum())
        uneven = min(d - sampled, _by_presence(group, counts, share))
        bits = min(BITS_MAX, float(mixture_bits(np.log(max(p, 1e-300)))))
        seen = f"D = {d:.2f} (variance over mean of {counts.mean():.1f} linked events an account)"
        dealt = p <= 0.01
        people = (
            uneven > UNEVEN_MIN and stats.chi2.sf((counts.size - 1) * uneven, counts.size - 1) <= P_UNEVEN
        )
        # A balancer may deal by weights: uneven volumes are no sign of people where the accounts share payers, go round
        # a pool of exits and come in no bunches.
        related = people and group.one_pool
        lengths = people and not related and _of_lengths(group, share)
        leans: dict[str, float] = {}
        if lengths:
            leans = {"extraction": -1.5}
            seen += "; their tasks are as even as if dealt: conversations differ in length"
        elif related:
            seen += "; uneven, in accounts that share payers and change between each other's networks"
        elif group.dealing.rationed:
            seen += "; even, in sessions of each account's own: where all use up a quota, volumes are even as well"
        elif group.dealing.scheduled and d <= UNEVEN_MIN:
            seen += "; each account keeps to a schedule of its own: at one interval, volumes are even as well"
        elif group.dealing.stacks and d <= UNEVEN_MIN:
            seen += "; each account works in sittings and pays for itself: lessons and stacks of one height are even as well"
        elif dealt or d <= 1.5:
            leans = {
                **dict.fromkeys(("extraction", "relay"), clamp(min(bits, 3.0) if dealt else 1.0)),
                "batch": clamp(min(bits, 2.0) if dealt else 1.0),
                "application": -2.0,
                "reseller": -2.0,
            }
        elif people and group.tireless:
            seen += "; uneven, in accounts that act at all hours: programs, or people by turns"
        elif people:
            # Dealing at random gives D about 1 whatever the mean, so a spread far beyond it is each account's own.
            leans = {
                "application": 1.0,
                "reseller": 1.0,
                "batch": 2.0,
                "classroom": 0.5,
                "extraction": -5.0,
            }
        evidence = Evidence(
            detector=self.id,
            bits=round(bits, 2),
            n=int(counts.size),
            observed=[seen],
            inferred=["a balancer deals the requests out"] if dealt else [],
            counter=["volumes vary as people's do"]
            if people and not (related or lengths or group.tireless)
            else [],
        )
        return Judgement(evidence, leans, seen, 1.0 if group.dealing.at_random else 0.0)


def _of_lengths(group: Group, share: np.ndarray) -> bool:
    """Whether only the lengths of conversations make the volumes uneven: tasks differ from exchanges and keep to no clock
    (Dealing.openings), their variance over mean is at most UNEVEN_MIN, and an account has MEAN_MIN or more, or they take
    turns: few are even by themselves. Not said where the events of an account are counted in part (share < 1): a bounded
    sample is even by itself as well."""
    tasks = group.tasks
    if tasks is None or group.dealing.openings is None or (share < 1).any():
        return False
    opened = group.answered.customer[tasks.opens]
    counts = np.bincount(opened, minlength=group.obs.customers)[group.customers]
    enough = counts.mean() >= MEAN_MIN or group.dealing.openings_in_turns
    return bool(enough and volume_dispersion(counts) <= UNEVEN_MIN)


def _by_presence(group: Group, counts: np.ndarray, share: np.ndarray) -> float:
    """Index of dispersion of `counts` against expectations in proportion to each account's time from first to last
    linked event, one mean gap added at either end; of the accounts whose events are all known (share 1)."""
    linked = group.in_time
    owner = np.searchsorted(group.customers, linked.customer)
    first = np.full(counts.size, np.iinfo(np.int64).max)
    last = np.full(counts.size, np.iinfo(np.int64).min)
    np.minimum.at(first, owner, linked.ts)
    np.maximum.at(last, owner, linked.ts)
    known = (share == 1) & (first <= last)
    if np.count_nonzero(known) < 2:
        return math.inf
    counts, present = counts[known], last[known] - first[known]
    span = present * (counts + 1) / np.maximum(counts - 1, 1)
    whole = int(last[known].max() - first[known].min()) + 1
    span = np.minimum(np.where(counts > 1, span, _median(span[counts > 1])), whole) + 1
    expected = counts.sum() * span / span.sum()
    return float(((counts - expected) ** 2 / expected).sum() / (counts.size - 1))


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if values.size else 1.0
