"""What came in: one last version of each object, whole batches, and nothing that a withdrawal took away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stillwatch.errors import StorageError
from stillwatch.storage import received
from stillwatch.storage.received import Batch, ReceivedStore


class Arrival(NamedTuple):
    held: dict[str, Any]
    digest: bytes
    version_us: int
    body: bytes = b"{}"
    signature: str = "s"
    about: str = ""
    reason: str = ""


def arrival(
    id: str = "indicator--1", version: int = 1, *, author: str = "a", revoked: bool = False, other: str = ""
) -> Arrival:
    held = {
        "id": id, "type": id.partition("--")[0], "created_by_ref": author, "modified": str(version),
        "object_marking_refs": ["m"], **({"revoked": True} if revoked else {}),
    }  # fmt: skip
    return Arrival(held, f"{id}{version}{other}{revoked}".encode(), version, f"body {version}".encode())


def changes(store: ReceivedStore, *arrivals: Arrival) -> list[str]:
    return [c.what for c in store.take(Batch(arrivals))]


@pytest.mark.parametrize(
    ("second", "what", "version"),
    [
        pytest.param(arrival(), "unchanged", "2", id="the same again"),
        pytest.param(arrival(version=1), "older", "2", id="an older one"),
        pytest.param(arrival(version=3), "updated", "3", id="a newer one"),
        pytest.param(arrival(version=3, revoked=True), "withdrawn", "3", id="withdrawn"),
        pytest.param(arrival(version=2, other="x"), "refused", "2", id="the same version with other content"),
        pytest.param(arrival(version=3, author="b"), "refused", "2", id="another member's"),
    ],
)
def test_a_second_version(tmp_path: Path, second: Arrival, what: str, version: str):
    store = ReceivedStore(tmp_path)
    first = arrival(version=2)
    assert changes(store, first) == ["new"]
    assert changes(store, first if what == "unchanged" else second) == [what]
    (kept,) = store.objects("indicator")
    assert kept.version == version
    assert kept.body == (b"" if what == "withdrawn" else f"body {version}".encode())
    assert len(store.refused()) == (what == "refused")


def test_what_was_withdrawn_does_not_come_back_and_says_whether_it_was_held(tmp_path: Path):
    store = ReceivedStore(tmp_path)
    assert changes(store, arrival(version=1), arrival(version=2, revoked=True), arrival(version=3)) == [
        "new", "withdrawn", "refused"
    ]  # fmt: skip
    assert changes(store, arrival("indicator--2", 5, revoked=True)) == ["withdrawn"]
    assert changes(store, arrival(version=4, revoked=True)) == ["withdrawn"]
    assert [(k.id, k.had, k.body) for k in store.objects("indicator")] == [
        ("indicator--1", 1, b""), ("indicator--2", 0, b"")
    ]  # fmt: skip


def test_a_batch_is_whole_or_absent(tmp_path: Path):
    store = ReceivedStore(tmp_path)
    changes(store, arrival())
    broken = arrival("indicator--2")
    del broken.held["object_marking_refs"]
    with pytest.raises(KeyError):
        store.take(Batch([arrival("indicator--3"), broken], settings={"after": "9"}))
    assert [k.id for k in store.objects("indicator")] == ["indicator--1"]
    assert store.settings() == {}


def test_what_waits_and_what_was_refused_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(received, "HELD_MAX", 3)
    monkeypatch.setattr(received, "REFUSED_MAX", 2)
    store = ReceivedStore(tmp_path)
    many = [arrival(f"indicator--{i}")._replace(reason="why") for i in range(10)]
    store.take(Batch(held=many, refused=[("hub", m) for m in many]))
    assert (len(store.held()), len(store.refused())) == (3, 2)
    store.release([many[0].digest])
    assert len(store.waiting()) == 2


def test_an_object_is_found_by_the_beginning_of_its_id(tmp_path: Path):
    store = ReceivedStore(tmp_path)
    changes(store, arrival("indicator--1a"), arrival("indicator--1b"), arrival("opinion--1a"))
    assert [k.id for k in store.beginning("1a")] == ["indicator--1a", "opinion--1a"]
    assert [k.id for k in store.beginning("indicator--1")] == ["indicator--1a", "indicator--1b"]
    assert store.beginning("") == store.beginning("%") == []


def test_a_file_that_is_none_and_a_full_disk_are_told(tmp_path: Path):
    store = ReceivedStore(tmp_path)
    store.path.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(StorageError, match="cannot be kept"):
        store.settings()
    store.path.unlink()
    changes(store, arrival())
    with pytest.raises(StorageError, match="cannot be kept") as caught, store._open() as database:
        database.execute("PRAGMA max_page_count=1")
        for i in range(10_000):
            database.execute("INSERT INTO setting VALUES (?, ?)", (str(i), "x" * 1000))
    assert "unchanged" in caught.value.hint
    assert [k.id for k in store.objects("indicator")] == ["indicator--1"]


def test_nothing_is_made_by_looking(tmp_path: Path):
    store = ReceivedStore(tmp_path / "none")
    assert (store.settings(), store.objects("indicator"), store.sent()) == ({}, [], {})
    assert not store.path.exists()
    store.set({"a": "1"})
    store.mark_sent([("i", "1"), ("i", "1")], 5)
    assert (store.settings(), store.sent()) == ({"a": "1"}, {("i", "1"): 5})
    store.restart()
    assert (store.settings(), store.sent()) == ({}, {})
