"""Features of an account against a count by hand."""

import numpy as np
import pytest

from stillwatch.range.baselines.account_features import (
    DAY_US,
    FEATURES,
    HOUR_US,
    distinct,
    features,
    holders,
    peak_hour,
    scaled,
)


def of_account(window, name):
    table = features(window.now)
    return dict(zip(FEATURES, table[window.names.index(name)].tolist(), strict=True))


@pytest.mark.slow
def test_the_features_of_one_account_are_what_a_count_says(window):
    now, code = window.now, window.names.index("pool-0003")
    rows = np.flatnonzero(now.account == code)
    seen = of_account(window, "pool-0003")
    assert seen["log_events"] == pytest.approx(np.log1p(rows.size))
    assert seen["hours_spread"] == pytest.approx(
        len({t // HOUR_US % 24 for t in now.ts[rows].tolist()}) / rows.size
    )
    gaps = np.diff(now.ts[rows])
    assert seen["gap_variation"] == pytest.approx(np.log1p(gaps.std() / gaps.mean()))
    assert (seen["single_turn_share"], seen["own_opening_share"], seen["shared_opening_share"]) == (1, 1, 1)
    assert seen["content_spread"] == pytest.approx(
        1 - np.linalg.norm(now.vectors[rows].mean(axis=0)), abs=1e-5
    )
    assert seen["temperature"] == seen["log_age_days"] == 0, "absent columns"
    assert of_account(window, "acct-00001")["shared_opening_share"] == 0


@pytest.mark.slow
def test_counting_kernels_agree_with_sets(window):
    now = window.now
    for a in (0, 7, len(window.names) - 1):
        rows = now.account == a
        hours, counts = np.unique(now.ts[rows] // HOUR_US, return_counts=True)
        assert peak_hour(now)[a] == counts.max()
        assert distinct(now, now.ts // HOUR_US)[a] == hours.size
    row = int(np.flatnonzero(now.account == window.names.index("pool-0000"))[0])
    assert holders(now)[row] == len(set(now.account[now.opening == now.opening[row]].tolist())) == 30


def test_scaling_is_by_the_reference_units_only(window):
    now, reference = scaled(window)
    assert reference.shape == (sum(p.accounts for p in window.before), len(FEATURES))
    varying = reference.std(axis=0) > 0
    assert np.allclose(reference.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(reference.std(axis=0)[varying], 1)
    assert (now[:, ~varying] == 0).all()
    assert DAY_US == 24 * HOUR_US
