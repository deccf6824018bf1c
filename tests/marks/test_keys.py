"""The mark key: its bits are SipHash of slot names, its codes SipHash of accounts, and decoys share nothing."""

from __future__ import annotations

import hashlib

import numpy as np

from stillwatch.marks.keys import CODE, WORDS, MarkKey
from stillwatch.text import derive_seed
from stillwatch.text.siphash import siphash_naive

KEY = MarkKey(b"a secret of some length")


def seeds(key, *names):
    return b"".join(int(derive_seed(key.secret, f"{key.purpose} {n}")).to_bytes(8, "little") for n in names)


def test_wishes_are_bits_of_siphash():
    names = np.array([0, 1, 2**63 + 5], np.uint64)
    got = KEY.wishes(names)
    for i, name in enumerate(names.tolist()):
        bits = siphash_naive(name.to_bytes(8, "little"), seeds(KEY, "s0", "s1"))
        assert (got.house[i], got.coin[i]) == (bool(bits & 1), bool(bits >> 1 & 1))
        assert (got.place[i], got.rank[i]) == (bits >> 2 & (CODE - 1), bits >> 14)


def test_codes_are_siphash_of_the_account():
    got = KEY.codes(["acct-1", "é"])
    digest = hashlib.blake2b("é".encode(), digest_size=16).digest()
    for w in (0, 1, WORDS - 1):
        assert got[1, w] == siphash_naive(digest + w.to_bytes(8, "little"), seeds(KEY, "a0", "a1"))


def test_the_member_wanted_is_the_coin_or_the_coin_xor_the_code():
    names = np.arange(500, dtype=np.uint64)
    told, (wanted, rank) = KEY.wishes(names), KEY.wanted(names, "acct-1")
    code = KEY.codes(["acct-1"])[0]
    for i in range(names.size):
        place = int(told.place[i])
        bit = bool(int(code[place // 64]) >> (place % 64) & 1)
        assert bool(wanted[i]) == (bool(told.coin[i]) if told.house[i] else bool(told.coin[i]) ^ bit)
    assert np.array_equal(rank, told.rank)
    other, _ = KEY.wanted(names, "acct-2")
    assert np.array_equal(other[told.house], wanted[told.house])
    assert 0.3 < (other != wanted)[~told.house].mean() < 0.7


def test_decoys_and_other_secrets_say_something_else():
    names = np.arange(2000, dtype=np.uint64)
    keys = [KEY, KEY.decoy(0), KEY.decoy(1), MarkKey(b"another secret of length")]
    assert len({k.fingerprint for k in keys}) == 4
    coins = [k.wishes(names).coin for k in keys]
    for i in range(4):
        for j in range(i):
            assert 0.44 < (coins[i] == coins[j]).mean() < 0.56  # five standard errors of a fair coin
