"""The mark key: which member a slot should have, for the house or for one account.

From the secret come, by HMAC-SHA256, two 128-bit keys of SipHash-2-4 (Aumasson & Bernstein 2012). The first turns
a slot's name into 64 bits: bit 0 says whether the slot speaks for the house (everybody's outputs) or for the
account, bit 1 is its coin, bits 2 to 13 its place in the account's code, the others rank slots. The second turns
(account, word) into CODE bits, the account's code. The member wanted is the coin, for an account's slot xor the
code's bit at that place. If SipHash is a pseudo-random function, coins and codes are independent fair coins.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numba as nb
import numpy as np

from stillwatch.text import derive_seed
from stillwatch.text.siphash import siphash

CODE = 4096
"""Bits of an account's code: short enough to score a million accounts in seconds, long enough to tell accounts
that share a dataset apart."""
WORDS = CODE // 64
_PLACE_SHIFT, _RANK_SHIFT = 2, 14


@nb.njit(cache=True, nogil=True)
def _keyed(names: np.ndarray, k0: np.uint64, k1: np.uint64) -> np.ndarray:
    out = np.empty(names.size, np.uint64)
    word = np.empty(1, np.uint64)
    for i in range(names.size):
        word[0] = names[i]
        out[i] = siphash(word, k0, k1)
    return out


@nb.njit(cache=True, nogil=True)
def _codes(accounts: np.ndarray, words: int, k0: np.uint64, k1: np.uint64) -> np.ndarray:
    out = np.empty((accounts.shape[0], words), np.uint64)
    block = np.empty(3, np.uint64)
    for i in range(accounts.shape[0]):
        block[0], block[1] = accounts[i, 0], accounts[i, 1]
        for w in range(words):
            block[2] = np.uint64(w)
            out[i, w] = siphash(block, k0, k1)
    return out


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the key says of n slots: house bool[n], coin bool[n], place i64[n] in a code, rank u64[n]."""

    house: np.ndarray
    coin: np.ndarray
    place: np.ndarray
    rank: np.ndarray


@dataclass(frozen=True)
class MarkKey:
    """Keys derived from one secret; `purpose` tells the real key from decoys, which share nothing with it."""

    secret: bytes
    purpose: str = "marks"

    @cached_property
    def _seeds(self) -> tuple[np.uint64, ...]:
        return tuple(derive_seed(self.secret, f"{self.purpose} {what}") for what in ("s0", "s1", "a0", "a1"))

    @cached_property
    def fingerprint(self) -> str:
        """Says which key was used without telling it."""
        said = f"{self.purpose} fingerprint".encode()
        return hmac.new(self.secret, said, hashlib.sha256).hexdigest()[:16]

    def decoy(self, number: int) -> MarkKey:
        """A key that was never used to plant."""
        return MarkKey(self.secret, f"decoy {number} of {self.purpose}")

    def wishes(self, names: np.ndarray) -> Wishes:
        """Of slots by name u64[n]."""
        bits = _keyed(names, self._seeds[0], self._seeds[1])
        one = np.uint64(1)
        return Wishes(
            (bits & one).astype(bool),
            (bits >> one & one).astype(bool),
            (bits >> np.uint64(_PLACE_SHIFT) & np.uint64(CODE - 1)).astype(np.int64),
            bits >> np.uint64(_RANK_SHIFT),
        )

    def codes(self, accounts: Sequence[str]) -> np.ndarray:
        """u64[n, WORDS]: bit p of an account is bit p % 64 of word p // 64."""
        digests = b"".join(
            hashlib.blake2b(a.encode("utf-8", "surrogateescape"), digest_size=16).digest() for a in accounts
        )
        named = np.frombuffer(digests, "<u8").reshape(-1, 2)
        return _codes(named, WORDS, self._seeds[2], self._seeds[3])

    def wanted(self, names: np.ndarray, account: str) -> tuple[np.ndarray, np.ndarray]:
        """(member u8[n] that each slot should have for the account, rank u64[n])."""
        told = self.wishes(names)
        code = _code(self, account)[told.place]
        return (told.coin ^ (code & ~told.house)).astype(np.uint8), told.rank


@lru_cache(maxsize=4096)
def _code(key: MarkKey, account: str) -> np.ndarray:
    return np.unpackbits(key.codes([account])[0].view(np.uint8), bitorder="little").astype(bool)
