"""How much a unit repeats texts of its own: the pass over sorted words against its definition."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from stillwatch.campaigns.lone import ADMITTED_MIN
from stillwatch.engine.rotation import HOLDERS_MAX, KEYS_MAX, MULTIPLE_MIN, Rotation
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
        total[u] += min(count, KEYS_MAX) * times / admitted[u]
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
    known = rng.permutation(np.concatenate([named(rng, 500), named(rng, 120, Family.PROTOCOL)]))
    unit = rng.integers(0, units, n)
    # Keys of one customer, of two, of three, of all.
    shared, first = np.array([1, 2, 3, 99]), np.array([0, 300, 460, 560])
    kind = rng.integers(0, 4, n)
    which = first[kind] + unit % customers // shared[kind] * 20 + rng.integers(0, 20, n)
    admitted = rng.integers(4, 64, units)
    holders = [np.unique(unit[which == k] % customers).size for k in range(known.size)]
    assert {1, HOLDERS_MAX, HOLDERS_MAX + 1, customers} <= set(holders)
    got = passed(known[which], unit, admitted, units, customers)
    assert got == pytest.approx(naive(known[which], unit, admitted, units, customers))
    assert 0 < np.count_nonzero(got) < units


def test_a_long_text_that_is_sent_again_counts_for_a_few_keys_and_dealt_out_phrases_for_many():
    rng = np.random.default_rng(1)
    text, phrases = named(rng, 300), named(rng, 40)
    again = np.repeat(text, 5)
    dealt = np.concatenate([np.repeat(phrase, 4 + i // 2) for i, phrase in enumerate(phrases)])
    keys = np.concatenate([again, dealt])
    unit = np.repeat([0, 1], [again.size, dealt.size])
    one, many = passed(keys, unit, np.array([64, 64]), 2, 2)
    assert one == pytest.approx(KEYS_MAX * 5 / 64)
    assert many == pytest.approx(dealt.size / 64)


@pytest.mark.parametrize(("admitted", "counts"), [(ADMITTED_MIN - 1, False), (ADMITTED_MIN, True)])
def test_a_unit_with_few_events_has_no_t(admitted, counts):
    key = np.repeat(named(np.random.default_rng(4), 1), 5)
    got = passed(key, np.zeros(5, np.int64), np.array([admitted, 64]), 2, 2)
    assert got.tolist() == [5 / admitted if counts else 0.0, 0.0]


def test_what_many_customers_hold_is_nobodys_phrase_and_slices_of_one_customer_are_one_holder():
    key = named(np.random.default_rng(2), 1)
    customers = HOLDERS_MAX + 1

    def of(holders, slices):
        unit = np.concatenate([np.repeat(np.arange(holders) + s * customers, 5) for s in range(slices)])
        units = slices * customers
        return passed(np.repeat(key, unit.size), unit, np.full(units, 64), units, customers)

    assert np.count_nonzero(of(HOLDERS_MAX, 4)) == 4 * HOLDERS_MAX
    assert not of(HOLDERS_MAX + 1, 4).any()
