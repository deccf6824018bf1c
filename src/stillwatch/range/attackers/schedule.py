"""When each account of a plan sends what: the work list dealt out by the balancer, covers in between, no day over the
limit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from stillwatch.range.attackers.plan import Plan
from stillwatch.range.attackers.sizing import Size
from stillwatch.range.clock import DAY_S
from stillwatch.range.scene import Scene

NIGHT_S = (3600.0, 3 * 3600.0)
"""Start and length of the nightly job, seconds."""
LATE_S, LATE_SHARE = 40.0, 0.02
"""How late a run of a schedule is at most, and at most of its interval."""


@dataclass(frozen=True, slots=True)
class Sent:
    """place: which account of the plan sends it (generation × accounts in use + position), int64, shape (n,).
    at_s: seconds from the start of the current period, shape (n,)."""

    place: np.ndarray
    at_s: np.ndarray


def harvest_times(scene: Scene, rng: np.random.Generator, plan: Plan, size: Size) -> tuple[Sent, list[Sent]]:
    """(requests of the work list in the order of the list, requests of each cover).

    Without a daily limit requests come evenly through the life of the accounts and rotate over them, or go to any. On
    schedules the covers are what some of the runs send.
    """
    if plan.tempo.balancer == "schedules":
        return _on_schedules(rng, size)
    if plan.tempo.per_day_max is not None:
        return _limited(scene, rng, plan, size)
    places, times = [], []
    for generation, begin in enumerate(size.begins()):
        count = size.accounts * size.attack
        places.append(generation * size.accounts + _chosen(scene, plan, rng, count, size.accounts))
        times.append(begin * DAY_S + np.sort(rng.random(count)) * (size.lifetime_days * DAY_S))
    return _shaped(scene, rng, plan, size, np.concatenate(places), np.concatenate(times)), []


def cover_times(scene: Scene, rng: np.random.Generator, plan: Plan, size: Size, count: int) -> Sent:
    """`count` requests of every account (of any, `count` on average, where the balancer is random) at random times of
    its life."""
    place = np.repeat(np.arange(size.accounts_bought), count)
    if plan.tempo.balancer == "random":
        generation, each = np.arange(size.generations), count * size.accounts
        drawn = [size.accounts * g + _any(scene, plan, rng, each, size.accounts) for g in generation.tolist()]
        place = np.concatenate(drawn)
    begin = size.begins()[place // size.accounts] * DAY_S
    at = begin + rng.random(place.size) * (size.lifetime_days * DAY_S)
    return _shaped(scene, rng, plan, size, place, at)


def earlier_times(scene: Scene, rng: np.random.Generator, size: Size) -> Sent:
    """The requests of the reference period, rotating over the accounts in use."""
    at = scene.clock.first_s * (1.0 - np.sort(rng.random(size.reference)))
    return Sent(np.arange(size.reference) % size.accounts, np.minimum(at, -1e-3))


def _chosen(scene: Scene, plan: Plan, rng: np.random.Generator, count: int, accounts: int) -> np.ndarray:
    """Which of the accounts in use sends each of `count` requests in a row."""
    if plan.tempo.balancer == "random":
        return _any(scene, plan, rng, count, accounts)
    return np.arange(count) % accounts


def _any(scene: Scene, plan: Plan, rng: np.random.Generator, count: int, accounts: int) -> np.ndarray:
    """Each request goes to any of the accounts, by chances that the requests and the covers of a plan share."""
    if not plan.tempo.uneven:
        return rng.integers(0, accounts, count)
    chance = np.cumsum(scene.rng("balancer", plan.name).lognormal(0.0, plan.tempo.uneven, accounts))
    return np.searchsorted(chance, rng.random(count) * chance[-1], side="right").clip(0, accounts - 1)


def _limited(scene: Scene, rng: np.random.Generator, plan: Plan, size: Size) -> tuple[Sent, list[Sent]]:
    """Each calendar day of an account's life offers `per_day_max` places; the requests take some at random."""
    limit, kinds = plan.tempo.per_day_max or 1, (size.attack, *size.covers)
    taken = _Taken(kinds)
    for generation, begin in enumerate(size.begins()):
        end = begin + size.lifetime_days
        first, last = int(np.floor(begin)), int(np.ceil(end - 1e-9))
        slots = rng.random((size.accounts, limit * (last - first))).argsort(axis=1)[:, : sum(kinds)]
        day = first + slots // limit
        low, high = np.maximum(day, begin), np.minimum(day + 1, end)
        at = (low + rng.random(slots.shape) * (high - low)) * DAY_S
        taken.add(generation, at)
    sent = [_shaped(scene, rng, plan, size, part.place, part.at_s) for part in taken.in_time()]
    return sent[0], sent[1:]


def _on_schedules(rng: np.random.Generator, size: Size) -> tuple[Sent, list[Sent]]:
    """Each account runs at one interval through its life, from a moment of its own; the requests take some runs at random."""
    kinds = (size.attack, *size.covers)
    taken, runs = _Taken(kinds), sum(kinds)
    every_s = size.lifetime_days * DAY_S / runs
    late_s = min(LATE_S, LATE_SHARE * every_s)
    for generation, begin in enumerate(size.begins()):
        run = rng.random((size.accounts, runs)).argsort(axis=1)
        first = begin * DAY_S + rng.random((size.accounts, 1)) * (every_s - late_s)
        taken.add(generation, first + run * every_s + rng.random(run.shape) * late_s)
    sent = taken.in_time()
    return sent[0], sent[1:]


class _Taken:
    """Moments of every account, the first of them for the work list and the next for each cover. kinds: how many of each."""

    def __init__(self, kinds: tuple[int, ...]) -> None:
        self._edges = list(itertools.pairwise(np.cumsum((0, *kinds)).tolist()))
        self._parts: list[list[Sent]] = [[] for _ in kinds]

    def add(self, generation: int, at_s: np.ndarray) -> None:
        """at_s: shape (accounts, sum of kinds), of the accounts of one generation."""
        place = generation * at_s.shape[0] + np.arange(at_s.shape[0])
        for parts, (a, b) in zip(self._parts, self._edges, strict=True):
            parts.append(Sent(np.repeat(place, b - a), at_s[:, a:b].reshape(-1)))

    def in_time(self) -> list[Sent]:
        """What each kind sends, in order of time."""
        out = []
        for parts in self._parts:
            place, at = (
                np.concatenate([getattr(part, name) for part in parts]) for name in ("place", "at_s")
            )
            order = np.argsort(at, kind="stable")
            out.append(Sent(place[order], at[order]))
        return out


def _shaped(
    scene: Scene, rng: np.random.Generator, plan: Plan, size: Size, place: np.ndarray, at_s: np.ndarray
) -> Sent:
    """The same days with the hours of the rhythm, inside the life of the account."""
    rhythm = plan.tempo.rhythm
    if rhythm == "flat":
        return Sent(place, at_s)
    if rhythm == "people":
        seconds = scene.shape.seconds_of_day(rng, at_s.size)
    else:
        seconds = NIGHT_S[0] + rng.random(at_s.size) * NIGHT_S[1]
    begin = size.begins()[place // size.accounts] * DAY_S
    end = begin + size.lifetime_days * DAY_S - 1e-3
    day = np.floor(at_s / DAY_S) * DAY_S
    return Sent(place, np.clip(day + seconds, np.maximum(begin, day), np.minimum(end, day + DAY_S - 1e-3)))
