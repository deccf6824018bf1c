"""STIX's own Python library, not written here, stores to and reads from the hub as a process of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from .conftest import TLP_REFS, Forum
from .test_hub_log import Process

stix2 = pytest.importorskip("stix2")
client = pytest.importorskip("taxii2client.v21")
pytestmark = pytest.mark.e2e


@pytest.fixture
def collection(forum: Forum) -> Iterator:
    hub = Process(forum.folder)
    try:
        server = client.Server(
            f"http://127.0.0.1:{hub.port}/taxii2/", user="quill", password=forum.secrets["quill"]
        )
        (found,) = server.default.collections
        yield found
    finally:
        hub.process.terminate()
        assert hub.ended() == 0


@pytest.mark.slow
def test_what_a_sink_stores_a_source_finds(collection) -> None:
    sink, source = stix2.TAXIICollectionSink(collection), stix2.TAXIICollectionSource(collection)
    first = stix2.v21.Indicator(
        name="Made up", pattern="title: made up", pattern_type="sigma", valid_from="2026-01-01T00:00:00Z",
        created="2026-01-01T00:00:00Z", modified="2026-01-01T00:00:00Z", object_marking_refs=[TLP_REFS[2]],
    )  # fmt: skip
    other = stix2.v21.Campaign(name="Made up", object_marking_refs=[TLP_REFS[1]])
    sink.add([first, other])
    second = first.new_version(confidence=50, modified=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    sink.add(second)

    assert source.get(first.id) == second
    assert sorted(o.modified for o in source.all_versions(first.id)) == [first.modified, second.modified]
    assert source.query([stix2.Filter("type", "=", "campaign")]) == [other]
    assert {o.id for o in source.query()} == {first.id, other.id}
    assert source.get("indicator--00000000-0000-4000-8000-000000000000") is None


@pytest.mark.slow
def test_a_store_speaks_both_ways_and_holds_only_what_was_taken_in(collection) -> None:
    store = stix2.TAXIICollectionStore(collection)
    revoked = stix2.v21.Campaign(name="Made up", object_marking_refs=[TLP_REFS[1]])
    store.add(revoked)
    store.add(revoked.revoke())
    assert store.get(revoked.id).revoked is True
    store.add(stix2.v21.Campaign(name="Unmarked"))  # the library does not look at the status
    assert [o.id for o in store.query()] == [revoked.id]
