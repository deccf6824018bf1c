"""Canonical Parquet in other types is brought to the canonical ones; what cannot be is counted by its reason."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UnreadableInputError
from stillwatch.events.dataset import open_dataset

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WHEN = datetime(2026, 5, 4, 10, tzinfo=UTC)
SAID = [{"role": "user", "text": "hi"}]


def opened(tmp_path, **columns):
    rows = {"event_id": ["a", "b", "c"], "ts": [WHEN] * 3, "account_id": ["x", "y", "z"]} | columns
    pq.write_table(pa.table(rows), tmp_path / "log.parquet")
    return open_dataset([tmp_path / "log.parquet"], work=tmp_path / "work", now=NOW, bad_share_max=1.0)


READ = [
    ("numbers as text", "max_tokens", ["1", "2", "3"], [1, 2, 3]),
    ("ids as numbers", "account_id", [7, 8, 9], ["7", "8", "9"]),
    (
        "times as text",
        "ts",
        ["2026-05-04T10:00:00Z", "2026-05-04 12:00:00+02:00", "1777888800000"],
        [WHEN] * 3,
    ),
    ("times in milliseconds", "ts", [1777888800000] * 3, [WHEN] * 3),
    ("times without zone", "ts", [WHEN.replace(tzinfo=None)] * 3, [WHEN] * 3),
    ("a role nobody knows", "messages", [[{"role": "robot", "text": "hi"}]] * 3, [SAID] * 3),
]


@pytest.mark.parametrize(("name", "given", "read"), [c[1:] for c in READ], ids=[c[0] for c in READ])
def test_other_types_are_read(tmp_path, name, given, read):
    data = opened(tmp_path, **{name: given})
    path = data.content[0] if name == "messages" else data.events[0]
    assert pq.read_table(path).column(name).to_pylist() == read
    assert data.quarantine.total == 0


REFUSED = [
    ("words for a number", "max_tokens", ["1", "lots", "3"], "wrong-type:max_tokens"),
    ("a time that is none", "ts", ["2026-05-04", "soon", "2026-05-04"], "wrong-type:ts"),
    ("an empty account", "account_id", ["x", "", "z"], "missing:account_id"),
]


@pytest.mark.parametrize(("name", "given", "reason"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_value_of_the_wrong_type_is_quarantined_with_its_row(tmp_path, name, given, reason):
    data = opened(tmp_path, **{name: given})
    assert data.quarantine.places == [(f"{tmp_path / 'log.parquet'}:row 2", reason)]
    assert pq.read_table(data.events[0]).column("event_id").to_pylist() == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("messages", ["hi"] * 3),
        ("messages", [["hi"]] * 3),
        ("messages", [[{"role": 1}]] * 3),
        ("account_id", [[1]] * 3),
    ],
    ids=["messages as text", "messages as texts", "messages of numbers", "nested accounts"],
)
def test_a_whole_column_of_the_wrong_shape_is_one_error(tmp_path, name, given):
    with pytest.raises(UnreadableInputError, match=f"wrong-type:{name}"):
        opened(tmp_path, **{name: given})


def test_bytes_that_are_not_utf8_are_replaced_and_the_row_is_kept(tmp_path):
    held = pa.array([b"x", b"\xffy", b"z"])
    data = opened(tmp_path, account_id=pa.Array.from_buffers(pa.string(), 3, held.buffers()))
    assert pq.read_table(data.events[0]).column("account_id").to_pylist() == ["x", "\ufffdy", "z"]


@pytest.mark.slow
def test_texts_in_another_order_meet_their_events_and_orphans_are_counted(tmp_path):
    (tmp_path / "d").mkdir()
    rows = 40_000
    ids = [f"e{i}" for i in range(rows)]
    pq.write_table(
        pa.table({"event_id": ids, "ts": [WHEN] * rows, "account_id": ["a"] * rows}),
        tmp_path / "d/events.parquet",
    )
    texts = [[{"role": "user", "text": name}] for name in ids]
    content = pa.table({"event_id": [*reversed(ids), "nobody"], "messages": [*reversed(texts), SAID]})
    pq.write_table(content, tmp_path / "d/content.parquet")
    data = open_dataset([tmp_path / "d"], work=tmp_path / "work", now=NOW)
    made = pq.read_table(data.content[0])
    assert made.column("event_id").to_pylist() == ids
    assert made.column("messages").to_pylist() == texts
    assert dict(data.quarantine.counts) == {"content:no-event": 1}
