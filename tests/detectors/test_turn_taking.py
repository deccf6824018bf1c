"""Turns and sessions of a group: people are told from lists that are dealt in step, and from a scheduler's bunches."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.observation import Stream
from stillwatch.detectors.turn_taking import REGULAR, SESSIONS, TurnTaking
from stillwatch.features.families import Family, tagged

OWNERS, EACH = 25, 12
POOL, ROUNDS = 80, 4


def group(owner, text, by_means=False):
    """A stand-in: one event a minute, each with the text key it holds."""
    n = owner.size
    texts = int(text.max()) + 1
    people = np.unique(owner)
    return SimpleNamespace(
        lone_p=None,
        by_means=by_means,
        customers=people,
        keys=np.arange(texts),
        in_time=Stream(owner, np.arange(n) * 60_000_000, np.arange(n), text),
        volumes=(np.bincount(owner)[people].astype(float), np.ones(people.size)),
        obs=SimpleNamespace(
            seed=0,
            customers=int(people.max()) + 1,
            burst=SimpleNamespace(key=tagged(np.arange(1, texts + 1).astype(np.uint64), Family.LEXICAL)),
        ),
    )


def bunches(rng, sizes):
    """Each account's events in bunches of four, the bunches of all accounts in random order."""
    owners = np.repeat(np.arange(sizes.size), sizes // 4)
    return np.repeat(rng.permutation(owners), 4)


@pytest.mark.parametrize("seed", range(3))
def test_lists_dealt_in_step_are_turns(seed):
    """Four templates, each dealt round the pool in the same order: bunches over all, turns in each."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.random((4, POOL * ROUNDS)), axis=1)
    order = np.argsort(at.ravel())
    owner = np.tile(np.arange(POOL * ROUNDS) % POOL, 4)[order]
    text = np.repeat(np.arange(4), POOL * ROUNDS)[order]
    assert TurnTaking().judge(group(owner, text)).leans == REGULAR


@pytest.mark.parametrize("seed", range(3))
def test_people_keep_sessions(seed):
    rng = np.random.default_rng(seed)
    owner = bunches(rng, 4 * rng.integers(1, 9, OWNERS))
    text = rng.integers(0, 3, owner.size)
    assert TurnTaking().judge(group(owner, text)).leans == SESSIONS


@pytest.mark.parametrize("seed", range(3))
def test_bunches_of_volumes_more_even_than_chance_are_nobodys_sessions(seed):
    """The same bunches, but every account has as many: no people, and no turns either."""
    rng = np.random.default_rng(seed)
    owner = bunches(rng, np.full(OWNERS, 16))
    judgement = TurnTaking().judge(group(owner, np.zeros(owner.size, np.int64)))
    assert judgement.leans == {}
    assert judgement.evidence.counter == []


@pytest.mark.parametrize("seed", range(3))
def test_random_dealing_says_nothing(seed):
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, OWNERS, 300)
    assert TurnTaking().judge(group(owner, rng.integers(0, 4, 300))).leans == {}
