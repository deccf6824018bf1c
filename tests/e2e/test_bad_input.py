"""Whatever lies among good records, the scan of the good ones is the same, byte for byte, and the rest is counted."""

import gzip
import json
import os
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.e2e
GOOD = {"ts": "2026-05-04T10:00:00Z", "account_id": "a", "messages": [{"role": "user", "text": "hi"}]}


def bad(name, **changes):
    return json.dumps({"event_id": name} | GOOD | changes)


BAD_LINES = [
    ("half a record", bad("b")[: len(bad("b")) // 2], "not JSON"),
    ("text that is no JSON", "hello", "not JSON"),
    ("control characters", "\x00\x01\x1b[31m", "not JSON"),
    ("nesting without end", "[" * 50_000, "not JSON"),
    ("a number alone", "42", "not an object"),
    ("another program's object", '{"level": "info"}', "missing:ts"),
    ("no account", bad("b1", account_id=None), "missing:account_id"),
    ("an empty account", bad("b2", account_id=""), "missing:account_id"),
    ("an account that is a list", bad("b3", account_id=["a"]), "wrong-type:account_id"),
    ("a time far in the future", bad("b4", ts="2931-01-01T00:00:00Z"), "ts:future"),
    ("a time before any model", bad("b5", ts=5), "ts:before-2015"),
    ("a time beyond all times", bad("b6", ts=10**400), "ts:out-of-range"),
    ("a time that leaves the calendar", bad("b7", ts="0001-01-01T00:00:00+23:59"), "ts:out-of-range"),
    ("a number that is none", bad("b8", temperature=float("nan")), "wrong-type:temperature"),
    ("an infinite number", bad("b9", temperature=float("-inf")), "wrong-type:temperature"),
    ("a whole number above 64 bits", bad("b10", seed=10**30), "wrong-type:seed"),
    ("messages that are a text", bad("b11", messages="hi"), "wrong-type:messages"),
    ("a role nobody knows", bad("b12", messages=[{"role": "robot", "text": "x"}]), "wrong-type:messages"),
]


def scanned(run, *paths, code=0):
    """(findings without the coverage, quarantined: reason -> records, places) of one scan."""
    done = run("scan", *paths, "--reference", "reference", "--format", "json")
    assert done.returncode == code, done.stderr
    result = json.loads(done.stdout)
    result["input"].pop("coverage")
    kept = max((run.folder / ".stillwatch" / "scans").glob("*.json"), key=os.path.getmtime)
    detail = json.loads(kept.read_text())["detail"]
    return json.dumps(result), detail["quarantined"], detail["quarantine"]


@pytest.fixture
def logs(run, world, tmp_path):
    folder, lines = world
    shutil.copytree(folder / "reference", tmp_path / "reference")
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs", lines


def test_bad_lines_and_bad_files_are_counted_and_change_nothing(run, logs, world):
    folder, lines = logs
    (folder / "b.jsonl").write_text("\n".join(lines))
    clean, none, _ = scanned(run, "logs")
    assert '"explanation":"extraction"' in clean.replace(" ", "")
    assert none == {}

    mixed = [line for pair in zip(lines, [c[1] for c in BAD_LINES], strict=False) for line in pair]
    mixed += [*lines[len(BAD_LINES) :], lines[0]]
    (folder / "b.jsonl").write_bytes("\r\n".join(mixed).encode())
    whole = (world[0] / "parquet" / "events.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "encrypted.parquet").write_bytes(b"PARE" + bytes(64) + b"PARE")
    (folder / "empty.json").write_text("")
    (folder / "empty.json.gz").write_bytes(b"")
    (folder / "nothing.gz").write_bytes(gzip.compress(b""))
    (folder / "cut.gz").write_bytes(gzip.compress("\n".join(lines).encode())[:40])
    (folder / "events.parquet").mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "itself.jsonl").symlink_to(folder / "itself.jsonl")
    (folder / "notes.txt").write_text("not a log")
    os.mkfifo(folder / "pipe.jsonl")
    after, counts, places = scanned(run, "logs")
    assert after == clean
    said = {place.rsplit("/", 1)[-1]: reason for place, reason in places}
    for i, (name, _, reason) in enumerate(BAD_LINES):
        assert said[f"b.jsonl:{2 * i + 2}"] == reason, name
    assert said[f"b.jsonl:{len(mixed)}"] == "duplicate"
    assert counts["empty file"] == 3
    assert "encrypted" in said["encrypted.parquet"]
    assert "cut-short" in said["cut.parquet"]
    assert "cut short" in said["cut.gz"]


def test_bad_rows_of_parquet_are_counted_and_change_nothing(run, logs, world):
    folder, _ = logs
    shutil.copytree(world[0] / "parquet", folder, dirs_exist_ok=True)
    clean, none, _ = scanned(run, "logs")
    assert none == {}
    events, content = (pq.read_table(folder / f"{name}.parquet") for name in ("events", "content"))
    rows = {
        "event_id": ["x1", None, "x3", "", events["event_id"][0].as_py(), "x6"],
        "ts": [None, *[events["ts"][0].as_py()] * 5],
        "account_id": ["a", "a", None, "a", "a", "a"],
        "ip": ["i"] * 6,
    }
    rows["ts"][5] = rows["ts"][5].replace(year=2400)
    worse = pa.table(rows, schema=events.select(list(rows)).schema).select(events.column_names)
    pq.write_table(pa.concat_tables([worse.slice(0, 4), events, worse.slice(4)]), folder / "events.parquet")
    texts = pa.table(
        {"event_id": ["nobody"], "messages": [[{"role": "user", "text": "x"}]]}, schema=content.schema
    )
    pq.write_table(pa.concat_tables([content, texts]), folder / "content.parquet")
    after, counts, places = scanned(run, "logs")
    assert after == clean
    assert counts == {
        "missing:ts": 1,
        "missing:event_id": 2,
        "missing:account_id": 1,
        "duplicate": 1,
        "ts:future": 1,
        "content:no-event": 1,
    }
    assert [p.rsplit(":", 1)[1] for p, _ in places[:4]] == ["row 1", "row 2", "row 3", "row 4"]


def test_odd_but_whole_text_is_read_and_the_campaign_is_still_found(run, logs):
    folder, lines = logs
    odd = [
        json.dumps({"event_id": "huge", **GOOD, "messages": [{"role": "user", "text": "word " * 2_000_000}]}),
        '{"event_id":"lone","ts":"2026-05-04T10:00:00","account_id":"b\\ud800","messages":[{"role":"user","text":"a\\u0000\\udfff\\u001b[2J"}]}',
        '{"event_id":"first","event_id":"twice","ts":1777888800,"account_id":"c"}',
    ]
    (folder / "odd.json.gz").write_bytes(gzip.compress("\n".join(odd).encode()))
    (folder / "utf16.jsonl").write_bytes("\n".join(lines[:40]).encode("utf-16"))
    broken = lines[40].encode().replace(b'"text": "', b'"text": "\xff\xfe')
    (folder / "rest.jsonl").write_bytes(b"\xef\xbb\xbf" + broken + b"\n" + "\n".join(lines[41:]).encode())
    found, counts, _ = scanned(run, "logs")
    result = json.loads(found)
    assert counts == {}
    assert result["input"]["events"] == len(lines) + 3
    assert [c["explanation"] for c in result["campaigns"]] == ["extraction"]
