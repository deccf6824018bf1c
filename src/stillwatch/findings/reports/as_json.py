"""The published JSON of a scan (schema version 1)."""

from __future__ import annotations

import msgspec

from stillwatch.findings.result import Scan


def render(scan: Scan) -> str:
    """Indented JSON; exactly `ScanResult`."""
    return msgspec.json.format(msgspec.json.encode(scan.result), indent=2).decode() + "\n"
