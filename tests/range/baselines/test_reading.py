"""The window is that of a scan: the same vectors, accounts in order, whole slices of the reference."""

import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.engine.local import Run, _enrol, _fit_vectors
from stillwatch.events.dataset import open_dataset
from stillwatch.features import Keyring
from stillwatch.range.baselines.reading import SECRET, _columns, _fitted, read, read_window
from stillwatch.service.replaying import prefixes
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


@pytest.mark.parametrize("share", [0.3, 0.7, 1.0])
@pytest.mark.slow
def test_a_growing_window_is_the_window_of_what_had_been_sent_by_then(folder, tmp_path, share):
    """Oracle: the same folder with the later events taken away, read afresh."""
    events = read(folder)
    until = events.ends(10)[round(10 * share) - 1]
    table = pq.read_table(folder / "events.parquet")
    rows = np.flatnonzero(np.asarray(table["ts"].cast(pa.int64())) <= until)
    for name in ("events", "content"):
        whole = pq.read_table(folder / f"{name}.parquet")
        pq.write_table(whole.take(rows), tmp_path / f"{name}.parquet")
    shutil.copytree(folder / "reference", tmp_path / "reference")
    ours, naive = events.window(until), read_window(tmp_path)
    assert ours.names == naive.names
    assert len(ours.before) == len(naive.before)
    for mine, theirs in zip((ours.now, *ours.before), (naive.now, *naive.before), strict=True):
        for name in ("account", "ts", "cell", "opening", "single", "network", "shingle_event", "shingle"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
        assert np.allclose(mine.vectors, theirs.vectors, atol=1e-6)


def test_looks_are_those_of_the_replay(folder, tmp_path):
    replayed = [prefix.until_us for prefix in prefixes([folder], 7, tmp_path / "w")]
    assert read(folder).ends(7) == replayed
