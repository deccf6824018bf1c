"""One building: everybody behind one address block, with clients of their own.

## What it detects
Classrooms, campuses and offices behind one NAT.
## Statistic
Share of accounts in the commonest /24 or /48, and the number of client strings there. Descriptive: bits 0.
## False positives
A pool on one server shares its block and its client.
## Evasions
Not applicable: it excuses, it does not accuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.campaigns.observation import first_rows
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.attributes import ATTRIBUTES

_PLACE = {name: i for i, (name, _) in enumerate(ATTRIBUTES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OneNetwork:
    """Judges shared address blocks."""

    id: ClassVar[str] = "one_network"
    title: ClassVar[str] = "Everybody behind one address block"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()

    def judge(self, group: Group) -> Judgement | None:
        """None where addresses are not known, and for a lone account."""
        if group.lone_p is not None:
            return None
        rows = first_rows(group.events, group.rows)
        blocks = group.events.attributes[rows, _PLACE["network"]]
        known, counts = np.unique(blocks[blocks != 0], return_counts=True)
        if known.size == 0:
            return None
        share = float(counts.max() / rows.size)
        inside = rows[blocks == known[np.argmax(counts)]]
        clients = np.unique(group.events.attributes[inside, _PLACE["client"]]).size
        seen = f"{known.size:,} address blocks, {share:.0%} of the accounts in the commonest, {clients} clients there"
        leans = {"classroom": 5.0, "extraction": -2.0} if share >= 0.5 and clients >= 3 else {}
        if share < 0.3:
            leans = {"classroom": -4.0}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(rows.size),
            observed=[seen],
            counter=["one building with clients of their own is what a class looks like"]
            if leans.get("classroom", 0) > 0
            else [],
        )
        return Judgement(evidence, leans, seen)
