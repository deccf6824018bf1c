"""Named random streams: who draws from one never changes what another gets."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Dice(random.Random):
    """The standard generator with a plain `choice`, half of all the time a town takes to build."""

    def choice(self, seq: SupportsLenAndGetItem[T]) -> T:
        """One item, each as likely up to 2**-53."""
        return seq[int(self.random() * len(seq))]


class SupportsLenAndGetItem(Protocol[T_co]):
    """What `choice` needs of a sequence."""

    def __len__(self) -> int: ...
    def __getitem__(self, k: int, /) -> T_co: ...


class Draws:
    """A numpy generator `rng` for arrays and a `dice` for single choices, which is faster for those."""

    def __init__(self, seed: int, name: str) -> None:
        digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()
        self.rng = np.random.default_rng(int.from_bytes(digest, "little"))
        self.dice = Dice(digest)

    def token(self, prefix: str, digits: int = 12) -> str:
        """An opaque id such as `acc_3f…`."""
        return f"{prefix}_{self.dice.getrandbits(4 * digits):0{digits}x}"

    def some(self, items: Sequence[T], low: int, high: int) -> list[T]:
        """Between `low` and `high` distinct items, in random order."""
        return self.dice.sample(items, min(len(items), self.dice.randint(low, high)))

    def chance(self, p: float) -> bool:
        """True with probability `p`."""
        return self.dice.random() < p

    def lognormal(self, median: float, sigma: float) -> float:
        """A heavy-tailed amount with this median; `sigma` is the spread of its logarithm."""
        return median * float(np.exp(self.dice.gauss(0.0, sigma)))
