"""UCB1: which arm to pull next when only pulled arms say what they are worth.

    index of arm i = mean reward of i + sqrt(2 ln t / n_i)

with t pulls in all, n_i of arm i, rewards in [0, 1]; every arm is pulled once first, in order. Auer, Cesa-Bianchi
and Fischer, "Finite-time analysis of the multiarmed bandit problem", Machine Learning 47, 2002, theorem 1: the
regret after t pulls is at most 8 Σ ln t / Δ_i + (1 + π²/3) Σ Δ_i.
"""

from __future__ import annotations

import numpy as np


class UCB1:
    """The state: pulls and sum of rewards of each of `arms` arms."""

    def __init__(self, arms: int) -> None:
        self.pulls = np.zeros(arms, dtype=np.int64)
        self.rewards = np.zeros(arms)

    def choose(self) -> int:
        """The arm to pull now; ties go to the earlier arm."""
        fresh = np.flatnonzero(self.pulls == 0)
        if fresh.size:
            return int(fresh[0])
        width = np.sqrt(2.0 * np.log(self.pulls.sum()) / self.pulls)
        return int(np.argmax(self.rewards / self.pulls + width))

    def learn(self, arm: int, reward: float) -> None:
        """Record the reward of a pull. Raises ValueError outside [0, 1]."""
        if not 0.0 <= reward <= 1.0:
            raise ValueError(f"a reward lies in [0, 1], not {reward}")
        self.pulls[arm] += 1
        self.rewards[arm] += reward
