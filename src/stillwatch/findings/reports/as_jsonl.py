"""One campaign a line, as in the published JSON."""

from __future__ import annotations

import msgspec

from stillwatch.findings.result import Scan


def render(scan: Scan) -> str:
    """JSON lines; empty when nothing was raised."""
    return "".join(msgspec.json.encode(c).decode() + "\n" for c in scan.result.campaigns)
