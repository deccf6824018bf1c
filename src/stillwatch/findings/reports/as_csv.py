"""One row per account of a campaign, for spreadsheets."""

from __future__ import annotations

import csv
import io

from stillwatch.findings.result import Scan

COLUMNS = (
    "campaign",
    "explanation",
    "severity",
    "campaign_q",
    "account_id",
    "p_value",
    "q_value",
    "share",
    "first",
    "last",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _safe(text: str) -> str:
    """A leading quote before what a spreadsheet would run as a formula (OWASP CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def render(scan: Scan) -> str:
    """CSV with a header, also when nothing was raised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for c in scan.result.campaigns:
        for a in c.accounts:
            row = (
                c.id,
                c.explanation,
                c.severity,
                c.q_value,
                _safe(a.account_id),
                a.p_value,
                a.q_value,
                a.share,
                c.first,
                c.last,
            )
            writer.writerow(row)
    return out.getvalue()
