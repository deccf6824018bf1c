"""Many accounts that never used a text now use it at once.

## What it detects
Keys (spans, skeletons, conversation prefixes; payers, sign-ups, clients) used by more distinct accounts than the
reference allows.
## Statistic
Exact stratified tail of d given d + r (campaigns.burst), against the reference or, where a key began in its last window,
what came before that; Bonferroni over all hypotheses; bits by the mixture
calibrator (Vovk & Wang 2021). Null: units exchangeable between the periods within strata.
## False positives
A new benchmark, a viral prompt, a new application or SDK default: all burst; other detectors tell them apart.
## Evasions
Unique paraphrase of every prompt; accounts fewer than the minimum; poisoning the reference beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stillwatch.campaigns.group import Group
from stillwatch.detectors.judgement import Judgement
from stillwatch.evidence import Evidence
from stillwatch.features.families import Family, family_of
from stillwatch.stats.evalues import mixture_bits

_SHARED: dict[int, str] = {
    Family.PROVENANCE: "conversation, or one source of returned or foreign text",
    Family.IDENTITY: "payer or sign-up sitting",
    Family.PROTOCOL: "client or set of parameters",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBurst:
    """Judges the strongest key of a group."""

    id: ClassVar[str] = "key_burst"
    title: ClassVar[str] = "Accounts that newly share a text"
    status: ClassVar[str] = "stable"
    techniques: ClassVar[tuple[str, ...]] = ("AML.T0024.002",)

    def judge(self, group: Group) -> Judgement | None:
        """None for a lone account, in which no key burst."""
        if group.lone_p is not None:
            return None
        burst = group.obs.burst
        best = group.strongest
        d, r = int(burst.d[best]), int(burst.r[best])
        p = burst.log_p[best] / np.log(10)
        what = _SHARED.get(int(family_of(burst.key[best : best + 1])[0]), "span")
        before = f"{r:,} of {group.obs.reference_units:,} account-windows before"
        if burst.begun is not None and burst.begun[best]:
            before += ", at the rate before the last of them, in which it began"
        seen = f"{d:,} accounts in this window share one {what}, {before}; log10 p = {p:.1f}"
        evidence = Evidence(
            detector=self.id,
            bits=round(float(mixture_bits(group.log_p_burst)), 2),
            n=d,
            observed=[
                seen,
                f"{group.keys.size:,} keys burst together out of {burst.hypotheses:,} hypotheses",
            ],
            inferred=["the accounts were got or are run together"]
            if group.by_means
            else ["what the accounts send has one common source"],
            counter=["a published text, a new application or SDK default bursts the same way"],
        )
        return Judgement(evidence)
