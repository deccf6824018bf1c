"""The window is that of a scan: the same vectors, accounts in order, whole slices of the reference."""

import numpy as np

from stillwatch.engine.local import Run, _enrol, _fit_vectors
from stillwatch.events.dataset import open_dataset
from stillwatch.features import Keyring
from stillwatch.range.baselines.reading import SECRET, _columns, _fitted
from stillwatch.testing.traffic import WEEK_US


def test_the_vectors_are_those_of_the_scan(folder, tmp_path):
    data = [open_dataset([p], work=tmp_path / "w") for p in (folder, folder / "reference")]
    run = Run(current=data[0], reference=data[1], secret=SECRET)
    ring = Keyring.of(SECRET)
    scan = _fit_vectors(_enrol(run)[0], ring, run)
    ours = _fitted(_columns(data[1]), ring.token)
    assert np.array_equal(scan.token_vectors, ours.token_vectors)
    assert np.array_equal(scan.fine, ours.fine)


def test_accounts_are_sorted_and_their_events_lie_together_in_time(window):
    now = window.now
    assert list(window.names) == sorted(window.names)
    assert (np.diff(now.account) >= 0).all()
    same = np.diff(now.account) == 0
    assert (np.diff(now.ts)[same] >= 0).all()
    heavy = window.names.index("heavy-0")
    assert now.starts[heavy + 1] - now.starts[heavy] == now.volume[heavy] == 600


def test_slices_are_as_long_as_the_window_and_newest_first(window):
    assert len(window.before) == 3
    first = [int(p.ts.min()) for p in window.before]
    assert first == sorted(first, reverse=True)
    assert all(np.ptp(p.ts) <= WEEK_US for p in window.before)
