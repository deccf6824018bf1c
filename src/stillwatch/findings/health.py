"""How far the numbers can be trusted: null quantiles, resolution, and what a missing reference costs."""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.group import DRAWS_MAX
from stillwatch.campaigns.observation import Observation
from stillwatch.findings.result import Health
from stillwatch.stats.binomial import mass, upper_tail
from stillwatch.stats.permutation import p_floor


def health(obs: Observation, fdr: float, groups: int, without_reference: bool) -> Health:
    """The health section. `null_qq`: base-rate keys, mid-p of their binomial split between the periods."""
    needed = int(np.ceil(obs.current_units / (fdr * max(1, obs.current_units // 100))))
    resolution: dict[str, float | int | str] = {
        "current account-windows": obs.current_units,
        "reference account-windows": obs.reference_units,
        "hypotheses tested": obs.burst.hypotheses,
        "keys rejected": int(obs.burst.key.size),
        "groups judged": groups,
        "permutations": DRAWS_MAX,
        "smallest group p": p_floor(DRAWS_MAX),
        "smallest account p": 1 / (obs.reference_units + 1),
        "accounts needed at once for account q <= fdr": int(
            np.ceil(obs.current_units / (fdr * (obs.reference_units + 1)))
        ),
        "reference units for 1 % of accounts": needed,
    }
    if without_reference:
        resolution["reference"] = "the earlier two thirds of the input: give --reference for more resolution"
    return Health(null_qq=_qq(obs), resolution=resolution)


def _qq(obs: Observation) -> list[tuple[float, float]]:
    """[expected, observed] quantiles of p-values of non-lexical keys under a pooled split; 19 points."""
    n, d = obs.rates.d + obs.rates.r, obs.rates.d
    used = n >= 10
    if used.sum() < 20 or obs.reference_units == 0:
        return []
    share = obs.current_units / (obs.current_units + obs.reference_units)
    p = upper_tail(d[used], n[used], share) + 0.5 * mass(d[used], n[used], share)
    levels = np.linspace(0.05, 0.95, 19)
    return [
        (round(float(a), 3), round(float(b), 3)) for a, b in zip(levels, np.quantile(p, levels), strict=True)
    ]
