"""What text a result may show: a template only when enough accounts sent it."""

from __future__ import annotations

import msgspec

from stillwatch.findings.result import GroupDetail, Scan, findings_of


def withheld(scan: Scan, accounts_min: int) -> Scan:
    """The scan without the templates of groups of fewer than `accounts_min` accounts."""
    sizes = {g.id: len(g.accounts) for g in findings_of(scan.result)}

    def shown(group: GroupDetail) -> GroupDetail:
        enough = sizes.get(group.id, 0) >= accounts_min
        return group if enough or not group.template else msgspec.structs.replace(group, template=[])

    groups = [shown(g) for g in scan.detail.groups]
    return msgspec.structs.replace(scan, detail=msgspec.structs.replace(scan.detail, groups=groups))
