"""A release of a client that many use: part of its users change to it within days, whatever they do with it."""

from __future__ import annotations

import numpy as np

from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import CLIENTS
from stillwatch.range.scene import Scene

RELEASE_SHARE, EARLY_DAYS = 2 / 7, 1.5
"""When in the window it comes out; mean delay of a user, days, as with a new model; our assumptions."""


def update(scene: Scene, share: float) -> np.ndarray:
    """Let `share` of the accounts that run a common client change to one new client; returns their numbers.

    Whoever runs such a client is as likely to, an attacker's accounts too.
    """
    agents = scene.accounts.column("user_agent").to_pylist()
    users = np.flatnonzero(np.isin(np.array(agents, dtype=object), CLIENTS))
    rng = scene.rng("update")
    chosen = np.sort(rng.permutation(users)[: round(users.size * share)])
    release = RELEASE_SHARE * scene.clock.days * DAY_S
    scene.accounts.update(chosen, release + rng.exponential(EARLY_DAYS * DAY_S, chosen.size))
    return chosen
