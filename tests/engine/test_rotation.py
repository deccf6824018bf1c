"""How much of a unit is shared by part of its own events: the pass over sorted words against its definition."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stillwatch.engine.rotation import MULTIPLE_MIN, add_rotation
from stillwatch.engine.spool import PARTITIONS, Spool
from stillwatch.features.families import Family, family_of, tagged


def naive(keys, unit, admitted, units):
    """The oracle: T(u) from its definition."""
    total = np.zeros(units)
    for (key, u), times in Counter(zip(keys.tolist(), unit.tolist(), strict=True)).items():
        lexical = family_of(np.array([key], np.uint64))[0] == Family.LEXICAL
        if lexical and MULTIPLE_MIN <= times <= admitted[u] / 2:
            total[u] += times / admitted[u]
    return total


@pytest.mark.parametrize("seed", range(3))
def test_the_pass_gives_the_definition(seed):
    rng = np.random.default_rng(seed)
    units, n = 12, 4000
    names = rng.integers(1, 1 << 60, 60, dtype=np.uint64)
    families = rng.choice([Family.LEXICAL, Family.PROTOCOL], names.size)
    known = np.array([tagged(k[None], f)[0] for k, f in zip(names, families, strict=True)])
    which, unit = rng.integers(0, known.size, n), rng.integers(0, units, n)
    admitted = rng.integers(4, 40, units)
    spool = Spool(units)
    spool.add(known[which], unit, rng.integers(0, 2, n))
    got = np.zeros(units)
    for p in range(PARTITIONS):
        add_rotation(spool.partition(p), spool.unit_bits, admitted, got)
    assert got == pytest.approx(naive(known[which], unit, admitted, units))
    assert got.max() > 0
