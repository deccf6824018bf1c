"""Opening inputs: bad records are left out with their place, the rest is untouched."""

import gzip
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import CoverageError, UnreadableInputError
from stillwatch.events.dataset import default_reference, open_dataset
from stillwatch.events.lines import lines
from stillwatch.testing.traffic import START_US, event, write

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def line(i=0, **changes):
    record = {
        "event_id": f"e{i}",
        "ts": "2026-05-04T10:00:00Z",
        "account_id": "a",
        "messages": [{"role": "user", "text": f"hello {i}"}],
    }
    return json.dumps({k: v for k, v in (record | changes).items() if v is not ...})


def opened(tmp_path, text, name="log.jsonl", **options):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return open_dataset([file], work=tmp_path / "work", now=NOW, **options)


def rows(data):
    tables = [pq.read_table(p).to_pylist() for p in (*data.events, *(data.content or ()))]
    return [r for t in tables for r in t]


BAD = [
    ("a line cut in half", '{"event_id": "x", "ts": "2026-05-', "not JSON"),
    ("no account", line(9, account_id=...), "missing:account_id"),
    ("no time", line(9, ts=...), "missing:ts"),
    ("a time that is none", line(9, ts="yesterday"), "wrong-type:ts"),
    ("a time far in the future", line(9, ts="2031-01-01T00:00:00Z"), "ts:future"),
    ("a time before any model", line(9, ts="1999-01-01T00:00:00Z"), "ts:before-2015"),
    ("messages that are no list", line(9, messages="hi"), "wrong-type:messages"),
    ("a temperature in words", line(9, temperature="warm"), "wrong-type:temperature"),
    ("an id seen before", line(0), "duplicate"),
    ("a number instead of an object", "42", "not an object"),
]


@pytest.mark.parametrize(("bad", "reason"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_a_bad_record_is_counted_with_its_line_and_changes_nothing_else(tmp_path, bad, reason):
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    good = [line(i) for i in range(4)]
    data = opened(tmp_path / "with", "\n".join([*good[:2], bad, *good[2:]]))
    assert dict(data.quarantine.counts) == {reason: 1}
    place, said = data.quarantine.places[0]
    assert (place.rsplit(":", 1)[1], said) == ("3", reason)
    assert rows(data) == rows(opened(tmp_path / "without", "\n".join(good)))


TIMES = [
    ("seconds", 1777888800),
    ("milliseconds", 1777888800000),
    ("microseconds", 1777888800000000),
    ("nanoseconds", 1777888800000000000),
    ("another zone", "2026-05-04T12:00:00+02:00"),
    ("no zone", "2026-05-04T10:00:00"),
]


@pytest.mark.parametrize("value", [c[1] for c in TIMES], ids=[c[0] for c in TIMES])
def test_times_are_read_by_magnitude_and_zone(tmp_path, value):
    (row, *_) = rows(opened(tmp_path, line(0, ts=value)))
    assert row["ts"] == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert ("assumed:utc" in row["quality"]) == (value == "2026-05-04T10:00:00")


def test_lone_surrogates_and_control_characters_are_kept_as_far_as_text_allows(tmp_path):
    text = '{"event_id":"s","ts":"2026-05-04T10:00:00Z","account_id":"a","messages":[{"role":"user","text":"a\\ud800b\\u0007"}]}'
    data = opened(tmp_path, text)
    event_row, content = rows(data)
    assert content["messages"][0]["text"] == "a?b\x07"
    assert event_row["quality"] == ["repaired:encoding"]


def test_a_ten_megabyte_prompt_is_read(tmp_path):
    data = opened(tmp_path, line(0, messages=[{"role": "user", "text": "word " * 2_000_000}]))
    assert data.rows == 1


@pytest.mark.slow
def test_gzip_is_seen_by_content_and_a_cut_file_keeps_what_came_before(tmp_path):
    body = "\n".join(line(i) for i in range(5000)).encode()
    assert opened(tmp_path, gzip.compress(body), "log.txt.jsonl").rows == 5000
    cut = opened(tmp_path, gzip.compress(body, 1)[:-2000], "cut.jsonl.gz", bad_share_max=0.9)
    assert 0 < cut.rows < 5000
    assert any("damaged or cut short" in reason for reason in cut.quarantine.counts)


def test_a_decompression_bomb_is_refused(tmp_path):
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b"\n" * 8_000_000))
    with pytest.raises(UnreadableInputError, match="unpacks to more than"):
        list(lines(bomb, bomb_bytes_min=1 << 20))


def test_nothing_readable_is_one_clear_error(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableInputError, match="no readable file"):
        open_dataset([tmp_path / "empty"], work=tmp_path / "w")
    with pytest.raises(UnreadableInputError, match="no such file"):
        open_dataset([tmp_path / "gone"], work=tmp_path / "w")
    with pytest.raises(UnreadableInputError, match="empty file"):
        opened(tmp_path, b"")
    with pytest.raises(UnreadableInputError, match="of the records are bad"):
        opened(tmp_path, "\n".join([line(0), "x", "y", "z"]))


def test_truncated_parquet_is_set_aside_and_its_neighbour_read(tmp_path):
    folder = tmp_path / "logs"
    write(folder / "good", [event("a", "hello", START_US)])
    whole = (folder / "good" / "events.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "more.jsonl").write_text(line(7))
    (folder / "good" / "events.parquet").rename(folder / "whole.parquet")
    data = open_dataset([folder], work=tmp_path / "w", now=NOW, bad_share_max=0.9)
    assert data.rows == 2
    assert any("cut.parquet" in place for place, _ in data.quarantine.places)


def test_a_clean_pair_is_used_in_place_and_a_misaligned_one_is_rewritten(tmp_path):
    clean = write(tmp_path / "clean", [event("a", f"hello {i}", START_US + i) for i in range(20)])
    data = open_dataset([clean], work=tmp_path / "w", now=NOW)
    assert data.events == (clean / "events.parquet",)
    table = pq.read_table(clean / "content.parquet")
    pq.write_table(table.take(list(range(19, -1, -1))), clean / "content.parquet")
    again = open_dataset([clean], work=tmp_path / "w", now=NOW)
    assert again.events != data.events
    ids = [pq.read_table(p).column("event_id").to_pylist() for p in (again.events[0], again.content[0])]
    assert ids[0] == ids[1] == pq.read_table(clean / "events.parquet").column("event_id").to_pylist()


def test_bad_parquet_rows_and_other_types_are_cleaned(tmp_path):
    table = pa.table(
        {
            "event_id": ["a", "b", "b", None, "e"],
            "ts": pa.array([1777888800] * 4 + [32503680000]),
            "account_id": pa.array(["x", "x", "x", "x", "x"]).dictionary_encode(),
            "max_tokens": pa.array([1, 2, 3, 4, 5], pa.int16()),
        }
    )
    pq.write_table(table, tmp_path / "events.parquet")
    data = open_dataset([tmp_path], work=tmp_path / "w", now=NOW, bad_share_max=0.9)
    assert dict(data.quarantine.counts) == {"duplicate": 1, "missing:event_id": 1, "ts:future": 1}
    assert pq.read_table(data.events[0]).column("event_id").to_pylist() == ["a", "b"]


def test_a_missing_required_column_is_named(tmp_path):
    pq.write_table(pa.table({"event_id": ["a"], "ts": [1777888800]}), tmp_path / "events.parquet")
    with pytest.raises((CoverageError, UnreadableInputError), match="account_id"):
        open_dataset([tmp_path], work=tmp_path / "w", now=NOW)


def test_a_folder_with_events_parquet_reads_only_its_two_files(tmp_path):
    write(tmp_path, [event("a", "hello", START_US)])
    write(tmp_path / "reference", [event("a", "before", START_US - 10)], tag="r")
    (tmp_path / "other.jsonl").write_text(line(3))
    assert open_dataset([tmp_path], work=tmp_path / "w", now=NOW).rows == 1
    assert default_reference(tmp_path) == tmp_path / "reference"
    assert default_reference(tmp_path / "reference") is None


@settings(max_examples=60)
@given(junk=st.lists(st.text(max_size=60), max_size=5), place=st.integers(0, 4))
@pytest.mark.slow
def test_any_junk_between_good_lines_leaves_the_good_ones(tmp_path_factory, junk, place):
    folder = tmp_path_factory.mktemp("junk")
    clean = [t.replace("\n", " ").replace("\r", " ").encode("utf-8", "replace").decode() for t in junk]
    good = [line(i) for i in range(12)]
    data = opened(folder, "\n".join([*good[:place], *clean, *good[place:]]))
    assert [r["event_id"] for r in pq.read_table(data.events[0]).to_pylist()] == [f"e{i}" for i in range(12)]
