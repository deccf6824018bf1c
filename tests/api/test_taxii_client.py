"""A stock client, not written here, against the running hub: taxii2-client walks, adds, asks and deletes."""

from __future__ import annotations

import pytest

from .conftest import Forum, indicator

client = pytest.importorskip("taxii2client.v21")


def collection(forum: Forum, member: str = "quill"):
    server = client.Server(
        f"http://127.0.0.1:{forum.port}/taxii2/", user=member, password=forum.secrets[member]
    )
    assert server.default.url.endswith("/forum/")
    (found,) = server.api_roots[0].collections
    return found


def test_discovery_root_and_collections(open_forum: Forum) -> None:
    held = collection(open_forum)
    assert (held.alias, held.can_read, held.can_write) == ("signatures", True, True)
    assert held.media_types == ["application/stix+json;version=2.1"]
    assert collection(open_forum, "moss").can_write is False


@pytest.mark.slow
def test_adding_reading_paging_and_deleting(open_forum: Forum) -> None:
    held, posted = collection(open_forum), [indicator() for _ in range(25)]
    status = held.add_objects({"objects": [*posted, indicator(spec_version="2.0")]})
    assert (status.status, status.success_count, status.failure_count) == ("complete", 25, 1)
    walked = [o for page in client.as_pages(held.get_objects, per_request=7) for o in page["objects"]]
    assert walked == posted
    rows = [r for page in client.as_pages(held.get_manifest, per_request=10) for r in page["objects"]]
    assert [r["id"] for r in rows] == [o["id"] for o in posted]
    one = posted[3]
    assert held.get_object(one["id"])["objects"] == [one]
    assert held.object_versions(one["id"])["versions"] == [one["modified"]]
    assert held.get_objects(type="campaign") == {}
    held.delete_object(one["id"])
    with pytest.raises(Exception, match="404"):
        held.get_object(one["id"])


def test_a_wrong_password_is_refused(open_forum: Forum) -> None:
    open_forum.secrets["quill"] = "wrong"
    with pytest.raises(Exception, match="401"):
        collection(open_forum)
