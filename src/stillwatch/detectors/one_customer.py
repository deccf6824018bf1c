"""The accounts openly belong to one organisation or payer: common control, but not undeclared.

## What it detects
Server-asserted organisation or payment identity shared by most accounts.
## Statistic
Share of accounts under the commonest organisation and under the commonest payment, or that no payer is known of any of them,
though of most of the crowd one is: a customer who runs a batch pays for it. Descriptive: bits 0.
## False positives
A pool behind one payment token looks the same; it is then reported with this explanation, not hidden. Customers on invoice or
free credit, where payers are logged for others only, look as if nobody paid.
## Evasions
None needed: an attacker wants the opposite.
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

PAYMENT = next(i for i, (name, _) in enumerate(ATTRIBUTES) if name == "payment")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCustomer:
    """Judges declared identity."""

    id: ClassVar[str] = "one_customer"
    title: ClassVar[str] = "One organisation or payer"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ()
    crowd_share_max: float = 0.2
    crowd_min: int = 30

    def judge(self, group: Group) -> Judgement | None:
        """None for a lone account, which is one payer anyway, and where no organisation and no payment is known: neither of the
        group nor, by and large, of the crowd."""
        if group.lone_p is not None:
            return None
        rows = first_rows(group.events, group.rows)
        crowd = first_rows(group.obs.crowd, np.arange(group.obs.crowd.rows))
        if (free := self._free(group, crowd)) is not None:
            return free
        shares = []
        for name, values, others in (
            ("organisation", group.events.org[rows], group.obs.crowd.org[crowd]),
            ("payment", group.events.attributes[rows, PAYMENT], group.obs.crowd.attributes[crowd, PAYMENT]),
        ):
            known, counts = np.unique(values[values != 0], return_counts=True)
            if known.size:
                usual = float((others == known[np.argmax(counts)]).mean()) if others.size else 0.0
                if (
                    usual <= self.crowd_share_max
                ):  # an id that everybody carries names a tenant, not a customer
                    shares.append((float(counts.max() / rows.size), known.size, name))
        if not shares:
            return None
        share, distinct, name = max(shares)
        seen = f"{share:.0%} of the accounts belong to one {name} ({distinct} in all)"
        leans: dict[str, float] = {}
        if share >= 0.8:
            leans = {"batch": 6.0, "evaluation": 3.0, "application": -2.0, "extraction": -4.0}
        elif share <= 0.2:
            leans = {"batch": -3.0, "evaluation": -1.0, "extraction": 0.5}
        evidence = Evidence(
            detector=self.id,
            bits=0.0,
            n=int(rows.size),
            observed=[seen],
            inferred=[] if share >= 0.8 else ["nothing declares these accounts as one customer"],
            counter=["common control is open, not hidden"] if share >= 0.8 else [],
        )
        return Judgement(evidence, leans, seen)

    def _free(self, group: Group, crowd: np.ndarray) -> Judgement | None:
        """That no payer is known of any of these accounts; None where one is, or of hardly more than half of the crowd."""
        rows, payers = group.rows, group.obs.crowd.attributes[crowd, PAYMENT]
        known = int(np.count_nonzero(payers))
        if payers.size < self.crowd_min or 2 * known <= payers.size:
            return None
        if group.events.org[rows].any() or group.events.attributes[rows, PAYMENT].any():
            return None
        accounts = np.unique(group.events.customer[rows]).size
        seen = (
            f"no payer or organisation is known of any of the {accounts:,} accounts; of the crowd "
            f"{known:,} of {payers.size:,} have a payer"
        )
        inferred = ["nothing declares these accounts as one customer"]
        evidence = Evidence(
            detector=self.id, bits=0.0, n=accounts, observed=[seen], inferred=inferred, counter=[]
        )
        return Judgement(evidence, {"batch": -3.0, "evaluation": -1.0}, seen)
