"""Following files: every line once, whatever rotation does, and nothing taken before it is whole."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.events.following import Cursor, Piece, pieces


class Reader:
    """Looks at paths as a watch does and keeps the cursors."""

    def __init__(self, work: Path, *paths: Path) -> None:
        self.work, self.paths, self.cursors = work, paths, dict[str, Cursor]()

    def look(self, *, settled: bool = False) -> list[str]:
        """The new lines, each as `text@line number`."""
        out = []
        for found in pieces(self.paths, dict(self.cursors), self.work, settled=settled):
            if not isinstance(found, Piece):
                self.cursors[found[0]] = found[1]
                continue
            self.cursors[found.key] = found.cursor
            data = found.file.read_bytes()
            if data.startswith(b"\x1f\x8b"):
                data = gzip.decompress(data)
            out += [
                f"{line.decode()}@{found.lines_before + i}" for i, line in enumerate(data.splitlines(), 1)
            ]
        return out


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def reader(tmp_path: Path, logs: Path) -> Reader:
    return Reader(tmp_path / "work", logs)


def append(file: Path, text: str) -> None:
    with file.open("a") as opened:
        opened.write(text)


def test_lines_come_once_and_keep_their_numbers(logs: Path, reader: Reader) -> None:
    append(logs / "a.jsonl", "1\n2\n")
    assert reader.look() == ["1@1", "2@2"]
    assert reader.look() == []
    append(logs / "a.jsonl", "3\n")
    assert reader.look() == ["3@3"]


def test_a_line_without_its_end_waits(logs: Path, reader: Reader) -> None:
    append(logs / "a.jsonl", '1\n{"half": ')
    assert reader.look() == ["1@1"]
    assert reader.look() == []  # quiet, but not JSON
    append(logs / "a.jsonl", "2}\n")
    assert reader.look() == ['{"half": 2}@2']


def test_a_last_line_that_is_whole_needs_no_end_once_the_file_is_quiet(logs: Path, reader: Reader) -> None:
    append(logs / "a.jsonl", "1\n22")
    assert reader.look() == ["1@1"]
    assert reader.look() == ["22@2"]
    append(logs / "a.jsonl", "\n3\n")
    assert [line for line in reader.look() if not line.startswith("@")] == ["3@3"]


def test_a_renamed_file_is_read_to_its_end_under_its_new_name(logs: Path, reader: Reader) -> None:
    append(logs / "a.jsonl", "1\n")
    reader.look()
    append(logs / "a.jsonl", "2\n")
    (logs / "a.jsonl").rename(logs / "a.jsonl.1")
    append(logs / "a.jsonl", "3\n")
    assert sorted(reader.look()) == ["2@2", "3@1"]
    assert reader.look() == []


def test_a_file_that_was_cut_is_read_from_its_start(logs: Path, reader: Reader) -> None:
    append(logs / "a.jsonl", "1\n2\n3\n")
    reader.look()
    (logs / "a.jsonl").write_text("4\n")
    assert reader.look() == ["4@1"]


def test_a_file_rewritten_longer_under_the_same_inode_is_read_from_its_start(
    logs: Path, reader: Reader
) -> None:
    append(logs / "a.jsonl", "1\n2\n")
    reader.look()
    (logs / "a.jsonl").write_text("7\n8\n9\n")
    assert reader.look() == ["7@1", "8@2", "9@3"]


def test_a_compressed_file_is_taken_when_two_looks_agree(logs: Path, reader: Reader) -> None:
    (logs / "a.jsonl.gz").write_bytes(gzip.compress(b"1\n2\n"))
    assert reader.look() == []
    assert reader.look() == ["1@1", "2@2"]
    assert reader.look() == []
    (logs / "a.jsonl.gz").write_bytes(gzip.compress(b"1\n2\n3\n4444\n"))
    assert reader.look() == []
    assert len(reader.look()) == 4


def test_settled_needs_no_second_look(logs: Path, reader: Reader) -> None:
    (logs / "a.json").write_text("[1, 2]")
    append(logs / "b.jsonl", "5")
    assert sorted(reader.look(settled=True)) == ["5@1", "[1, 2]@1"]


def test_paths_that_do_not_exist_yet_are_no_error(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "work", tmp_path / "later")
    assert reader.look() == []
    (tmp_path / "later").mkdir()
    append(tmp_path / "later" / "a.jsonl", "1\n")
    assert reader.look() == ["1@1"]


def test_a_file_that_cannot_be_read_is_told_and_stops_nothing(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(logs / "a.jsonl", "1\n")
    append(logs / "b.jsonl", "2\n")
    real = Path.open

    def refusing(self: Path, *args: Any, **named: Any) -> Any:
        if self.name == "a.jsonl":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **named)

    monkeypatch.setattr(Path, "open", refusing)
    told: list[str] = []
    found = list(pieces([logs], {}, tmp_path / "work", noted=told.append))
    assert [p.origin.name for p in found if isinstance(p, Piece)] == ["b.jsonl"]
    assert told == [f"cannot read {logs / 'a.jsonl'}: Permission denied; it is tried again"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.text("ab", min_size=0, max_size=6)),
        st.tuples(st.just("end"), st.just("")),
        st.tuples(st.just("rotate"), st.just("")),
        st.tuples(st.just("look"), st.just("")),
    ),
    max_size=30,
)


@given(STEPS)
def test_every_finished_line_comes_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    place = tmp_path_factory.mktemp("follow")
    logs = place / "logs"
    logs.mkdir()
    reader, number, written, got, line = Reader(place / "work", logs), 0, [], [], ""
    for step, text in steps:
        if step == "write":
            append(logs / "a.jsonl", text)  # never valid JSON, so never taken before its end
            line += text
        elif step == "end":
            append(logs / "a.jsonl", "\n")
            written.append(line)
            line = ""
        elif step == "rotate" and not line and (logs / "a.jsonl").exists():
            number += 1
            (logs / "a.jsonl").rename(logs / f"a.jsonl.{number}")
        elif step == "look":
            got += reader.look()
    got += reader.look()
    lines = [x.rpartition("@")[0] for x in got]
    assert sorted(lines) == sorted(written)
