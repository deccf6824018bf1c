"""Coordination: accounts in step are one component, a work list dealt out over a week is not."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from stillwatch.range.baselines.coordination import Coordination


def test_accounts_that_act_in_step_are_one_group(of, window):
    groups = [{window.names[a] for a in g} for g in Coordination().judge(window).groups]
    assert of(window.names, "twin") in groups


def test_a_pool_that_takes_turns_over_hours_is_missed(judge, of):
    assert not of(judge(Coordination())[2], "pool")


def test_seconds_apart_is_a_parameter(judge, of):
    assert not of(judge(Coordination(within_s=1.0))[2], "twin")


def test_pairs_agree_with_a_count_over_all_pairs(window):
    now, method = window.now, Coordination(within_s=3600.0, neighbours_max=10_000)
    a, b, gain = method._pairs(now, now.opening, now.opening != 0)
    rows = np.flatnonzero(
        np.isin(now.account, [window.names.index(n) for n in ("twin-0", "twin-1", "pool-0000")])
    )
    users = Counter(
        o for o, _ in {(o, x) for o, x in zip(now.opening.tolist(), now.account.tolist(), strict=True)}
    )
    want = Counter()
    for i, j in combinations(rows.tolist(), 2):
        near = abs(int(now.ts[i]) - int(now.ts[j])) <= 3_600_000_000
        if now.account[i] != now.account[j] and now.opening[i] == now.opening[j] and near:
            want[int(now.account[i]), int(now.account[j])] += 1
    inside = np.isin(a, now.account[rows]) & np.isin(b, now.account[rows])
    assert Counter(zip(a[inside].tolist(), b[inside].tolist(), strict=True)) == want
    assert want
    opening = int(now.opening[now.account == window.names.index("twin-0")][0])
    assert float(np.log(now.accounts / users[opening])) == pytest.approx(gain[inside][0])
