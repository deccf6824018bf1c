"""Accounts that share a text also share script, network, payment or sign-up beyond chance.

## What it detects
A second, independent family of keys concentrated in the group.
## Statistic
Permutation of customer labels inside strata between group and peers (campaigns.group.link_p), 9,999 draws, and 90,000 more
where none of them shares as much; p floor 0.00001. Unit: customer; the peers' speak at moments of the group's, so what the
calendar brings cancels. Where the order shows no hand that deals (campaigns.dealing), the same without clients and parameters:
a program writes these and the text; and what is said for customers of a product then is less where the accounts act at all
hours (Group.tireless). Accounts that are paid for together and go round one pool of exits
(Group.one_pool) are no product's customers.
## False positives
Users of one application share its client string and its template, and no more: they are taken for its customers. One
company's accounts share everything, openly.
## Evasions
Clean residential addresses, separate payments, varied clients: the family then stays silent, and only dealing speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import DRAWS_MAX, OPERATOR, Group
from stillwatch.campaigns.linking import weighed
from stillwatch.campaigns.observation import first_rows
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.attributes import ATTRIBUTES
from stillwatch.stats.evalues import mixture_bits

NAMES = tuple(name for name, _ in ATTRIBUTES)
P_STRANGERS = 0.05
# One program, one text, and nothing else in common: its customers. A pool on clean infrastructure looks so too, and
# is then told by how it is dealt to.
STRANGERS = {"application": 2.0, "extraction": -5.0, "relay": -3.0}
# People of a product have nights. Programs of many owners may work its accounts, which topics of their own would show.
TIRELESS = STRANGERS | {"extraction": -2.0, "relay": -1.0}
# Customers of a product pay for themselves, and leave from networks of their own or from the few of its vendor.
POOL = {"application": -3.0}
# Strangers are not paid for together. Colleagues and a broker's customers are: it shows that one hand acts, and not what for.
TOGETHER_SIGN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedControl:
    """Judges how concentrated the keys of other families are."""

    id: ClassVar[str] = "shared_control"
    title: ClassVar[str] = "A second family of keys is shared too"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0021", "AML.T0008.005")

    def judge(self, group: Group) -> Judgement | None:
        """Evidence with the shared attributes that carry most bits; None for a lone account."""
        if group.lone_p is not None:
            return None
        records = group.events
        rows = first_rows(records, group.rows)
        keys = records.attributes
        bits = weighed(group.obs, keys)
        lines = []
        for column, name in enumerate(NAMES):
            held = keys[rows, column]
            values, counts = np.unique(held[held != 0], return_counts=True)
            if values.size and counts.max() >= 2:
                top = values[np.argmax(counts)]
                weight = bits[rows[np.flatnonzero(held == top)[0]], column]
                if weight >= 1:
                    lines.append((counts.max() * weight, name, int(counts.max()), weight))
        lines.sort(reverse=True)
        observed = [
            f"{n:,} of {rows.size:,} accounts share one {name} key ({w:.1f} bits each)"
            for _, name, n, w in lines[:4]
        ]
        p = group.p_link
        pool = p <= 0.01 and group.one_pool
        strangers = "" if pool else _strangers(group, rows)
        counter = [strangers] if strangers else []
        if p > 0.01 and not strangers:
            counter = ["outside the text the accounts differ as strangers do"]
        evidence = Evidence(
            detector=self.id,
            bits=round(float(mixture_bits(np.log(p))), 2),
            n=int(rows.size),
            observed=[
                *observed,
                f"permutation p = {p:.4g}, of at most {DRAWS_MAX:,} permutations inside strata",
            ],
            inferred=["the accounts are run with common means"] if p <= 0.01 else [],
            counter=counter,
        )
        if pool:
            seen = "the accounts are paid for together and go round each other's exits"
            return Judgement(evidence, POOL, seen, TOGETHER_SIGN)
        sign = TOGETHER_SIGN if p <= 0.01 and group.paid_together else 0.0
        unlike = TIRELESS if group.tireless else STRANGERS
        return Judgement(evidence, unlike if strangers else {}, strangers, sign)


def _strangers(group: Group, rows: np.ndarray) -> str:
    """Why the accounts may be customers of one program; "" where they share more, or are dealt to. rows: one of each."""
    # Without a text in common no program explains volumes as of random dealing: people differ in theirs.
    dealt = group.dealing.ordered or (group.by_means and group.dealing.at_random)
    if dealt or group.p_operator <= P_STRANGERS:
        return ""
    known = (group.events.attributes[rows][:, OPERATOR] != 0).any(axis=1)
    if 2 * np.count_nonzero(known) < rows.size:
        return "networks, payers and sign-ups are not known, and the order shows nobody who deals: one program may write all this"
    return "but for text, client and parameters the accounts differ as strangers do, and the order shows nobody who deals"
