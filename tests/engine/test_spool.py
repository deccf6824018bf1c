"""The packed, partitioned spool and its counts against plain sets."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.engine.keyfold import count, distinct_of
from stillwatch.engine.spool import PARTITIONS, Spool
from stillwatch.errors import StorageError

TRIPLES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 19), st.integers(0, 1)), max_size=200)
CUSTOMERS, UNITS = 8, 20
STRATUM = np.arange(UNITS) % 3


def collect(runs, limit, folder=None):
    spool = Spool(UNITS, folder, memory_bytes_max=limit)
    for run in runs:
        keys = np.array([(k * 0x9E3779B97F4A7C15) & (1 << 64) - 1 for k, _, _ in run], np.uint64)
        spool.add(
            keys, np.array([u for _, u, _ in run], np.int64), np.array([f for _, _, f in run], np.int64)
        )
    return spool


def counted(spool, floor):
    single, out, sets = np.zeros(CUSTOMERS, bool), {}, 0
    for p in range(PARTITIONS):
        counts, distinct = count(spool.partition(p), spool.unit_bits, CUSTOMERS, STRATUM, 3, floor, single)
        sets += distinct.size
        keys = spool.key(counts.key, p)
        for key, d, r, recent in zip(keys, counts.d, counts.r, counts.recent, strict=True):
            out[int(key)] = (d.tolist(), r.tolist(), recent.tolist())
    return out, single, sets


@settings(max_examples=40)
@given(st.lists(TRIPLES, max_size=4), st.integers(1, 3))
def test_counts_equal_plain_sets_spilled_or_not(runs, floor):
    units = defaultdict(set)
    for k, u, _ in (t for run in runs for t in run):
        units[k].add(u)
    want = {}
    probe = Spool(UNITS)
    for k, who in units.items():
        if sum(u < CUSTOMERS for u in who) >= floor:
            d = [sum(u < CUSTOMERS and STRATUM[u] == s for u in who) for s in range(3)]
            r = [sum(u >= CUSTOMERS and STRATUM[u] == s for u in who) for s in range(3)]
            last = [sum(CUSTOMERS <= u < 2 * CUSTOMERS and STRATUM[u] == s for u in who) for s in range(3)]
            key = np.array([(k * 0x9E3779B97F4A7C15) & (1 << 64) - 1], np.uint64)
            want[int(probe.truncated(key)[0])] = (d, r, last)
    memory, single, sets = counted(collect(runs, 1 << 30), floor)
    assert memory == want
    spilled, single_too, sets_too = counted(collect(runs, 64), floor)
    assert (memory, single.tolist(), sets) == (spilled, single_too.tolist(), sets_too)
    lone = {next(iter(w)) for w in units.values() if len(w) == 1 and next(iter(w)) < CUSTOMERS}
    assert set(np.flatnonzero(single).tolist()) == lone


def test_order_and_split_of_the_input_do_not_matter():
    rng = np.random.default_rng(1)
    triples = [(int(rng.integers(9)), int(rng.integers(20)), int(rng.integers(2))) for _ in range(300)]
    a = counted(collect([triples], 1 << 30), 1)
    b = counted(collect([triples[200:][::-1], triples[:200]], 1 << 30), 1)
    assert a[0] == b[0]
    assert a[2] == b[2]


def test_a_spool_that_cannot_be_written_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError, match="cannot write") as caught:
        collect([[(1, 2, 0)]], 0, tmp_path / "gone")
    assert "TMPDIR" in caught.value.hint


@given(st.lists(st.integers(0, 9)))
def test_distinct_words_equal_a_sorted_set(words):
    assert distinct_of(np.array(words, np.uint64)).tolist() == sorted(set(words))
