"""What customers declared of the accounts of a group, as bits for and against explanations."""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.findings.assembly import iso
from stillwatch.policy.authorisations import Authorisations

DECLARED_BITS = 20.0
BEYOND_BITS, BEYOND_SHARE_MIN = 6.0, 0.5
COVERED_MIN = 0.8


def declared(group: Group, registry: Authorisations) -> dict[str, tuple[float, str]]:
    """Explanation -> (bits, sentence) from authorisations that cover the group's accounts."""
    names = [group.obs.accounts[i] for i in np.unique(group.events.account[group.linked])]
    ts = group.events.ts[group.linked]
    out: dict[str, tuple[float, str]] = {}
    for cover in registry.covering(names, iso(int(ts.min())), iso(int(ts.max())), _daily(group)):
        if cover.holds and cover.share >= COVERED_MIN:
            out[cover.kind] = (
                DECLARED_BITS,
                f"declared by {cover.customer}: covers {cover.share:.0%} of the accounts",
            )
        elif cover.left:
            said = ", ".join(left.said for left in cover.left)
            out[cover.kind] = (-2.0, f"declared by {cover.customer}, but outside its bounds: {said}")
            if cover.kind == "contracted" and cover.share >= BEYOND_SHARE_MIN:
                # The customer itself says that it distils; what is outside the bounds is nobody's batch job.
                out["extraction"] = (
                    BEYOND_BITS,
                    f"distillation declared by {cover.customer}, beyond it: {said}",
                )
                out["batch"] = (-BEYOND_BITS, f"{cover.customer} declares distillation, not a batch job")
    return out


def _daily(group: Group) -> dict[str, float]:
    """Account -> events a day, all of them, linked or not; a customer's are spread over its accounts."""
    pairs = np.unique(np.column_stack([group.events.customer, group.events.account])[group.linked], axis=0)
    owners, counts = np.unique(pairs[:, 0], return_counts=True)
    days = max(1.0, (group.obs.window[1] - group.obs.window[0]) / 86.4e9)
    share = dict(zip(owners.tolist(), (group.obs.volume[owners] / counts / days).tolist(), strict=True))
    return {group.obs.accounts[account]: share[customer] for customer, account in pairs.tolist()}
