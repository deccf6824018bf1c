"""Own paces drift apart as permuted ones do; who is called back in step does not, whatever the pause and the delay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.stats.pace import _Runs, in_step

DRAWS = 99


def held(ts_of: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(ts i64[n] us by run, run of each)."""
    run = np.repeat(np.arange(len(ts_of)), [len(ts) for ts in ts_of])
    return (np.concatenate(ts_of) * 1e6).astype(np.int64), run


def paced(
    rng: np.random.Generator, accounts: int = 15, each: int = 12, spread: float = 0.5
) -> list[np.ndarray]:
    return [
        rng.uniform(0, 600) + np.cumsum(rng.lognormal(np.log(300), spread, each)) for _ in range(accounts)
    ]


def rounds(rng: np.random.Generator, delay_s: float = 0.0, fresh: bool = False) -> list[np.ndarray]:
    """15 accounts and 12 rounds; each event up to so much later, or each round in an order of its own."""
    order = [rng.permutation(15) if fresh else np.arange(15) for _ in range(12)]
    at = np.cumsum(rng.exponential(20, 180)) + rng.exponential(1, 180) * delay_s
    return [np.sort(at[np.concatenate(order) == a]) for a in range(15)]


def naive(ts: np.ndarray, run: np.ndarray) -> float:
    place = {i: k for k, i in enumerate(sorted(range(ts.size), key=lambda i: (ts[i], i)))}
    total = 0.0
    for r in np.unique(run):
        mine = [place[i] for i in np.flatnonzero(run == r)]
        even = np.linspace(mine[0], mine[-1], len(mine))
        total += float(((np.array(mine) - even) ** 2).sum())
    return total


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=6), min_size=1, max_size=6))
def test_the_statistic_is_the_distance_from_evenly_spaced_places(runs: list[list[int]]) -> None:
    ts, run = held([np.sort(np.array(r)) for r in runs])
    assert _Runs(run).drift(ts) == pytest.approx(naive(ts, run))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "kind", [{}, {"delay_s": 60.0}, {"fresh": True}], ids=["strict", "a minute late", "fresh rounds"]
)
def test_whoever_is_called_back_keeps_step(kind: dict[str, float], seed: int) -> None:
    found = in_step(*held(rounds(np.random.default_rng(seed), **kind)), DRAWS, seed)
    assert (found.p_regular, found.ratio < 0.75) == (0.01, True)


def test_own_paces_are_as_their_permutations() -> None:
    """Exact: over 60 streams p is below a level about that often."""
    p = np.array([in_step(*held(paced(np.random.default_rng(s))), DRAWS, s).p_regular for s in range(60)])
    for level in (0.05, 0.2, 0.5):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / p.size)
    assert p.std() > 0.2


def test_the_moments_where_runs_begin_and_end_are_kept_and_a_seed_gives_one_answer() -> None:
    ts, run = held(paced(np.random.default_rng(0)))
    before = ts.copy()
    assert in_step(ts, run, DRAWS, 5) == in_step(ts, run, DRAWS, 5)
    assert (ts == before).all()


@pytest.mark.parametrize("runs", [[], [[1.0]], [[1.0], [2.0], [3.0]]])
def test_runs_of_one_say_nothing(runs: list[list[float]]) -> None:
    ts, run = held([np.array(r) for r in runs]) if runs else (np.zeros(0, np.int64), np.zeros(0, np.int64))
    found = in_step(ts, run, DRAWS, 0)
    assert (found.p_regular, np.isnan(found.ratio)) == (1.0, True)
