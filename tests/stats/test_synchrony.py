"""Synchrony: seen where something starts accounts together, blind to what changes slowly and to the zone of a clock."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from stillwatch.stats.evalues import mixture_bits
from stillwatch.stats.synchrony import BINS, BLOCK_US, marks, synchrony, together

S, HOUR_S, DAY_S = 1_000_000, 3600.0, 86_400.0


def chatting(rng, accounts=60, each=4):
    """(owner, seconds): sessions of independent accounts, more by day than by night."""
    owner, at = [], []
    for account in range(accounts):
        begins = rng.random(8 * each) * 7 * DAY_S
        begins = begins[rng.random(begins.size) < (1 + np.sin(2 * np.pi * begins / DAY_S)) / 2][:each]
        for begin in begins:
            size = int(rng.integers(1, 8))
            owner += [account] * size
            at += list(begin + np.cumsum(rng.exponential(40.0, size)))
    return np.array(owner), np.array(at)


def office(rng, accounts=400, each=20):
    """(owner, seconds): the most accounts and events that are looked at, in office hours with steep slopes."""
    owner = np.repeat(np.arange(accounts), each)
    return owner, rng.integers(0, 5, owner.size) * DAY_S + rng.normal(13.0, 2.6, owner.size) * HOUR_S


def zones(rng):
    """The accounts of `chatting`, each with a clock of another zone."""
    owner, at = chatting(rng)
    return owner, at + rng.integers(-44, 52, 60)[owner] * HOUR_S / 4


def found(stream, seed, draws=199):
    owner, at = stream
    return synchrony(owner, (at * S).astype(np.int64), draws, seed)


@pytest.mark.parametrize("world", [chatting, zones, office])
@pytest.mark.slow
def test_independent_accounts_are_as_often_together_as_chance(world):
    p = np.array([found(world(np.random.default_rng(s)), s).p for s in range(200)])
    for level in (0.05, 0.2):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / p.size)
    assert np.exp2(mixture_bits(np.log(p))).mean() <= 1.0


@pytest.mark.parametrize("seed", range(3))
def test_accounts_that_are_started_together_are_seen(seed):
    rng = np.random.default_rng(seed)
    owner, at = chatting(rng)
    begun = np.arange(20)
    together_at = np.sort(rng.random(4)) * 6 * DAY_S
    at = np.append(at, (together_at[:, None] + rng.exponential(20.0, (4, 20))).ravel())
    assert found((np.append(owner, np.tile(begun, 4)), at), seed, 999).p <= 0.002
    assert found(chatting(rng), seed, 999).p > 0.002


def test_another_zone_for_all_changes_nothing():
    owner, at = chatting(np.random.default_rng(4))
    for hours in (5, 5.5, -3.5, 5.75):
        assert found((owner, at), 1) == found((owner, at + hours * HOUR_S), 1)


def test_an_account_counts_once_a_bin_and_alone_it_counts_for_nothing():
    width = BLOCK_US // BINS
    owner = np.array([0, 0, 0, 1, 1, 2])
    ts = np.array([0, 1, width, 5, 9, 3 * BLOCK_US])
    block, unit, place = marks(owner, ts)
    assert list(zip(block.tolist(), unit.tolist(), place.tolist(), strict=True)) == [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
    ]
    assert together(block, place) == 1
    alone = synchrony(np.array([3, 3]), np.array([1, 2]), 99, 0)
    assert (alone.p, alone.pairs, alone.marks) == (1.0, 0, 0)


def test_the_null_is_the_enumeration_of_shifts():
    """Two accounts in one block, one with two bins: the expected number of common bins over all shifts is exact."""
    width = BLOCK_US // BINS
    owner, ts = np.array([0, 0, 1]), np.array([0, 3 * width, 3 * width])
    block, unit, place = marks(owner, ts)
    every = [
        together(block, (place + np.array(shift)[unit]) % BINS)
        for shift in itertools.product(range(BINS), repeat=2)
    ]
    drawn = synchrony(owner, ts, 20_000, 3)
    assert drawn.pairs == 1
    assert drawn.expected == pytest.approx(np.mean(every), abs=5 * np.std(every) / np.sqrt(20_000))
    assert drawn.p == pytest.approx(np.mean(np.array(every) >= 1), abs=0.02)
