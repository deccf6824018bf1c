"""What a replay says: the same scan asked again and again while the window grows, and what each look raised."""

from __future__ import annotations

import msgspec

from stillwatch.findings.result import ScanResult


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look. until: end of the prefix (RFC 3339); events: how many it holds; fdr: the level spent on it;
    campaigns: account ids of each campaign raised at that level."""

    until: str
    events: int
    fdr: float
    campaigns: list[list[str]]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """fdr: the level over all looks together; rule: how it is divided between them; planned: how many looks."""

    fdr: float
    planned: int
    rule: str
    looks: list[Look]


class ReplayResult(ScanResult, frozen=True, kw_only=True):
    """The findings of the last look in the form of a scan, with the looks that led there under `replay`."""

    replay: Replay
