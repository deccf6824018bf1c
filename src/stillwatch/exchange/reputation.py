"""How far a source has proved reliable, as one member sees it, when sources and voters may flood, collude or frame.

**Model.** A signature of a source holds on a member's own traffic or it does not; the unknown share theta of a source's
signatures that hold has a Beta(1, 1) prior. Evidence is added as pseudo-observations (Jøsang & Ismail, "The Beta
Reputation System", 15th Bled eConference 2002, section 3.1): with r for and s against, theta ~ Beta(1 + r, 1 + s),
of which we give the mean (1 + r) / (2 + r + s) and the equal-tailed 95 % interval.

**What counts**, seen from the member `me`:

1. *Own experience.* Each signature that we confirmed or disputed ourselves on our own traffic is one observation. This
   is the anchor that others cannot move (the pre-trusted peer of Kamvar, Schlosser & Garcia-Molina, "The EigenTrust
   Algorithm", WWW 2003, section 4.5).
2. *The word of others.* A member has one vote on a signature, whatever number of objects it posts. On one source a
   voter v weighs w(v) in all, split by the share p(v) of its votes there that confirm: r += w p, s += w (1 - p). More
   signatures or more votes do not make it weigh more. w(v) = (1 + a) / (2 + c) is the posterior mean of its agreement
   with us: c signatures on which both voted, a of them alike; a stranger weighs 1/2, nobody more than 1.
3. *Cliques.* Members that confirm each other are not independent: the connected parts of the graph of mutual
   confirmation (u confirmed a signature of v and v one of u) are groups, and the sum of w over a group is capped at
   CLIQUE_MASS = 1. We are in no group.

**Bounds.** Let G be the number of groups, each at least one member, that vote on a source. Others together move r + s by
at most G; a clique of any size, with any number of signatures and votes, by at most 1: without other evidence it can
lift the mean from 1/2 to at most (1 + 1) / (2 + 1) = 2/3, and after n disputes of our own to at most 2 / (3 + n). Members
of a forum are admitted one by one, so identities are not free (Douceur, "The Sybil Attack", IPTPS 2002).

**What it misses.** k members that all confirm one source and get nothing back look independent and weigh up to k. In a
small forum where honest members all confirm each other they are one group: their word is worth little, and our own
experience decides. A source that was reliable and turns is met by disputes of the signature at hand (`Tally`), not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

PRIOR = 1.0
CLIQUE_MASS = 1.0
SUSPENDING_GROUPS = 2
LEVEL = 0.95


class Vote(NamedTuple):
    """What a member last said of a signature of `source`: it holds, or it does not."""

    voter: str
    signature: str
    source: str
    holds: bool


class Reliability(NamedTuple):
    """Posterior of a source: mean and 95 % interval in [0, 1]; observations for and against; groups that spoke."""

    mean: float
    low: float
    high: float
    r: float
    s: float
    groups: int


class Tally(NamedTuple):
    """What was said of one signature: independent groups that confirm and dispute it, and our own word (or None)."""

    confirming: int
    disputing: int
    own: bool | None

    @property
    def suspended(self) -> bool:
        """Disputed by us, or by two independent groups while we have not seen it hold ourselves."""
        return self.own is False or (self.own is None and self.disputing >= SUSPENDING_GROUPS)


def votes_of(said: Iterable[Vote]) -> list[Vote]:
    """One vote for each member and signature, in order; nobody votes on its own; who says both, disputes."""
    held: dict[tuple[str, str], Vote] = {}
    for vote in said:
        if vote.voter == vote.source:
            continue
        before = held.get((vote.voter, vote.signature))
        if before is None or before.holds:
            held[vote.voter, vote.signature] = vote
    return [held[name] for name in sorted(held)]


def groups_of(votes: Sequence[Vote], me: str) -> dict[str, str]:
    """Member -> the smallest id of its group: connected parts of mutual confirmation, without `me`."""
    confirmed = {(v.voter, v.source) for v in votes if v.holds and me not in (v.voter, v.source)}
    parent = {name: name for v in votes for name in (v.voter, v.source)}

    def top(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for voter, source in sorted(confirmed):
        if (source, voter) in confirmed:
            one, other = sorted((top(voter), top(source)))
            parent[other] = one
    return {name: top(name) for name in sorted(parent)}


def agreement(votes: Sequence[Vote], me: str) -> dict[str, float]:
    """w(v) of every voter but us."""
    ours = {v.signature: v.holds for v in votes if v.voter == me}
    alike, common = defaultdict[str, int](int), defaultdict[str, int](int)
    for v in votes:
        common[v.voter] += v.signature in ours
        alike[v.voter] += ours.get(v.signature) == v.holds
    return {name: (1 + alike[name]) / (2 + common[name]) for name in common if name != me}


def reliabilities(said: Iterable[Vote], sources: Iterable[str], me: str) -> dict[str, Reliability]:
    """The posterior of every source, from all votes (any order, repeats allowed). Pure."""
    votes = votes_of(said)
    group, weight = groups_of(votes, me), agreement(votes, me)
    by_source = defaultdict[str, list[Vote]](list)
    for v in votes:
        by_source[v.source].append(v)
    return {s: _posterior(by_source.get(s, []), group, weight, me) for s in sorted(set(sources))}


def tallies(said: Iterable[Vote], me: str) -> dict[str, Tally]:
    """Signature -> what was said of it."""
    votes = votes_of(said)
    group = groups_of(votes, me)
    yes, no = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    own: dict[str, bool] = {}
    for v in votes:
        if v.voter == me:
            own[v.signature] = v.holds
        else:
            (yes if v.holds else no)[v.signature].add(group[v.voter])
    return {s: Tally(len(yes[s]), len(no[s]), own.get(s)) for s in sorted({v.signature for v in votes})}


def _posterior(
    votes: Sequence[Vote], group: Mapping[str, str], weight: Mapping[str, float], me: str
) -> Reliability:
    """Beta posterior of one source from the votes on its signatures."""
    mine = [v.holds for v in votes if v.voter == me]
    counts = defaultdict[str, list[int]](lambda: [0, 0])
    for v in votes:
        if v.voter != me:
            counts[v.voter][0 if v.holds else 1] += 1
    sums = defaultdict[str, list[float]](lambda: [0.0, 0.0])
    for voter in sorted(counts):
        yes, no = counts[voter]
        sums[group[voter]][0] += weight[voter] * yes / (yes + no)
        sums[group[voter]][1] += weight[voter] * no / (yes + no)
    r, s = float(sum(mine)), float(len(mine) - sum(mine))
    for name in sorted(sums):
        up, down = sums[name]
        scale = min(1.0, CLIQUE_MASS / (up + down))
        r, s = r + scale * up, s + scale * down
    return _beta(r, s, len(sums) + bool(mine))


def _beta(r: float, s: float, groups: int) -> Reliability:
    from scipy.special import betaincinv  # slow to import, and only needed where somebody has voted

    a, b = PRIOR + r, PRIOR + s
    tail = (1 - LEVEL) / 2
    return Reliability(
        a / (a + b), float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail)), r, s, groups
    )
