"""OCSF Detection Finding (class 2004), one JSON object a line per campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from stillwatch.findings.result import Campaign, Scan

VERSION = "1.3.0"
_SEVERITY = {"low": 2, "medium": 3, "high": 4, "critical": 5}
_TITLES = {
    "AML.T0024.002": "Extract AI Model",
    "AML.T0008.005": "AI Service Proxies",
    "AML.T0021": "Establish Accounts",
}


def render(scan: Scan) -> str:
    """JSON lines; empty when nothing was raised."""
    return "".join(msgspec.json.encode(_finding(scan, c)).decode() + "\n" for c in scan.result.campaigns)


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _finding(scan: Scan, c: Campaign) -> dict[str, Any]:
    tool = scan.result.tool
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "type_uid": 200401,
        "time": _ms(c.last),
        "start_time": _ms(c.first),
        "end_time": _ms(c.last),
        "count": c.events,
        "severity_id": _SEVERITY[c.severity],
        "severity": c.severity.capitalize(),
        "status_id": 1,
        "status": "New",
        "confidence_score": round(100 * (1 - min(1.0, c.q_value))),
        "metadata": {
            "version": VERSION,
            "product": {"name": tool.name, "vendor_name": "Stillwatch", "version": tool.version},
        },
        "finding_info": {
            "uid": c.id,
            "title": f"{c.explanation.capitalize()} campaign over {len(c.accounts)} accounts",
            "desc": "; ".join(e.observed[0] for e in c.evidence if e.observed),
            "first_seen_time": _ms(c.first),
            "last_seen_time": _ms(c.last),
            "types": [c.explanation],
            "analytic": {"name": "campaign detection", "type_id": 4, "type": "Statistical"},
            "attacks": [
                {"technique": {"uid": t, "name": _TITLES.get(t, t)}, "version": "MITRE ATLAS"}
                for t in c.techniques
            ],
        },
        "resources": [{"uid": a.account_id, "type": "account"} for a in c.accounts],
        "unmapped": {"p_value": c.p_value, "q_value": c.q_value, "bits": c.bits, "fdr": scan.result.fdr},
    }
