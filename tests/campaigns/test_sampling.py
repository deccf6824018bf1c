"""Answers sampled k times an item are told from independent customers of one list, whoever these are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from stillwatch.campaigns.sampling import DRAWN_MAX, drawn, samples

Events = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Item, account and payer of each event, in order of time."""


def sampled(rng: np.random.Generator, items: int, k: int, accounts: int, payers: int = 0) -> Events:
    """Every item k times, each request to any account; accounts under one of some payers, or each under its own."""
    item = rng.permutation(np.repeat(np.arange(items), k))
    owner = rng.integers(accounts, size=item.size)
    return item, owner, owner % payers if payers else owner


def in_turns(rng: np.random.Generator, items: int, k: int, accounts: int) -> Events:
    item, _, _ = sampled(rng, items, k, accounts)
    return item, np.arange(item.size) % accounts, np.zeros(item.size, int)


def laboratories(
    rng: np.random.Generator, items: int, runs: int, each: int, k: int = 1, at_once: bool = True
) -> Events:
    """Each laboratory deals the whole list over its own accounts, k answers an item; at the same time, or after one another."""
    item = np.concatenate([rng.permutation(np.repeat(np.arange(items), k)) for _ in range(runs)])
    lab = np.repeat(np.arange(runs), items * k)
    owner = lab * each + rng.integers(each, size=item.size)
    order = rng.permutation(item.size) if at_once else np.arange(item.size)
    return item[order], owner[order], lab[order]


def again_with(share: float) -> Callable[..., Events]:
    """Laboratories that send some requests again, from another of their accounts."""

    def made(rng: np.random.Generator, items: int, runs: int, each: int) -> Events:
        item, owner, lab = laboratories(rng, items, runs, each)
        more = rng.choice(item.size, round(share * item.size), replace=False)
        other = lab[more] * each + rng.integers(each, size=more.size)
        item, owner = np.concatenate([item, item[more]]), np.concatenate([owner, other])
        order = rng.permutation(item.size)
        return item[order], owner[order], np.concatenate([lab, lab[more]])[order]

    return made


def shards(rng: np.random.Generator, items: int, parts: int, runs: int, each: int) -> Events:
    """A benchmark in parts, each run by several laboratories."""
    made = [laboratories(rng, items, runs, each) for _ in range(parts)]
    item = np.concatenate([m[0] + i * items for i, m in enumerate(made)])
    owner = np.concatenate([m[1] + i * runs * each for i, m in enumerate(made)])
    payer = np.concatenate([m[2] + i * runs for i, m in enumerate(made)])
    order = rng.permutation(item.size)
    return item[order], owner[order], payer[order]


def classroom(rng: np.random.Generator, items: int, pupils: int) -> Events:
    owner = np.repeat(np.arange(pupils), items)
    order = rng.permutation(owner.size)
    return np.tile(np.arange(items), pupils)[order], owner[order], np.zeros(owner.size, int)


def exercises(rng: np.random.Generator, each: int, groups: int, pupils: int) -> Events:
    """Every group of a class has exercises of its own, and each of its pupils asks all of them."""
    pupil = np.repeat(np.arange(groups * pupils), each)
    item = pupil // pupils * each + np.tile(np.arange(each), groups * pupils)
    order = rng.permutation(item.size)
    return item[order], pupil[order], np.zeros(item.size, int)


def study(rng: np.random.Generator, cases: int, people: int, each: int) -> Events:
    """People who draw from one list of cases."""
    item = np.concatenate([rng.choice(cases, each, replace=False) for _ in range(people)])
    owner = np.repeat(np.arange(people), each)
    order = rng.permutation(item.size)
    return item[order], owner[order], np.zeros(item.size, int)


def suites(rng: np.random.Generator, companies: int, cases: int, runs: int, each: int) -> Events:
    """Companies whose suites run again and again over their own accounts, each at times of its own."""
    case = np.tile(np.arange(cases), companies * runs)
    company = np.repeat(np.arange(companies), cases * runs)
    owner = company * each + rng.integers(each, size=case.size)
    order = np.argsort(
        rng.uniform(size=case.size) + np.repeat(rng.uniform(size=companies * runs), cases) * 50
    )
    return (company * cases + case)[order], owner[order], company[order]


def one_suite(rng: np.random.Generator, cases: int, runs: int, accounts: int) -> Events:
    item = np.concatenate([rng.permutation(cases) for _ in range(runs)])
    return item, rng.integers(accounts, size=item.size), np.zeros(item.size, int)


def tried_again(rng: np.random.Generator, items: int, accounts: int) -> Events:
    """People of whose prompts some are sent two or three times."""
    item = np.repeat(np.arange(items), rng.choice([1, 2, 3], items, p=[0.3, 0.4, 0.3]))
    return item, rng.integers(accounts, size=item.size), np.zeros(item.size, int)


CASES: dict[str, tuple[int | None, Callable[..., Events], dict[str, int]]] = {
    "four answers, forty accounts": (4, sampled, {"items": 1_500, "k": 4, "accounts": 40}),
    "dealt in turns": (4, in_turns, {"items": 1_500, "k": 4, "accounts": 40}),
    "two answers, twenty accounts": (2, sampled, {"items": 2_000, "k": 2, "accounts": 20}),
    "sixteen answers, two hundred accounts": (16, sampled, {"items": 2_000, "k": 16, "accounts": 200}),
    "too little each to exclude runners": (None, sampled, {"items": 500, "k": 16, "accounts": 200}),
    "four hundred accounts under payers": (
        4,
        sampled,
        {"items": 1_500, "k": 4, "accounts": 400, "payers": 66},
    ),
    "four hundred accounts with payers of their own": (
        None,
        sampled,
        {"items": 1_500, "k": 4, "accounts": 400},
    ),
    "sixteen answers, too few accounts": (None, sampled, {"items": 500, "k": 16, "accounts": 40}),
    "one answer": (None, sampled, {"items": 1_500, "k": 1, "accounts": 40}),
    "laboratories": (None, laboratories, {"items": 300, "runs": 20, "each": 12}),
    "three laboratories": (None, laboratories, {"items": 1_319, "runs": 3, "each": 12}),
    "six laboratories": (None, laboratories, {"items": 1_319, "runs": 6, "each": 12}),
    "six laboratories with thirty accounts each": (
        None,
        laboratories,
        {"items": 5_000, "runs": 6, "each": 30},
    ),
    "laboratories after one another": (
        None,
        laboratories,
        {"items": 1_319, "runs": 4, "each": 12, "at_once": 0},
    ),
    "laboratories that sample": (None, laboratories, {"items": 1_319, "runs": 3, "each": 12, "k": 4}),
    "laboratories that send a tenth again": (None, again_with(0.1), {"items": 1_319, "runs": 5, "each": 12}),
    "laboratories with parts of a benchmark": (
        None,
        shards,
        {"items": 300, "parts": 5, "runs": 4, "each": 10},
    ),
    "two parts": (None, shards, {"items": 700, "parts": 2, "runs": 4, "each": 20}),
    "a class with one sheet": (None, classroom, {"items": 60, "pupils": 30}),
    "groups with an exercise each": (None, exercises, {"each": 4, "groups": 30, "pupils": 4}),
    "a study": (None, study, {"cases": 300, "people": 130, "each": 20}),
    "a study with few cases each": (None, study, {"cases": 300, "people": 150, "each": 6}),
    "companies with suites": (None, suites, {"companies": 12, "cases": 60, "runs": 4, "each": 5}),
    "one suite over many accounts": (None, one_suite, {"cases": 300, "runs": 5, "accounts": 60}),
    "people who try again": (None, tried_again, {"items": 600, "accounts": 80}),
}
SEEDS = 8


@pytest.mark.parametrize(("k", "made", "knobs"), CASES.values(), ids=list(CASES))
def test_what_is_sampled(k: int | None, made: Callable[..., Events], knobs: dict[str, int]) -> None:
    for seed in range(SEEDS):
        item, owner, payer = made(np.random.default_rng(seed), **knobs)
        found = samples(item.astype(np.uint64), owner, np.arange(item.size), (payer + 1).astype(np.uint64))
        assert found == k, seed


def test_independent_choosers_never_are() -> None:
    """The null: 200 lists that accounts choose from independently, each as many items as it likes."""
    rng = np.random.default_rng(7)
    for _ in range(200):
        people, items = int(rng.integers(16, 120)), int(rng.integers(50, 200))
        each = rng.integers(1, max(2, items // 6), size=people)
        item = np.concatenate([rng.choice(items, n, replace=False) for n in each])
        owner = np.repeat(np.arange(people), each)
        assert samples(item, owner, rng.permutation(item.size), np.zeros(item.size, np.uint64)) is None


def test_a_pool_is_told_whatever_the_ids_are() -> None:
    item, owner, payer = sampled(np.random.default_rng(3), 1_500, 4, 40)
    names = np.random.default_rng(4).permutation(10_000)
    ts, key = np.arange(item.size), payer.astype(np.uint64)
    assert samples(item.astype(np.uint64) + np.uint64(2**63), names[owner], ts, key) == 4


@pytest.mark.parametrize(("k", "made", "knobs"), CASES.values(), ids=list(CASES))
def test_who_has_one_list_is_never_taken_for_a_generator(
    k: int | None, made: Callable[..., Events], knobs: dict[str, int]
) -> None:
    """Sampled lists may be: nothing is said of their repeats either way."""
    for seed in range(SEEDS):
        item, owner, _ = made(np.random.default_rng(seed), **knobs)
        mean = drawn(item.astype(np.uint64), owner)
        assert mean is None or mean == k, seed


def generated(rng: np.random.Generator, slots: tuple[int, ...], accounts: int, each: int) -> Events:
    """Templates, each filled from slots of so many combinations, with accounts of uneven volumes."""
    template = rng.integers(len(slots), size=accounts * each)
    item = template * 1_000_000 + (rng.random(template.size) * np.array(slots)[template]).astype(np.int64)
    owner = rng.choice(accounts, template.size, p=rng.dirichlet(np.full(accounts, 5.0)))
    return item, owner, np.zeros(item.size, int)


@pytest.mark.parametrize("slots", [(5_000,), (900, 20_000), (9_000, 9_000, 9_000)])
def test_a_generator_draws_its_items(slots: tuple[int, ...]) -> None:
    rng = np.random.default_rng(11)
    item, owner, payer = generated(rng, slots, 50, 300)
    times = np.bincount(np.unique(item, return_inverse=True)[1])
    assert drawn(item, owner) == pytest.approx(times.mean())
    assert samples(item.astype(np.uint64), owner, np.arange(item.size), payer.astype(np.uint64)) is None


def test_bystanders_with_a_request_each_hide_no_generator() -> None:
    rng = np.random.default_rng(12)
    item, owner, _ = generated(rng, (5_000,), 50, 300)
    some = rng.choice(item.size, 15, replace=False)
    assert drawn(np.append(item, item[some]), np.append(owner, 50 + np.arange(15))) is not None


def test_what_is_popular_among_people_is_not_drawn() -> None:
    rng = np.random.default_rng(13)
    popular = rng.zipf(1.6, 15_000) % 5_000
    times = np.bincount(np.unique(popular, return_inverse=True)[1])
    assert times.var() > DRAWN_MAX * times.mean()
    assert drawn(popular, rng.integers(400, size=popular.size)) is None
