"""Which campaigns served a dataset: are a campaign's accounts among the traced ones more than chance has it?

Null: which accounts were traced has nothing to do with which are the campaign's, among accounts that were served
about as much. With N accounts in a stratum (powers of two of responses served), K of them the campaign's and n
traced, the traced ones of the campaign are Hypergeometric(N, K, n), summed over strata: an exact conditional test
(Fisher 1935; strata: Mantel & Haenszel 1959). Unit: the account. Without strata a campaign would be linked for being
busy, since busy accounts are traced more easily. Holm (1979) across campaigns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stillwatch.comparison.trace_result import CampaignLink
from stillwatch.stats.hypergeometric import stratified_tail
from stillwatch.stats.multiplicity import holm

LINK_ALPHA = 0.01
NULL = "which accounts were traced has nothing to do with which are the campaign's, among accounts served as much"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One campaign: id, the scan that raised it, its accounts as keyed hashes u64[k]."""

    campaign: str
    scan: str
    explanation: str
    accounts: np.ndarray


def campaign_links(
    campaigns: Sequence[Suspicion], held: tuple[np.ndarray, np.ndarray], traced: np.ndarray, of_row: np.ndarray
) -> list[CampaignLink]:  # fmt: skip
    """A link for every campaign, most certain first.

    held: (accounts u64[m] in order, responses i64[m]) of the ledger; traced u64[k]: listed accounts; of_row u64[r]:
    the account that each matching row without rivals names.
    """
    if not campaigns:
        return []
    accounts, served = held
    stratum = np.floor(np.log2(np.maximum(served, 1))).astype(np.int64)
    strata = int(stratum.max(initial=0)) + 1
    is_traced = np.isin(accounts, traced)
    p, facts = np.ones(len(campaigns)), []
    for i, c in enumerate(campaigns):
        ours = np.isin(accounts, c.accounts)
        inside, outside = (np.bincount(stratum[x], minlength=strata) for x in (ours, ~ours))
        hit, miss = (np.bincount(stratum[x & is_traced], minlength=strata) for x in (ours, ~ours))
        if hit.any():
            p[i] = float(
                stratified_tail(hit[None].astype(np.uint32), miss[None].astype(np.uint32), inside, outside)[0]
            )
        both = np.maximum(inside + outside, 1)
        facts.append((int(ours.sum()), int(hit.sum()), float(((hit + miss) * inside / both).sum())))
    adjusted = holm(p)
    out = [
        CampaignLink(
            campaign=c.campaign, scan=c.scan, explanation=c.explanation, accounts=int(c.accounts.size), in_ledger=n,
            traced=hit, expected=round(expected, 4), p=float(p[i]), p_holm=float(adjusted[i]),
            rows=int(np.isin(of_row, c.accounts).sum()), linked=bool(hit and adjusted[i] <= LINK_ALPHA),
        )
        for i, (c, (n, hit, expected)) in enumerate(zip(campaigns, facts, strict=True))
    ]  # fmt: skip
    return sorted(out, key=lambda x: (x.p, -x.traced, x.campaign))
