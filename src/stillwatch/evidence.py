"""The one result of detectors and comparators: how much, on how many, what was seen, what was inferred."""

from __future__ import annotations

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement about one cluster of accounts.

    `bits` is log2 of an e-value (E[e | honest] <= 1), so pieces add up for the reader; negative bits speak
    against. `n` is the number of units (accounts, unless the detector says otherwise) behind it.
    """

    detector: str
    bits: float
    n: int
    observed: list[str] = []
    inferred: list[str] = []
    counter: list[str] = []
