"""The journal: every event once, cursors and events together or not at all, clear words when it is damaged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stillwatch.errors import StorageError, UsageError
from stillwatch.events.dataset import open_dataset
from stillwatch.events.following import Cursor
from stillwatch.storage import journal as journals
from stillwatch.storage.inbox import Inbox
from stillwatch.storage.journal import Journal
from stillwatch.testing.traffic import START_US, event, write

DAY = 86_400_000_000


def batch(tmp_path: Path, name: str, days: list[int], tag: str = "e") -> object:
    """A data set of one event a day."""
    rows = [event("acct-1", f"words {d}", START_US + d * DAY) for d in days]
    return open_dataset([write(tmp_path / name, rows, tag)], work=tmp_path / f"{name}-work")


def days(folders: list[Path]) -> list[int]:
    ts = [t for f in folders for t in pq.read_table(f / "events.parquet")["ts"].cast("int64").to_pylist()]
    return sorted((t - START_US) // DAY for t in ts)


def test_an_event_counts_once_also_after_a_restart(tmp_path: Path) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        assert journal.add(batch(tmp_path, "a", [0, 1])) == 2
        assert journal.add(batch(tmp_path, "b", [0, 1, 2])) == 1
        journal.commit({"file": Cursor(path="a", offset=7)})
    with Journal.opened(tmp_path / "j") as journal:
        assert journal.rows == 3
        assert journal.state.duplicates == 2
        assert journal.add(batch(tmp_path, "c", [0, 1, 2, 3])) == 1
        assert journal.state.cursors["file"].offset == 7


def test_what_was_not_committed_is_gone_with_its_cursor(tmp_path: Path) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        journal.add(batch(tmp_path, "a", [0]))
        journal.commit()
        journal.add(batch(tmp_path, "b", [0, 1, 2]))  # killed here
    with Journal.opened(tmp_path / "j") as journal:
        assert journal.rows == 1
        assert len(list((tmp_path / "j" / "segments").iterdir())) == 1
        assert journal.add(batch(tmp_path, "c", [0, 1, 2])) == 2


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(0, 9, [0, 1, 2, 3, 4, 5], id="everything"),
        pytest.param(1, 4, [1, 2, 3, 4], id="both ends cut a segment"),
        pytest.param(6, 9, [], id="nothing"),
    ],
)
def test_a_view_holds_exactly_its_period(tmp_path: Path, first: int, last: int, expected: list[int]) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        journal.add(batch(tmp_path, "a", [0, 1, 2]))
        journal.add(batch(tmp_path, "b", [3, 4, 5], "f"))
        view = journal.view(START_US + first * DAY, START_US + last * DAY, tmp_path / "view")
        assert days(view) == expected


def test_old_segments_go_and_their_ids_with_them(tmp_path: Path) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        journal.add(batch(tmp_path, "a", [0, 1]))
        journal.add(batch(tmp_path, "b", [8, 9], "f"))
        assert journal.drop_before(START_US + 5 * DAY) == 2
        assert days(journal.view(0, 1 << 60, tmp_path / "view")) == [8, 9]
        assert journal.add(batch(tmp_path, "c", [8, 9], "f")) == 0
        assert journal.add(batch(tmp_path, "d", [0, 1])) == 2


def test_compaction_changes_no_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "SEGMENTS_MAX", 4)
    with Journal.opened(tmp_path / "j") as journal:
        for i in range(6):
            journal.add(batch(tmp_path, f"s{i}", [i], f"t{i}"))
            journal.compact()
        journal.commit()
        assert len(journal.state.segments) <= 4
        assert days(journal.view(0, 1 << 60, tmp_path / "view")) == list(range(6))
    with Journal.opened(tmp_path / "j") as journal:
        assert journal.add(batch(tmp_path, "again", [5], "t5")) == 0


def test_two_watches_cannot_hold_one_journal(tmp_path: Path) -> None:
    with (
        Journal.opened(tmp_path / "j"),
        pytest.raises(UsageError, match="another watch"),
        Journal.opened(tmp_path / "j"),
    ):
        pass


def test_a_damaged_journal_says_so(tmp_path: Path) -> None:
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "journal.json").write_text("{")
    with pytest.raises(StorageError, match="cannot be read"), Journal.opened(tmp_path / "j"):
        pass


def test_a_damaged_segment_says_which(tmp_path: Path) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        journal.add(batch(tmp_path, "a", [0]))
        journal.commit()
    file = next((tmp_path / "j" / "segments").rglob("events.parquet"))
    file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(StorageError) as raised, Journal.opened(tmp_path / "j"):
        pass
    assert str(file) in str(raised.value)


def test_quarantined_records_are_counted_and_repeats_are_no_fault(tmp_path: Path) -> None:
    with Journal.opened(tmp_path / "j") as journal:
        journal.left_out(Counter({"not JSON": 2, "duplicate": 5}))
        assert journal.state.quarantined == {"not JSON": 2}
        assert journal.state.duplicates == 5


def test_an_inbox_file_is_removed_once_read_and_never_the_open_one(tmp_path: Path) -> None:
    box = Inbox(tmp_path / "box")
    box.put([b'{"a": 1}'])
    box.close()
    box.put([b'{"b":\n2}'])
    files = sorted((tmp_path / "box").glob("*.jsonl"))
    assert [f.read_bytes() for f in files] == [b'{"a": 1}\n', b'{"b": 2}\n']
    keys = {
        f"{f.stat().st_dev}:{f.stat().st_ino}": Cursor(path=str(f), offset=f.stat().st_size) for f in files
    }
    assert len(box.clear(keys)) == 1
    assert sorted((tmp_path / "box").glob("*.jsonl")) == files[1:]
    assert box.clear({}) == []


def test_a_full_disk_takes_nothing_into_the_inbox_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Inbox(tmp_path / "box")
    box.put([b"1"])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(StorageError, match="no room"):
        patched.setattr("stillwatch.storage.inbox.os.fsync", full)
        box.put([b"2", b"3"])
    box.put([b"4"])
    said = b"".join(f.read_bytes() for f in sorted((tmp_path / "box").glob("*.jsonl")))
    assert said == b"1\n4\n"
