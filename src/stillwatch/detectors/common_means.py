"""Accounts that share means and no text: a pool whose wording hides it, resold accounts, or a company.

## What it detects
Groups found by payer, sign-up sitting or client alone (campaigns.means), and whether one hand deals to them.
## Statistic
Dealt: turns or volumes more regular than random dealing (p <= P_TURNS), or both as random dealing makes them and as
independent customers' are not (campaigns.dealing). Share of linked events whose turns are known that are a single
question, and whether the accounts converse less than the crowd's (permutation test of the mean share, p <= P_TURNS) and
are nearer to single questions only than to the crowd's share (in a large group any difference is significant): those
who use resold accounts converse as others do. Descriptive: bits 0, leanings only. Null of each: see turn_taking,
volume_balance.
## False positives
Sharing means is what resold accounts and companies do, and says nothing of a harvest. What speaks for one is a hand that
deals, and requests that share no wording, new or old (Group.worded): a company's job does, and is then left alone.
## Evasions
Uneven quotas, invented histories, and an old wording of somebody else's in a fifth of the requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.dealing import P_TURNS
from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.stats.permutation import permutation_p

DRAWS = 1_999


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonMeans:
    """Judges what groups without a shared text may be."""

    id: ClassVar[str] = "common_means"
    title: ClassVar[str] = "Common means and no common text"
    status: ClassVar[str] = "experimental"
    techniques: ClassVar[tuple[str, ...]] = ()
    single_min: float = 0.95

    def judge(self, group: Group) -> Judgement | None:
        """None for groups that share a text."""
        if not group.by_means:
            return None
        records, rows = group.events, group.rows
        dealing = group.dealing
        p = min(dealing.p_volumes, dealing.p_turns)
        turns = records.turns[rows]
        asked = turns[turns > 0]  # 0: not seen, which speaks against nobody
        single = float((asked <= 1).mean()) if asked.size else 0.0
        # A relay is told by turns that were never issued here; those are keys of their own, and link a group.
        leans = {"relay": -8.0, "reseller": 1.0}
        p_converse, usual = _converse(group)
        as_others = p_converse > P_TURNS or single < (1.0 + usual) / 2.0
        if single < self.single_min and as_others:
            leans = {"relay": -8.0, "reseller": 5.0, "extraction": -4.0}
        regular, at_random = p <= P_TURNS, dealing.at_random and group.unworded
        leans["extraction"] = leans.get("extraction", 0.0) + (0.0 if regular else 2.0 if at_random else -4.0)
        if (regular or at_random) and group.unworded:
            # A job is written once and sent many times: what one organisation deals out shares its wording.
            leans["batch"] = -3.0
        text = "no new text"
        if group.worded is not None:
            text = "no wording" if group.unworded else f"a wording that is not new ({group.worded:.0%})"
        seen = (
            f"the accounts share payer, sign-up or client and {text}; {single:.0%} of their events are a single "
            f"question (p = {p_converse:.4f} if they conversed as the crowd does), dealing p = {p:.3f}"
        )
        if at_random:
            seen += f"; volumes and order as dealt at random (p = {dealing.p_crowd:.4f} for independent customers)"
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(group.customers.size),
            observed=[seen],
            inferred=["one hand deals to accounts that were got together"] if regular or at_random else [],
            counter=["resold accounts and the seats of a company share means as well"],
        )
        return Judgement(evidence, leans, seen)


def _converse(group: Group) -> tuple[float, float]:
    """(P that accounts which converse as the crowd's do send as many single questions, mean share of the crowd's).

    Statistic: mean over accounts of the share of their events that are a single question. Null: the accounts are a
    draw of group and crowd; permutation test (Phipson & Smyth 2010), DRAWS draws.
    """
    mine = _single(group.events.customer[group.rows], group.events.turns[group.rows])
    if not mine.size:
        return 1.0, 0.0
    crowd = _single(group.obs.crowd.customer, group.obs.crowd.turns)
    rng = np.random.default_rng([group.obs.seed, 11, mine.size])
    pool = np.concatenate([mine, crowd])
    null = np.array([rng.permutation(pool)[: mine.size].mean() for _ in range(DRAWS)])
    p = float(permutation_p(round(float(mine.mean()), 12), null.round(12)))
    return p, float(crowd.mean()) if crowd.size else 0.0


def _single(owner: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """f64[accounts]: share of single questions among the events of each account whose turns are known."""
    _, who = np.unique(owner[turns > 0], return_inverse=True)
    return np.bincount(who, weights=turns[turns > 0] <= 1) / np.bincount(who)
