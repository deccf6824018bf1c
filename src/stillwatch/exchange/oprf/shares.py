"""A key that no one holds: split so that any `threshold` of the holders can use it together, and fewer cannot.

Shamir's sharing (1979) with Feldman's commitments (1987): holder i has f(i) of a random polynomial f of degree
threshold - 1 and the key is f(0); the published commitments f_j * G let everybody compute the public key of each share,
so each holder proves its part with the proof of RFC 9497 under that key, and who cheats is known. Answers are combined by
Lagrange interpolation in the exponent (Naor, Pinkas & Reingold, "Distributed pseudo-random functions and KDCs", 1999,
section 2.2; as a threshold OPRF: Jarecki, Kiayias, Krawczyk & Xu, "TOPPSS", 2017, figure 2). Weights are whole numbers,
the common denominator goes with the blind (Shoup, "Practical threshold signatures", 2000, section 3).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from stillwatch.exchange.oprf import group, points
from stillwatch.exchange.oprf.group import SIZE

HOLDERS_MAX = 9


class Dealt(NamedTuple):
    """`commitments[0]` is the public key; `shares[i - 1]` is holder i's, secret."""

    commitments: tuple[bytes, ...]
    shares: tuple[bytes, ...]


def deal(threshold: int, holders: int) -> Dealt:
    """A fresh key, shared. Raises ValueError."""
    if not 1 <= threshold <= holders <= HOLDERS_MAX:
        raise ValueError(f"needs 1 <= threshold <= holders <= {HOLDERS_MAX}")
    coefficients = [group.random_scalar() for _ in range(threshold)]
    shares = []
    for i in range(1, holders + 1):
        value = bytes(SIZE)
        for c in reversed(coefficients):
            value = group.added_scalars(group.multiplied_scalars(value, i.to_bytes(SIZE, "little")), c)
        shares.append(value)
    return Dealt(tuple(group.base_times(c) for c in coefficients), tuple(shares))


def public_share(commitments: Sequence[bytes], holder: int) -> bytes:
    """The public key of a holder's share. Raises NotAnElementError."""
    terms = [points.decoded(c) for c in commitments]
    return points.combined(terms, [holder**j for j in range(len(terms))])


def fits(commitments: Sequence[bytes], holder: int, share: bytes) -> bool:
    """Whether a share is the one that the commitments speak of."""
    return (
        group.is_scalar(share) and any(share) and group.base_times(share) == public_share(commitments, holder)
    )


def weights(holders: Iterable[int]) -> tuple[list[int], int]:
    """(whole weights of the holders' answers, scale): their weighted sum is scale * the key's answer."""
    at = list(holders)
    exact = [math.prod((Fraction(j, j - i) for j in at if j != i), start=Fraction(1)) for i in at]
    scale = math.lcm(*(w.denominator for w in exact))
    return [int(w * scale) for w in exact], scale


def combine(answers: Mapping[int, bytes]) -> tuple[bytes, int]:
    """(elements, scale) from verified answers by holder; for `voprf.finalize`. Raises NotAnElementError, ValueError."""
    held = sorted(answers)
    if len({len(a) for a in answers.values()}) != 1:
        raise ValueError("the holders answered batches of different sizes")
    factors, scale = weights(held)
    return points.combined([points.decoded(answers[i]) for i in held], factors), scale


def weight_max() -> int:
    """The largest weight of any set of holders, which must stay within `points.WEIGHT_MAX`."""
    every = range(1, HOLDERS_MAX + 1)
    sets = itertools.chain.from_iterable(itertools.combinations(every, k) for k in every)
    return max(abs(w) for held in sets for w in weights(held)[0])
