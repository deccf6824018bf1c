"""What only a hub over PostgreSQL can meet: a server that is away, killed, another's, or somebody else's tables."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.storage.postgres_server import Server, started

from stillwatch.errors import StorageError
from stillwatch.exchange import merkle
from stillwatch.service import hub_members
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Asked
from stillwatch.storage.hub.place import SETTING
from stillwatch.storage.hub.postgres import NAMESPACE

from .conftest import Forum, indicator


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may kill."""
    yield from started()


def _restarted(server: Server) -> None:
    server.stop("immediate")
    server.start(durable=True)


@pytest.mark.e2e
@pytest.mark.parametrize("forum", ["postgres"], indirect=True)
def test_a_killed_server_has_lost_nothing_that_was_acknowledged(
    forum: Forum, postgres_server: Server
) -> None:
    """Killed while the hub writes, without a flush on the way out; the hub itself lives on and connects again."""
    _restarted(postgres_server)  # with every flush on
    acknowledged, refused = list[str](), 0
    before = forum.hub.store.log_size()
    for delay in (0.1, 0.3):
        killer = threading.Timer(delay, _restarted, [postgres_server])
        killer.start()
        for _ in range(2000):
            posted = [indicator() for _ in range(5)]
            status = forum.post("quill", posted).status
            assert status in (202, 503)
            refused += status == 503
            acknowledged += [o["id"] for o in posted] if status == 202 else []
            if not killer.is_alive() and status == 202:
                break
        killer.join()
    assert refused and acknowledged
    grant = forum.hub.store.grant("quill", "signatures")
    assert grant is not None
    kept = {row.id for row in forum.hub.store.page(forum.hub.ceiling(grant), Asked(limit=1_000_000))}
    assert set(acknowledged) <= kept
    size = forum.hub.store.log_size()
    assert size - before >= len(acknowledged)
    leaves = [merkle.leaf_hash(forum.hub.store.entry(n)) for n in range(size)]
    held: dict[tuple[int, int], bytes] = {}
    held |= {(level, at): h for level, at, h in merkle.grown(0, lambda a, b: held[a, b], leaves)}
    assert merkle.root(size, lambda a, b: held[a, b]) == merkle.root(size, forum.hub.store.node)


@pytest.mark.slow
def test_a_server_that_is_away_is_a_503_and_then_serves_again(own_server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    hub_members.init(folder, "The forum", "forum.example/log", own_server.url)
    hub = Hub(folder)
    try:
        own_server.stop()
        with pytest.raises(StorageError, match="cannot be re"):
            hub.store.log_size()
        with pytest.raises(StorageError, match="cannot be"):
            hub.store.set({"title": "other"})
        own_server.start()
        assert hub.store.log_size() == 0
        hub.store.set({"title": "other"})
        assert hub.store.setting("title") == "other"
    finally:
        hub.close()


def test_errors_never_show_the_password(tmp_path: Path) -> None:
    url = "postgresql://forum:moss-and-fern@127.0.0.1:1/hub?connect_timeout=1"
    with pytest.raises(StorageError, match="cannot be reached") as raised:
        hub_members.init(tmp_path / "hub", "The forum", "forum.example/log", url)
    assert "moss-and-fern" not in str(raised.value)
    assert not (tmp_path / "hub" / SETTING).exists()


@pytest.mark.slow
def test_the_address_is_for_the_owner_only(postgres: str, tmp_path: Path) -> None:
    hub_members.init(tmp_path / "hub", "The forum", "forum.example/log", postgres)
    assert (tmp_path / "hub" / SETTING).stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_second_hub_does_not_take_over_the_first_ones_tables(postgres: str, tmp_path: Path) -> None:
    hub_members.init(tmp_path / "one", "One", "one.example/log", postgres)
    with pytest.raises(StorageError, match="there is a hub already"):
        hub_members.init(tmp_path / "two", "Two", "two.example/log", postgres)
    with pytest.raises(StorageError, match="there is a hub already"):
        hub_members.init(tmp_path / "one", "One", "one.example/log", postgres)
    hub = Hub(tmp_path / "one")
    assert hub.title == "One"
    hub.close()


@pytest.mark.slow
def test_a_database_without_a_hub_or_of_another_version_is_refused(postgres: str, tmp_path: Path) -> None:
    hub_members.init(tmp_path / "hub", "The forum", "forum.example/log", postgres)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"UPDATE {NAMESPACE}.setting SET value = '0' WHERE name = 'schema'".encode())
    with pytest.raises(StorageError, match="another version"):
        Hub(tmp_path / "hub")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {NAMESPACE} CASCADE".encode())
    with pytest.raises(StorageError, match="no hub in this database"):
        Hub(tmp_path / "hub")


@pytest.mark.slow
def test_a_reading_session_cannot_write(postgres: str, tmp_path: Path) -> None:
    hub_members.init(tmp_path / "hub", "The forum", "forum.example/log", postgres)
    hub = Hub(tmp_path / "hub")
    with pytest.raises(StorageError, match="read-only"):
        hub.store.reading.execute("DELETE FROM setting")
    hub.close()


def test_an_address_of_another_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not the address of a PostgreSQL database"):
        hub_members.init(tmp_path / "hub", "The forum", "forum.example/log", "mysql://forum@host/hub")
