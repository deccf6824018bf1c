"""From judged groups to the published result: p and q, severity, accounts, related campaigns, page detail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.linking import weighed
from stillwatch.campaigns.membership import Membership, membership
from stillwatch.campaigns.observation import Observation
from stillwatch.detectors import DETECTORS, Judgement
from stillwatch.detectors.shared_control import NAMES
from stillwatch.features.families import Family, family_of
from stillwatch.findings.explanations import RAISED, leads, raised, rank, what_would_change
from stillwatch.findings.profile import profile
from stillwatch.findings.result import (
    AccountMembership,
    Campaign,
    GroupDetail,
    LookAlike,
    RankedExplanation,
    RelatedCampaign,
    Severity,
)

NODES_MAX, LINKS_MAX, BINS = 150, 400, 60
NEAR_BITS = 3.0
"""What is less than this behind is told of a group that is not raised: odds of eight to one are no clearance."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A group with everything said about it."""

    id: str
    group: Group
    members: Membership
    judgements: list[Judgement]
    ranking: list[RankedExplanation]
    q_value: float
    overruled: tuple[str, str] | None = None
    """(explanation, reason) of a group that is not raised whatever leads its ranking."""

    @property
    def raised(self) -> bool:
        """Extraction leads the ranking, not on descriptions alone (the caller also checks q)."""
        return raised(self.ranking, self.judgements)


def judge(group: Group, declared: dict[str, tuple[float, str]], q_value: float, fdr: float) -> Judged:
    """Run every detector on the group and rank the explanations; `fdr`: the level its accounts are told at."""
    judgements = [j for j in (d.judge(group) for d in DETECTORS) if j is not None]
    members = membership(group, fdr)
    return Judged(group_id(group), group, members, judgements, rank(judgements, declared), q_value)


def group_id(group: Group) -> str:
    """Stable id: BLAKE2b of the sorted account ids."""
    digest = hashlib.blake2b(digest_size=5)
    for name in account_names(group):
        digest.update(name.encode("utf-8", "replace") + b"\0")
    return f"g-{digest.hexdigest()}"


def account_names(group: Group) -> list[str]:
    """Account ids with linked events, sorted."""
    return [group.obs.accounts[i] for i in np.unique(group.events.account[group.linked])]


def campaign(judged: Judged, fdr: float, related: Sequence[RelatedCampaign] = ()) -> Campaign:
    """The published record of a raised group."""
    group = judged.group
    ts = group.events.ts[group.linked]
    evidence = [j.evidence for j in judged.judgements]
    used = {
        t
        for d in DETECTORS
        for t in d.techniques
        for j in judged.judgements
        if j.evidence.detector == d.id and j.evidence.bits > 0
    }
    return Campaign(
        id=judged.id,
        p_value=group.p_value,
        q_value=judged.q_value,
        bits=round(sum(e.bits for e in evidence), 2),
        severity=_severity(group),
        explanation=judged.ranking[0].name,
        explanations=list(judged.ranking),
        accounts=_accounts(judged, fdr),
        first=iso(int(ts.min())),
        last=iso(int(ts.max())),
        events=int(group.linked.size),
        techniques=sorted(used | {"AML.T0024.002"}),
        evidence=evidence,
        related=list(related),
    )


def stands(judged: Judged, fdr: float) -> bool:
    """Raised as a campaign: extraction leads, q is at most `fdr`, and enough accounts stand out by themselves (a lone
    account was found by standing out)."""
    enough = judged.group.lone_p is not None or len(_accounts(judged, fdr)) >= ACCOUNTS_MIN
    return judged.overruled is None and judged.raised and judged.q_value <= fdr and enough


def look_alike(judged: Judged, fdr: float) -> LookAlike:
    """The record of a linked group that is not raised, with the reason."""
    first = judged.ranking[0]
    name = first.name
    if judged.overruled is not None:
        name, reason = judged.overruled
    elif judged.raised and judged.q_value <= fdr:
        name, reason = "unknown", f"inconclusive: fewer than {ACCOUNTS_MIN} accounts stand out by themselves"
    elif judged.raised:
        name, reason = "unknown", f"inconclusive: q = {judged.q_value:.3g} is above the requested {fdr:g}"
    elif leads(judged.ranking):
        name, reason = (
            "unknown",
            f"inconclusive: {first.name} leads, but nothing shows who deals or what the answers are for",
        )
    elif name in RAISED:
        rival = next(e for e in judged.ranking if e.name not in RAISED)
        name = rival.name
        reason = f"inconclusive: {first.name} leads by {first.bits - rival.bits:.1f} bits, too little"
    else:
        reason = "; ".join(first.for_[:3]) or "nothing speaks for extraction"
        acted = next(e for e in judged.ranking if e.name in RAISED)
        if judged.q_value <= fdr and first.bits - acted.bits < NEAR_BITS:
            reason += f"; not ruled out: {acted.name} is {first.bits - acted.bits:.1f} bits behind"
    return LookAlike(id=judged.id, explanation=name, accounts=account_names(judged.group), reason=reason)


def _accounts(judged: Judged, fdr: float) -> list[AccountMembership]:
    """Members at `fdr`, and those at the floor of resolution (their q says so), most certain first."""
    group, members = judged.group, judged.members
    place = {int(c): i for i, c in enumerate(members.customers)}
    owner, held = (of[group.linked] for of in (group.events.customer, group.events.account))
    out = []
    for account, first in zip(*np.unique(held, return_index=True), strict=True):
        i = place[int(owner[first])]
        if members.q[i] <= fdr or members.p[i] <= 1.5 * members.floor:
            out.append(
                AccountMembership(
                    account_id=group.obs.accounts[account],
                    p_value=float(members.p[i]),
                    q_value=float(members.q[i]),
                    share=round(float(members.share[i]), 4),
                )
            )
    return sorted(out, key=lambda a: (a.q_value, -a.share, a.account_id))


def _severity(group: Group) -> Severity:
    """By reach: accounts and linked events. Says how large, never how certain."""
    size = group.customers.size * max(1, group.linked.size) ** 0.5
    return "critical" if size >= 1e5 else "high" if size >= 5e3 else "medium" if size >= 200 else "low"


def iso(ts_us: int) -> str:
    """RFC 3339 in UTC of microseconds since the epoch."""
    return datetime.fromtimestamp(ts_us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def timeline(ts: np.ndarray, customer: np.ndarray, window: tuple[int, int]) -> list[tuple[str, int, int]]:
    """(bin start, events, active accounts) over the window in BINS bins."""
    width = max(1, (window[1] - window[0]) // BINS + 1)
    place = np.clip((ts - window[0]) // width, 0, BINS - 1)
    events = np.bincount(place, minlength=BINS)
    people = np.bincount(np.unique(np.column_stack([place, customer]), axis=0)[:, 0], minlength=BINS)
    return [(iso(window[0] + i * width), int(events[i]), int(people[i])) for i in range(BINS)]


def activity(obs: Observation) -> list[tuple[str, int, int]]:
    """(bin start, events, active accounts) of all traffic in the window."""
    width = (obs.window[1] - obs.window[0]) / max(1, len(obs.activity))
    return [(iso(int(obs.window[0] + i * width)), int(e), int(a)) for i, (e, a) in enumerate(obs.activity)]


def detail(
    judged: Judged, template: list[tuple[str, str]], replay: str, requests: Sequence[Mapping[str, Any]] = ()
) -> GroupDetail:
    """What a page shows of the group; `requests`: parameters of sampled requests."""
    group = judged.group
    records, rows = group.events, group.linked
    tried = 0 if group.tried is None else group.tried.size
    nodes, links = _graph(group)
    return GroupDetail(
        id=judged.id,
        timeline=timeline(records.ts[rows], records.customer[rows], group.obs.window),
        template=template,
        nodes=nodes,
        links=links,
        families=_families(group),
        statistics={
            "accounts": int(group.customers.size),
            "linked events": int(rows.size),
            **({"of a first try, not judged": tried} if tried else {}),
            **({} if group.tasks is None else {"tasks": group.tasks.count}),
            "judged events (other half)": int(group.judged.size),
            "log10 p, strongest key (Bonferroni)": round(float(group.log_p_burst / np.log(10)), 2),
            "p, permutation": group.p_link,
            "account p floor": judged.members.floor,
        },
        explanations=list(judged.ranking),
        evidence=[j.evidence for j in judged.judgements],
        what_would_change=[
            *([judged.overruled[1]] if judged.overruled else []),
            *what_would_change(judged.ranking),
        ],
        replay=replay,
        profile=profile(group, requests),
    )


def _families(group: Group) -> dict[str, float]:
    """Family -> bits of its strongest key: burst keys by reference rate, others by shared attributes."""
    obs = group.obs
    out: dict[str, float] = {}
    bits = np.log2((obs.reference_units + 1) / (obs.burst.r[group.keys] + 0.5))
    for code in np.unique(family_of(obs.burst.key[group.keys])):
        out[Family(int(code)).name.lower()] = round(
            float(bits[family_of(obs.burst.key[group.keys]) == code].max()), 2
        )
    keys = group.events.attributes
    weight = weighed(obs, keys)
    rows = group.linked
    for column in range(len(NAMES)):
        held = keys[rows, column]
        shared, counts = np.unique(held[held != 0], return_counts=True)
        if shared.size and counts.max() >= 2:
            family = Family(int(family_of(shared[:1])[0])).name.lower()
            top = rows[np.flatnonzero(held == shared[np.argmax(counts)])[0]]
            out[family] = round(max(out.get(family, 0.0), float(weight[top, column])), 2)
    return {k: v for k, v in sorted(out.items(), key=lambda kv: -kv[1]) if v > 0}


def _graph(group: Group) -> tuple[list[tuple[str, int, int]], list[tuple[int, int, float]]]:
    """Accounts with most linked events, and the strongest link of each to an earlier one."""
    records, rows = group.events, group.linked
    accounts, place, counts = np.unique(records.account[rows], return_inverse=True, return_counts=True)
    top = np.argsort(-counts, kind="stable")[:NODES_MAX]
    held: dict[int, set[int]] = {int(i): set() for i in top}
    for row, i in zip(rows, place, strict=True):
        if int(i) in held:
            held[int(i)].update(records.hit_key[records.hit_start[row] : records.hit_start[row + 1]].tolist())
    nodes = [(group.obs.accounts[accounts[i]], int(counts[i]), len(held[int(i)])) for i in top]
    bits = np.log2((group.obs.reference_units + 1) / (group.obs.burst.r + 0.5))
    links = []
    for b in range(1, len(top)):
        shared = [(len(held[int(top[a])] & held[int(top[b])]), -a) for a in range(b)]
        for size, a in sorted(shared, reverse=True)[:2]:
            if size:
                common = held[int(top[-a])] & held[int(top[b])]
                links.append((-a, b, round(float(bits[list(common)].max()), 2)))
    return nodes, links[:LINKS_MAX]
