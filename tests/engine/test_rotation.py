"""How much of a unit is shared by part of its own events: the pass over sorted words against its definition."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from stillwatch.campaigns.lone import ADMITTED_MIN
from stillwatch.engine.rotation import HOLDERS_MAX, MULTIPLE_MIN, PHRASES_MAX, Rotation
from stillwatch.engine.spool import PARTITIONS, Spool
from stillwatch.features.families import Family, family_of, tagged


def naive(keys, unit, admitted, units, customers):
    """The oracle: T(u) from its definition."""
    holders = defaultdict(set)
    for key, u in zip(keys.tolist(), unit.tolist(), strict=True):
        holders[key].add(u % customers)
    phrases = Counter()
    for (key, u), times in Counter(zip(keys.tolist(), unit.tolist(), strict=True)).items():
        lexical = family_of(np.array([key], np.uint64))[0] == Family.LEXICAL
        if lexical and MULTIPLE_MIN <= times <= admitted[u] / 2 and len(holders[key]) <= HOLDERS_MAX:
            phrases[u, times] += 1
    total = np.zeros(units)
    for (u, times), count in phrases.items():
        total[u] += min(count, PHRASES_MAX) * times / admitted[u]
    return np.where(admitted >= ADMITTED_MIN, total, 0.0)


def passed(keys, unit, admitted, units, customers):
    spool = Spool(units)
    spool.add(keys, unit, np.zeros(keys.size, np.uint8))
    rotation = Rotation(admitted, customers, ADMITTED_MIN)
    for p in range(PARTITIONS):
        rotation.add(spool.partition(p), spool.unit_bits)
    return rotation.total()


def named(rng, count, family=Family.LEXICAL):
    return np.array([tagged(k[None], family)[0] for k in rng.integers(1, 1 << 60, count, dtype=np.uint64)])


@pytest.mark.parametrize("seed", range(6))
def test_the_pass_gives_the_definition(seed):
    rng = np.random.default_rng(seed)
    customers, n = 15, 6000
    units = 3 * customers
    known = np.concatenate([named(rng, 900), named(rng, 100, Family.PROTOCOL)])
    unit = rng.integers(0, units, n)
    # Some keys belong to one customer, some to a few, some to all of them.
    reach = rng.choice([1, 3, 9, 60], n)
    which = (unit % customers * 61 + rng.integers(0, reach)) % known.size
    admitted = rng.integers(4, 64, units)
    got = passed(known[which], unit, admitted, units, customers)
    assert got == pytest.approx(naive(known[which], unit, admitted, units, customers))
    assert 0 < np.count_nonzero(got) < units


def test_a_long_text_that_is_sent_again_counts_for_one_phrase_and_dealt_out_phrases_for_many():
    rng = np.random.default_rng(1)
    text, phrases = named(rng, 300), named(rng, 40)
    again = np.repeat(text, 5)
    dealt = np.concatenate([np.repeat(phrase, 4 + i // 2) for i, phrase in enumerate(phrases)])
    keys = np.concatenate([again, dealt])
    unit = np.repeat([0, 1], [again.size, dealt.size])
    one, many = passed(keys, unit, np.array([64, 64]), 2, 2)
    assert one == pytest.approx(PHRASES_MAX * 5 / 64)
    assert many == pytest.approx(dealt.size / 64)


def test_what_many_customers_hold_is_nobodys_phrase_and_slices_of_one_customer_are_one_holder():
    key = named(np.random.default_rng(2), 1)
    customers = HOLDERS_MAX + 1

    def of(holders, slices):
        unit = np.concatenate([np.repeat(np.arange(holders) + s * customers, 5) for s in range(slices)])
        units = slices * customers
        return passed(np.repeat(key, unit.size), unit, np.full(units, 64), units, customers)

    assert np.count_nonzero(of(HOLDERS_MAX, 4)) == 4 * HOLDERS_MAX
    assert not of(HOLDERS_MAX + 1, 4).any()
