"""A client certificate that the hub itself checks: who shows it is that member, and no other one opens anything."""

from __future__ import annotations

import hashlib
import http.client
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.certificates import self_signed

from stillwatch.api.hub_server import Door, HubServer
from stillwatch.errors import UsageError
from stillwatch.exchange.markings import Level
from stillwatch.service import hub_members

from .conftest import Forum

Files = tuple[Path, Path]


def asked(port: int, server: Path, shown: Files | None, headers: dict[str, str] | None = None) -> int:
    """The status of GET /taxii2/ by a client that shows this certificate."""
    context = ssl.create_default_context(cafile=str(server))
    if shown is not None:
        context.load_cert_chain(*shown)
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    try:
        connection.request("GET", "/taxii2/", headers=headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def fingerprint(pem: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.read_text())).hexdigest()


@pytest.fixture
def opened(forum: Forum, tmp_path: Path) -> Iterator[tuple[int, Path, dict[str, Files]]]:
    """(port, the hub's certificate, name -> certificate): the hub knows lark and an outsider, and lark is a member."""
    server, key = self_signed(tmp_path, "127.0.0.1")
    named = {name: self_signed(tmp_path, name) for name in ("lark", "outsider", "stranger")}
    named["lapsed"] = self_signed(tmp_path, "lapsed", days=-1)
    known = tmp_path / "authorities.pem"
    known.write_text("".join(named[name][0].read_text() for name in ("lark", "outsider", "lapsed")))
    for name in ("lark", "lapsed"):
        mark = fingerprint(named[name][0])
        rights = {"signatures": (True, False)}
        hub_members.add(forum.hub, name, name.title(), Level(1, 1), rights, None, certificate=mark)
    door = Door("127.0.0.1:0", server, key, client_authorities=known)
    with HubServer(forum.hub, door) as held:
        yield held.port, server, named


def test_a_member_is_who_shows_its_certificate(
    forum: Forum, opened: tuple[int, Path, dict[str, Files]]
) -> None:
    port, server, named = opened
    assert asked(port, server, named["lark"]) == 200
    assert asked(port, server, named["outsider"]) == 401  # of a known authority, and of no member
    assert asked(port, server, None) == 401
    assert asked(port, server, None, {"Authorization": forum.basic("quill")}) == 200


@pytest.mark.parametrize("name", ["stranger", "lapsed"])
def test_a_certificate_of_nobody_known_or_that_has_lapsed_ends_the_handshake(
    opened: tuple[int, Path, dict[str, Files]], name: str
) -> None:
    port, server, named = opened
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
        asked(port, server, named[name])


def test_a_suspended_member_shows_it_in_vain(
    forum: Forum, opened: tuple[int, Path, dict[str, Files]]
) -> None:
    port, server, named = opened
    hub_members.suspend(forum.hub, "lark")
    assert asked(port, server, named["lark"]) == 401


def test_the_header_of_a_proxy_counts_for_nothing_here(
    opened: tuple[int, Path, dict[str, Files]],
) -> None:
    port, server, named = opened
    mark = fingerprint(named["lark"][0])
    for header in ("X-Client-Sha256", "Client-Cert", "X-SSL-Client-SHA256"):
        assert asked(port, server, None, {header: mark}) == 401


def test_authorities_need_tls_and_a_file_that_is_one(forum: Forum, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="without TLS"):
        HubServer(forum.hub, Door("127.0.0.1:0", client_authorities=tmp_path / "none.pem"))
    server, key = self_signed(tmp_path, "127.0.0.1")
    with pytest.raises(UsageError, match=r"none\.pem"):
        HubServer(forum.hub, Door("127.0.0.1:0", server, key, client_authorities=tmp_path / "none.pem"))
