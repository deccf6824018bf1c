"""How much one member may ask in a while: a bucket of tokens that fills at a steady rate."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Allowance:
    """`per_s` on average, up to `burst` at once, for each name."""

    def __init__(self, per_s: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._held: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str, cost: float = 1.0) -> int:
        """0 and the cost is taken; or the whole seconds after which to ask again, and nothing is taken."""
        now = self._clock()
        left, then = self._held.get(name, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_s)
        cost = min(cost, self._burst)
        if left < cost:
            self._held[name] = (left, now)
            return max(1, math.ceil((cost - left) / self._per_s))
        self._held[name] = (left - cost, now)
        return 0
