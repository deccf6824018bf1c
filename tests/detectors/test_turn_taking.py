"""Turns and sessions of a group: people are told from lists that are dealt in step, and from a scheduler's bunches."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.dealing import dealing
from stillwatch.detectors.turn_taking import REGULAR, SESSIONS, TurnTaking

OWNERS = 25
POOL, ROUNDS = 80, 4


def group(owner):
    """A stand-in: one event a minute."""
    people = np.unique(owner)
    counts = np.bincount(owner)[people].astype(float)
    return SimpleNamespace(customers=people, dealing=dealing(owner, counts, np.arange(1, 40), seed=0))


def bunches(rng, sizes):
    """Each account's events in bunches of four, the bunches of all accounts in random order."""
    owners = np.repeat(np.arange(sizes.size), sizes // 4)
    return np.repeat(rng.permutation(owners), 4)


@pytest.mark.parametrize("seed", range(3))
def test_a_list_dealt_round_is_turns(seed):
    assert TurnTaking().judge(group(np.tile(np.arange(POOL), ROUNDS))).leans == REGULAR


@pytest.mark.parametrize("seed", range(3))
def test_lists_dealt_in_step_are_no_sessions(seed):
    """Four lists, each dealt round the pool in the same order: bunches, and volumes that nobody has who acts alone."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.random((4, POOL * ROUNDS)), axis=1)
    owner = np.tile(np.arange(POOL * ROUNDS) % POOL, 4)[np.argsort(at.ravel())]
    assert TurnTaking().judge(group(owner)).leans == {}


@pytest.mark.parametrize("seed", range(3))
def test_people_keep_sessions(seed):
    rng = np.random.default_rng(seed)
    assert TurnTaking().judge(group(bunches(rng, 4 * rng.integers(1, 9, OWNERS)))).leans == SESSIONS


@pytest.mark.parametrize("seed", range(3))
def test_a_quota_that_all_use_up_in_sittings_is_peoples(seed):
    """The same bunches, but every account has as many: a course, an allowance."""
    owner = bunches(np.random.default_rng(seed), np.full(OWNERS, 16))
    assert TurnTaking().judge(group(owner)).leans == SESSIONS
    assert group(owner).dealing.rationed
    assert not group(owner).dealing.evenly


def test_accounts_that_are_used_up_one_after_another_are_nobodys_sessions():
    """One bunch each, and volumes that are even: no people, and no turns either."""
    judgement = TurnTaking().judge(group(np.repeat(np.arange(OWNERS), 16)))
    assert judgement.leans == {}
    assert judgement.evidence.counter == []


@pytest.mark.parametrize("seed", range(3))
def test_random_dealing_says_nothing(seed):
    assert TurnTaking().judge(group(np.random.default_rng(seed).integers(0, OWNERS, 300))).leans == {}
