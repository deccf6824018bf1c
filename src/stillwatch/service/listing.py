"""What a workspace keeps: scans in order, and one finding with its detail."""

from __future__ import annotations

import msgspec

from stillwatch.findings.result import Campaign, GroupDetail, LookAlike, Scan
from stillwatch.storage.workspace import Workspace


class KeptScan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan of the workspace. findings: [id, explanation, severity or "", accounts]."""

    id: str
    events: int
    accounts: int
    first: str | None
    last: str | None
    findings: list[tuple[str, str, str, int]]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign or look-alike with the detail kept of it."""

    campaign: Campaign | None
    look_alike: LookAlike | None
    detail: GroupDetail | None


def kept(workspace: Workspace) -> list[KeptScan]:
    """Scans kept, newest first. Raises StorageError."""
    return [_summary(name, workspace.load(name)) for name in reversed(workspace.names())]


def _summary(name: str, scan: Scan) -> KeptScan:
    seen = scan.result.input
    raised = [(c.id, c.explanation, c.severity, len(c.accounts)) for c in scan.result.campaigns]
    others = [(item.id, item.explanation, "", len(item.accounts)) for item in scan.result.look_alikes]
    return KeptScan(
        id=name,
        events=seen.events,
        accounts=seen.accounts,
        first=seen.first,
        last=seen.last,
        findings=[*raised, *others],
    )


def finding(workspace: Workspace, prefix: str) -> tuple[Scan, Finding]:
    """The newest finding whose id starts with `prefix`. Raises UnknownNameError, UsageError."""
    scan, item = workspace.find(prefix)
    detail = next((g for g in scan.detail.groups if g.id == item.id), None)
    return scan, Finding(
        campaign=item if isinstance(item, Campaign) else None,
        look_alike=item if isinstance(item, LookAlike) else None,
        detail=detail,
    )
