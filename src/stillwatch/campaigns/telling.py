"""Which burst keys tell who is in a group: those that people do not hold anyway."""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.observation import Observation

ANYWAY_MAX = 0.1
"""Share of a key's holders that the reference leads us to expect, from which on holding it does not say who is in."""


def telling(obs: Observation, keys: np.ndarray) -> np.ndarray:
    """Those of the keys (i64, indices into obs.burst) that are not to a good part what people hold anyway. Prompts that many
    people send burst as well when a harvest draws its items from where they come from."""
    burst = obs.burst
    anyway = burst.r[keys] * (obs.current_units / max(1, obs.reference_units))
    return keys[anyway <= ANYWAY_MAX * burst.d[keys]]
