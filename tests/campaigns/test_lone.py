"""Lone accounts: who is tested, at what p, and what of their wording counts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from stillwatch.campaigns.lone import (
    ADMITTED_MIN,
    EVENTS_MIN,
    ROTATION_MIN,
    Crossing,
    candidates,
    crossing,
    phrases,
)
from stillwatch.detectors.rotating_wording import RotatingWording

CUSTOMERS, SLICES = 300, 4


def units(**of_first):
    """(rotation, volume, admitted) of CUSTOMERS heavy honest customers; the first one, new, is changed."""
    rng = np.random.default_rng(1)
    size = CUSTOMERS * (1 + SLICES)
    rotation, volume = rng.random(size), np.full(size, 40)
    volume[0], rotation[0] = 1000, 8.0
    volume[CUSTOMERS::CUSTOMERS] = 0
    for name, value in of_first.items():
        {"rotation": rotation, "volume": volume}[name][0] = value
    return rotation, volume, np.minimum(volume, 64)


def test_a_new_heavy_account_that_rotates_stands_out_at_the_floor():
    found, p = candidates(*units(), CUSTOMERS)
    assert found.tolist() == [0]
    assert p[0] == pytest.approx(1 / CUSTOMERS)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("it is not heavy", {"volume": EVENTS_MIN - 1}),
        ("it rotates more than all others, but less than ROTATION_MIN", {"rotation": ROTATION_MIN - 0.1}),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_it_stays_silent_where(what, change):
    assert candidates(*units(**change), CUSTOMERS)[0].size == 0


def test_an_account_of_the_reference_is_not_tested():
    rotation, volume, admitted = units()
    volume[CUSTOMERS] = 1
    assert candidates(rotation, volume, admitted, CUSTOMERS)[0].size == 0


@pytest.mark.parametrize(("rotate", "factor"), [(1, 2.0), (2, 1.0)], ids=["one of two", "both"])
def test_many_new_heavy_accounts_share_the_error(rotate, factor):
    rotation, volume, admitted = units()
    one = candidates(rotation, volume, admitted, CUSTOMERS)[1][0]
    volume[1], admitted[1], rotation[1] = EVENTS_MIN, ADMITTED_MIN, 8.0 if rotate == 2 else 0.0
    volume[CUSTOMERS + 1 :: CUSTOMERS] = admitted[CUSTOMERS + 1 :: CUSTOMERS] = 0
    found, p = candidates(rotation, volume, admitted, CUSTOMERS)
    assert found.tolist() == list(range(rotate))
    assert p == pytest.approx(factor * one, rel=0.02)


def test_a_customer_of_the_reference_counts_once_with_its_largest():
    rotation, volume, admitted = units()
    rotation[CUSTOMERS + 7 :: CUSTOMERS] = [0.1, 9.0, 9.0, 9.0]
    found, p = candidates(rotation, volume, admitted, CUSTOMERS)
    assert found.tolist() == [0]
    assert p[0] == pytest.approx(2 / CUSTOMERS)


def test_three_in_three_hundred_who_word_their_requests_so_are_enough_to_say_nothing():
    rotation, volume, admitted = units()
    rotation[CUSTOMERS + 7 : CUSTOMERS + 10] = 9.0
    assert candidates(rotation, volume, admitted, CUSTOMERS)[0].size == 0


def added(rotations):
    """units() with more new and heavy customers, of these T, before the one that rotates by 8."""
    more, out = len(rotations), []
    for values, value in zip(units(), (rotations, EVENTS_MIN, 64), strict=True):
        by_slice = np.pad(values.reshape(-1, CUSTOMERS), ((0, 0), (more, 0)))
        by_slice[0, :more] = value
        out.append(by_slice.ravel())
    return *out, CUSTOMERS + more


def test_new_accounts_that_cannot_stand_out_do_not_pay_for_one_that_does():
    """A little above all of the reference, p would be at the floor for each of them."""
    assert candidates(*added([1.5] * 10))[0].size == 0
    assert candidates(*added([8.0] * 10))[0].size == 11


def test_one_that_rotates_most_is_not_crowded_out():
    found, _ = candidates(*added([2.5] * 79))
    assert (found.size, found[0]) == (64, 79)


def test_few_heavy_units_allow_no_conclusion():
    rotation, volume, admitted = units()
    admitted[CUSTOMERS + 90 :] = 5
    assert candidates(rotation, volume, admitted, CUSTOMERS)[0].size == 0


def test_a_line_repeated_in_one_event_is_no_phrase():
    assert phrases(np.full(10, 7), np.array([0, 0, 0, 1, 1]), np.full(5, 9, np.uint64), 7).size == 0


def test_phrases_are_in_several_events_and_at_most_half():
    owner = np.repeat([7, 8], [8, 2])
    event = np.array([0, 1, 2, *range(8), 0, 1, 8, 9])
    key = np.array([1] * 3 + [2] * 8 + [3] * 2 + [1] * 2, np.uint64)
    assert phrases(owner, event, key, 7).tolist() == [1]


def group(held):
    """A stand-in for a group whose event i holds the keys held[i]."""
    counts = [len(h) for h in held]
    records = SimpleNamespace(
        rows=len(held),
        hit_start=np.concatenate([[0], np.cumsum(counts)]),
        hit_key=np.array([k for h in held for k in h], np.int64),
    )
    keys = np.unique(records.hit_key)
    return SimpleNamespace(events=records, rows=np.arange(len(held)), keys=keys)


def dealt(rng, options=5):
    """The phrases of one request: one option of each of two slots."""
    return [int(rng.integers(options)), 100 + int(rng.integers(options))]


def test_slots_filled_by_chance_cross():
    rng = np.random.default_rng(2)
    found = crossing(group([dealt(rng) for _ in range(60)]))
    assert (found.worded, found.phrases) == (1.0, 10)
    assert found.crossed > 0.9


def test_formats_of_several_benchmarks_nest():
    formats = [[f, 10 + f, 20 + f] for f in (0, 1, 2) for _ in range(20)]
    assert crossing(group(formats)) == Crossing(1.0, 0.0, 3)


def test_passages_put_into_requests_are_no_wording():
    rng = np.random.default_rng(5)
    passages = [list(range(10 * i, 10 * i + 3 + i % 2)) for i in range(12)]  # every other one is of four keys
    held = [[k for i in rng.choice(12, 2, replace=False) for k in passages[i]] for _ in range(90)]
    found = crossing(group(held))
    assert found.phrases == 6
    assert found.crossed < 0.5


def test_an_event_without_a_phrase_says_nothing_of_how_they_combine():
    rng = np.random.default_rng(3)
    found = crossing(group([dealt(rng) if i % 4 else [] for i in range(80)]))
    assert found.worded == 0.75
    assert found.crossed > 0.9


def test_no_phrase_at_all():
    assert crossing(group([[], []])) == Crossing(0.0, 0.0, 0)


def leans(held):
    made = group(held)
    made.lone_p, made.customers = 0.003, np.array([0])
    made.obs = SimpleNamespace(volume=np.array([1000]))
    return RotatingWording().judge(made).leans


@pytest.mark.parametrize(
    ("bare", "rotates"), [(0, True), (20, True), (70, False)], ids=["none", "few", "most"]
)
def test_bare_questions_between_the_worded_ones_do_not_hide_them(bare, rotates):
    """Most of what the account sends must be worded so; 20 bare questions of 80 left a share of 0.75 in all."""
    rng = np.random.default_rng(4)
    found = leans([dealt(rng, 20) for _ in range(60)] + [[]] * bare)
    assert ("extraction" in found, found["batch"] > 0) == (rotates, not rotates)


@pytest.mark.parametrize(("options", "rotates"), [(15, False), (16, True)], ids=["30", "32"])
def test_a_menu_of_few_options_does_not_rotate(options, rotates):
    rng = np.random.default_rng(6)
    orders = [np.concatenate([rng.permutation(options) for _ in range(8)])[:100] for _ in range(2)]
    found = leans([[int(a), 100 + int(b)] for a, b in zip(*orders, strict=True)])
    assert ("extraction" in found) is rotates
