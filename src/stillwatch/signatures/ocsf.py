"""Matches of received signatures as OCSF Detection Findings (class 2004), one JSON object a line.

Severity is Informational whatever was seen: another lab's signature says where to look first and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from stillwatch import __version__
from stillwatch.findings.reports.ocsf import VERSION
from stillwatch.signatures.matching import Match

SHOWN = ("seen", "declared")
"""Verdicts that are findings; the others say that there was nothing, or nothing to look with."""


def render(matches: Sequence[Match], weights: Mapping[str, float]) -> str:
    """JSON lines of the matches with something seen; empty when there are none.

    Args:
        weights: signature id → 0 to 100, what its age and its source leave of it.
    """
    shown = [m for m in matches if m.verdict in SHOWN]
    return "".join(msgspec.json.encode(_finding(m, weights)).decode() + "\n" for m in shown)


def _ms(hour: str) -> int:
    return int(datetime.fromisoformat(hour).timestamp() * 1000)


def _finding(m: Match, weights: Mapping[str, float]) -> dict[str, Any]:
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "type_uid": 200401,
        "time": _ms(m.last_seen),
        "start_time": _ms(m.first_seen),
        "end_time": _ms(m.last_seen),
        "count": m.events,
        "severity_id": 1,
        "severity": "Informational",
        "status_id": 1,
        "status": "New",
        "confidence_score": round(weights.get(m.signature, 0.0)),
        "metadata": {
            "version": VERSION,
            "product": {"name": "stillwatch", "vendor_name": "Stillwatch", "version": __version__},
        },
        "finding_info": {
            "uid": m.signature,
            "title": f"Received signature {m.verdict} in {len(m.accounts)} accounts",
            "desc": "; ".join(m.evidence.observed),
            "first_seen_time": _ms(m.first_seen),
            "last_seen_time": _ms(m.last_seen),
            "types": [m.verdict],
            "analytic": {"uid": m.signature, "name": "distillation signature", "type_id": 1, "type": "Rule"},
        },
        "resources": [{"uid": account, "type": "account"} for account in m.accounts],
        "remediation": {"desc": "check first: " + ", ".join(m.local_checks)},
        "unmapped": {
            "most_in_a_day": m.most_in_a_day,
            "open_in_a_day": m.open_in_a_day,
            "needed": m.needed,
            "counter": m.evidence.counter,
        },
    }
