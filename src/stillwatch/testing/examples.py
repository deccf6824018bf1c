"""One small, complete `Scan` to render and store in tests: every field filled, hostile text included."""

from __future__ import annotations

from stillwatch.evidence import Evidence
from stillwatch.findings.result import (
    EXPLANATIONS,
    AccountMembership,
    Campaign,
    GroupDetail,
    Health,
    InputSummary,
    LookAlike,
    RankedExplanation,
    RelatedCampaign,
    Scan,
    ScanDetail,
    ScanResult,
    Tool,
)

HOSTILE = "<script>alert(1)</script>\x1b[31m=cmd"
_FIRST, _LAST = "2026-05-04T00:00:00Z", "2026-05-10T23:59:59Z"


def example_scan(accounts: int = 30) -> Scan:
    """A campaign of `accounts` accounts (one with a hostile name) and one look-alike."""
    names = [HOSTILE, *(f"acct-{i:03d}" for i in range(1, accounts))]
    evidence = [
        Evidence(
            detector="key_burst",
            bits=58.2,
            n=accounts,
            observed=["30 accounts share one span"],
            counter=["a product"],
        ),
        Evidence(detector="content_exchange", bits=-0.5, n=12, observed=["F = 1.4"], inferred=[]),
    ]
    ranking = [
        RankedExplanation(
            name=name, bits=6.0 - 2 * i, for_=["seen (+6.0 bits)"] if i == 0 else [], against=[]
        )
        for i, name in enumerate(EXPLANATIONS)
    ]
    campaign = Campaign(
        id="g-0000000001", p_value=0.0005, q_value=0.001, bits=57.7, severity="medium", explanation="extraction",
        explanations=ranking, first=_FIRST, last=_LAST, events=240, techniques=["AML.T0024.002"], evidence=evidence,
        accounts=[AccountMembership(account_id=n, p_value=1e-4, q_value=1e-3, share=0.5) for n in names],
        related=[RelatedCampaign(campaign="g-0000000002", relation="shares-pool")],
    )  # fmt: skip
    detail = GroupDetail(
        id=campaign.id, timeline=[(_FIRST, 100, 20), (_LAST, 140, 25)], explanations=ranking, evidence=evidence,
        template=[("fixed", "You are an expert"), ("slot", ""), ("fixed", "<b>in words</b>")],
        nodes=[(n, 8, 3) for n in names], links=[(0, i, 12.0) for i in range(1, accounts)],
        families={"lexical": 12.0}, statistics={"accounts": accounts, "p, permutation": 0.0005},
        what_would_change=["application would lead with 2.0 more bits: a product"], replay="stillwatch scan logs",
    )  # fmt: skip
    health = Health(null_qq=[(0.1, 0.12), (0.5, 0.5), (0.9, 0.91)], resolution={"permutations": 1999})
    result = ScanResult(
        tool=Tool(name="stillwatch", version="0.1.0"),
        input=InputSummary(events=1000, accounts=120, first=_FIRST, last=_LAST, coverage={"ip": 1.0}),
        fdr=0.01,
        campaigns=[campaign],
        look_alikes=[
            LookAlike(
                id="g-0000000002", explanation="application", accounts=["b-1", "b-2"], reason="one product"
            )
        ],
        health=health,
    )
    extra = ScanDetail(
        groups=[detail],
        timeline=[(_FIRST, 500, 90)],
        quarantine=[("log.jsonl:3", "not JSON")],
        quarantined={"not JSON": 1},
    )
    return Scan(result=result, detail=extra)
