"""A verdict becomes the findings JSON of a scan, plus `account_scores`: the one form that scoring reads.

The extra key ranks every account (higher = more suspicious), so that recall at a fixed account false positive rate
can be read off; it is optional, and without it the p-values of the raised accounts rank.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from stillwatch import __version__
from stillwatch.evidence import Evidence
from stillwatch.findings.result import AccountMembership, Campaign, Health, InputSummary, ScanResult, Tool
from stillwatch.range.baselines.baseline import Baseline, Verdict
from stillwatch.range.baselines.window import Window
from stillwatch.stats.multiplicity import bh_q_values


class BaselineFindings(ScanResult, frozen=True, kw_only=True):
    """The findings JSON with `account_scores`: account_id -> score of every account of the window."""

    account_scores: dict[str, float]


def findings(baseline: Baseline, window: Window, verdict: Verdict) -> BaselineFindings:
    """The published form. `bits` is 0: a baseline's score is no e-value."""
    q = bh_q_values(verdict.p_value)
    first, last = window.span_us
    campaigns = [
        _campaign(baseline, window, verdict, q, number, group)
        for number, group in enumerate(verdict.groups, 1)
    ]
    return BaselineFindings(
        tool=Tool(name=f"baseline:{baseline.id}", version=__version__),
        input=InputSummary(
            events=int(window.now.account.size),
            accounts=window.now.accounts,
            first=_iso(first),
            last=_iso(last),
            coverage={k: round(v, 4) for k, v in window.coverage.items()},
        ),
        fdr=0.01,
        campaigns=campaigns,
        look_alikes=[],
        health=Health(),
        account_scores={name: float(s) for name, s in zip(window.names, verdict.score, strict=True)},
    )


def _campaign(
    baseline: Baseline, window: Window, verdict: Verdict, q: np.ndarray, number: int, group: np.ndarray
) -> Campaign:
    rows = np.isin(window.now.account, group)
    ts = window.now.ts[rows]
    members = [
        AccountMembership(
            account_id=window.names[a], p_value=float(verdict.p_value[a]), q_value=float(q[a]), share=1.0
        )
        for a in group.tolist()
    ]
    said = verdict.observed[number - 1]
    return Campaign(
        id=f"{baseline.id}-{number}",
        p_value=float(verdict.p_value[group].min()),
        q_value=float(q[group].min()),
        bits=0.0,
        severity="medium",
        explanation="extraction",
        explanations=[],
        accounts=members,
        first=_iso(int(ts.min())),
        last=_iso(int(ts.max())),
        events=int(rows.sum()),
        techniques=[],
        evidence=[Evidence(detector=baseline.id, bits=0.0, n=group.size, observed=[said])],
    )


def _iso(us: int) -> str:
    return datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
