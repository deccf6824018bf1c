"""Members sign the checkpoint they see, and see who signed the same one."""

from __future__ import annotations

from typing import Any

import pytest

from stillwatch.errors import UntrustedHubError
from stillwatch.exchange import merkle
from stillwatch.exchange.hub_client import HubClient
from stillwatch.service.witnessing import witness


@pytest.mark.slow
def test_each_sees_the_lines_of_the_others_under_the_same_checkpoint(forum: Any) -> None:
    quill, moss = forum.labs("quill", "moss")
    first = witness(quill.folder)
    second = witness(moss.folder)
    assert first.witnesses == ["quill"]
    assert second.witnesses == ["moss", "quill"]
    assert (first.size, first.root) == (second.size, second.root)
    assert first.root == merkle.root(first.size, forum.hub.store.node).hex()


@pytest.mark.slow
def test_a_log_that_grew_has_to_be_signed_anew(forum: Any) -> None:
    quill, moss = forum.labs("quill", "moss")
    witness(quill.folder)
    moss.publish("one")
    assert witness(moss.folder).witnesses == ["moss"]
    assert witness(quill.folder).witnesses == ["moss", "quill"]


@pytest.mark.slow
def test_a_log_that_was_rolled_back_is_not_signed(forum: Any) -> None:
    quill, moss = forum.labs("quill", "moss")
    moss.publish("one")
    size = witness(quill.folder).size
    with forum.hub.store.writing() as database:
        database.execute("DELETE FROM entry WHERE n = ?", (size - 1,))
        database.execute("DELETE FROM cosignature")
    with pytest.raises(UntrustedHubError, match="rolled back"):
        witness(quill.folder)
    assert forum.hub.store.witness_lines(size - 1) == []


@pytest.mark.slow
def test_a_line_that_the_hub_made_up_counts_for_nobody(forum: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (quill,) = forum.labs("quill")
    honest = HubClient.checkpoint
    forged = "\u2014 forum.example/log/witness/moss AAAA\n"
    monkeypatch.setattr(HubClient, "checkpoint", lambda self: honest(self) + forged)
    assert witness(quill.folder).witnesses == ["quill"]
