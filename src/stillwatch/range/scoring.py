"""How right were the findings? Recall and false accounts against the truth of a world, with intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from stillwatch.errors import UnreadableInputError
from stillwatch.stats.interval import clopper_pearson

CAMPAIGN_FOUND_SHARE = 0.5


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Shares in [0, 1]; None where the world has nothing to count. A campaign is found when half its accounts are.

    event_recall: share of campaign events sent by raised accounts. false_account_bound: upper 95 %
    Clopper-Pearson bound of the false account rate ("0 of N" is not 0). harvest_before_detection: share of
    the campaign's events before the end of the scanned window in which it was raised (1.0: a batch scan sees
    the whole window; scan shorter windows to see it fall).
    """

    world: str
    campaigns: int
    campaigns_found: int
    campaign_recall: float | None
    account_recall: float | None
    event_recall: float | None
    raised_accounts: int
    false_accounts: int
    honest_accounts: int
    false_account_rate: float
    false_account_bound: float
    realised_fdr: float
    false_campaigns: int
    worst_look_alike: str
    worst_look_alike_share: float
    look_alikes_raised: int
    harvest_before_detection: float | None


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UnreadableInputError(
            "not readable JSON", where=str(path), hint="give truth.json and the JSON of a scan"
        ) from error
    if not isinstance(value, dict) or "campaigns" not in value:
        raise UnreadableInputError("holds no 'campaigns'", where=str(path), hint="order: TRUTH FINDINGS")
    return value


def score_findings(truth: Path, findings: Path) -> Score:
    """Compare the JSON of a scan with truth.json; the events beside the truth give owners and population."""
    known, found = _read(truth), _read(findings)
    events = pq.read_table(truth.parent / "events.parquet", columns=["event_id", "account_id"]).to_pydict()
    owner = dict(zip(events["event_id"], events["account_id"], strict=True))
    population = set(events["account_id"])
    raised = [{a["account_id"] for a in c["accounts"]} for c in found["campaigns"]]
    everyone: set[str] = set().union(*raised)
    guilty: set[str] = set().union(*(set(c["accounts"]) for c in known["campaigns"]))
    hits = [len(set(c["accounts"]) & everyone) / max(1, len(c["accounts"])) for c in known["campaigns"]]
    stolen = [e for c in known["campaigns"] for e in c["events"]]
    seen = [e for e in stolen if owner.get(e) in everyone]
    honest = len(population - guilty)
    false = len(everyone - guilty)
    shares = {
        x["kind"]: len(set(x["accounts"]) & everyone) / max(1, len(x["accounts"]))
        for x in known.get("look_alikes", [])
    }
    worst = max(shares, key=lambda k: shares[k]) if shares else ""
    found_count = sum(h >= CAMPAIGN_FOUND_SHARE for h in hits)
    return Score(
        world=str(known.get("world", "")),
        campaigns=len(hits),
        campaigns_found=found_count,
        campaign_recall=found_count / len(hits) if hits else None,
        account_recall=len(guilty & everyone) / len(guilty) if guilty else None,
        event_recall=len(seen) / len(stolen) if stolen else None,
        raised_accounts=len(everyone),
        false_accounts=false,
        honest_accounts=honest,
        false_account_rate=false / max(1, honest),
        false_account_bound=float(clopper_pearson(false, max(1, honest))[1]),
        realised_fdr=false / max(1, len(everyone)),
        false_campaigns=sum(not (r & guilty) for r in raised),
        worst_look_alike=worst,
        worst_look_alike_share=shares.get(worst, 0.0),
        look_alikes_raised=sum(s > 0 for s in shares.values()),
        harvest_before_detection=1.0 if found_count else None,
    )
