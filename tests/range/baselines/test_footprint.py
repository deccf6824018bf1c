"""What a method keeps is what it reads, column by column."""

import numpy as np
import pytest

from stillwatch.range.baselines import BASELINES
from stillwatch.range.baselines.footprint import Footprint
from stillwatch.range.baselines.likelihood_ratio import LikelihoodRatio

FREE = [baseline for baseline in BASELINES if not isinstance(baseline, LikelihoodRatio)]


def columns(window, *names):
    periods = (window.now, *window.before)
    return sum(getattr(period, name).nbytes for period in periods for name in names) / window.now.accounts


def test_untouched_columns_do_not_count_and_touched_ones_count_once(window):
    seen = Footprint(window)
    assert seen.bytes_per_account == 0
    for _ in range(3):
        _ = [period.volume for period in (seen.window.now, *seen.window.before)]
    assert seen.bytes_per_account == columns(window, "account")
    _ = [period.starts, period.numbers["temperature"]] if (period := seen.window.now) else []
    extra = window.now.numbers["temperature"].nbytes / window.now.accounts
    assert seen.bytes_per_account == pytest.approx(columns(window, "account") + extra)
    assert sorted(dict(seen.window.now.numbers.items())) == sorted(window.now.numbers)


@pytest.mark.parametrize("baseline", FREE, ids=lambda b: b.id)
@pytest.mark.slow
def test_a_watched_window_gives_the_same_verdict(window, baseline):
    if baseline.id == "mmd":
        pytest.skip("the same code as mmd-linked, minutes longer")
    seen = Footprint(window)
    watched, plain = baseline.judge(seen.window), baseline.judge(window)
    assert np.array_equal(watched.score, plain.score)
    whole = sum(v.nbytes for p in (window.now, *window.before) for v in p.numbers.values())
    most = columns(window, *(n for n in window.now.__dataclass_fields__ if n not in ("accounts", "numbers")))
    assert 0 < seen.bytes_per_account <= most + whole / window.now.accounts
    if baseline.id == "volume-rate":
        assert seen.bytes_per_account <= columns(window, "account", "ts")
