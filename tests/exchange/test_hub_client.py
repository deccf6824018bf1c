"""The client against scripted answers: what is no hub, no page, no proof or no token is named, and never half used."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.errors import RemoteError
from stillwatch.exchange import hub_client
from stillwatch.exchange.hub_client import HubClient
from stillwatch.exchange.wire import Answer, Wire

TOKEN = Answer(200, "application/json", {}, b'{"access_token": "t"}')
TAXII, JSON = "application/taxii+json", "application/json"


class Scripted(Wire):
    """Answers in order; remembers what was asked."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__("http://127.0.0.1:1")
        self.answers, self.asked = list(answers), list[tuple[str, str, Any, Any]]()

    def ask(self, method: str, path: str, headers: Any = None, body: Any = None) -> Answer:
        self.asked.append((method, path, headers, body))
        return self.answers.pop(0)


def client(*answers: Answer) -> HubClient:
    return HubClient(Scripted(*answers), "quill", b"k" * 32, "forum.example/log")


def said(value: Any, kind: str = TAXII, status: int = 200) -> Answer:
    return Answer(status, kind, {}, value if isinstance(value, bytes) else json.dumps(value).encode())


PAGE = {"objects": [{"a": 1}], "x_signatures": ["s"], "x_proofs": [None], "more": True}


def test_a_page_keeps_the_exact_bytes_and_what_is_beside_them():
    body = b'{"more": true, "objects": [{"b":  1.0, "a":1}], "x_signatures": ["s"], "x_proofs": [{"index": 3, "entry": "YQ==", "path": ["Yg=="]}]}'
    page = client(TOKEN, said(body)).page("/c/", 5, 9)
    assert page.more
    assert page.items[0].body == b'{"b":  1.0, "a":1}'
    assert page.items[0].proof == hub_client.Proof(3, b"a", [b"b"])
    assert client(TOKEN, said(b"{}")).page("/c/", 5, 9) == ([], False)


def test_an_object_with_half_a_character_does_not_hide_the_others_of_its_page():
    body = rb'{"objects": [{"b": "\uD800"}, {"a":1}], "x_signatures": ["s", "t"], "x_proofs": [null, null]}'
    page = client(TOKEN, said(body)).page("/c/", 5, 9)
    assert [(item.body, item.signature) for item in page.items] == [
        (rb'{"b": "\uD800"}', "s"),
        (b'{"a":1}', "t"),
    ]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        pytest.param(
            said(PAGE, "text/html"),
            "answers as text/html instead of application/taxii",
            id="another media type",
        ),
        pytest.param(said(PAGE, ""), "answers as nothing in particular", id="no media type"),
        pytest.param(said(b"{"), "no TAXII envelope", id="no JSON"),
        pytest.param(said(b"[" * 100_000), "no TAXII envelope", id="nested for ever"),
        pytest.param(said({**PAGE, "x_proofs": []}), "no signatures and proofs", id="a hub without proofs"),
        pytest.param(
            said({**PAGE, "x_signatures": ["a", "b"]}), "no signatures and proofs", id="too many signatures"
        ),
        pytest.param(
            said({**PAGE, "x_proofs": [{"index": "x"}]}), "no TAXII envelope", id="a proof of another form"
        ),
        pytest.param(
            said({"title": "may not read\x1b[2J"}, TAXII, 403),
            r"refused \(HTTP 403\): may not read",
            id="no right",
        ),
        pytest.param(said(b"<html>", "text/html", 500), r"refused \(HTTP 500\)$", id="an error page"),
        pytest.param(said(b"", "", 302), "sends us elsewhere", id="a redirect"),
    ],
)
def test_a_page_that_is_none_is_told(answer: Answer, text: str):
    with pytest.raises(RemoteError, match=text) as caught:
        client(TOKEN, answer).page("/c/", -1, 9)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("call", "answer", "text"),
    [
        pytest.param(
            lambda c: c.consistency(1, 2),
            said({"consistency": ["%"]}, JSON),
            "no proof",
            id="proof not base64",
        ),
        pytest.param(lambda c: c.consistency(1, 2), said({}, JSON), "no proof", id="no proof"),
        pytest.param(lambda c: c.checkpoint(), said(b"x", "text/html"), "answers as text/html", id="no note"),
        pytest.param(lambda c: c.collection("s"), said({"title": "x"}), "names no API root", id="no root"),
        pytest.param(lambda c: c.collection("s"), said([]), "no JSON object", id="a list"),
    ],
)
def test_other_answers_that_are_none(call: Callable[[HubClient], Any], answer: Answer, text: str):
    with pytest.raises(RemoteError, match=text):
        call(client(TOKEN, answer))


@pytest.mark.parametrize("token", [{}, {"access_token": 1}, {"access_token": "a\r\nX: y"}])
def test_a_token_that_is_none_goes_into_no_header(token: dict[str, Any]):
    with pytest.raises(RemoteError, match="no access token"):
        client(said(token, JSON)).checkpoint()


def test_a_refused_token_is_renewed_once_and_then_it_is_an_error():
    refused = Answer(401, TAXII, {}, b"{}")
    note = said(b"note", "text/plain")
    held = client(TOKEN, refused, TOKEN, note)
    assert held.checkpoint() == "note"
    with pytest.raises(RemoteError, match="HTTP 401"):
        client(TOKEN, refused, TOKEN, refused).checkpoint()


def test_a_post_that_is_pending_is_asked_for_until_it_is_complete(monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr(hub_client.time, "sleep", waits.append)
    done = {
        "status": "complete",
        "successes": [{"id": "a", "version": "1"}],
        "failures": [{"id": "b", "message": "no"}],
    }
    held = client(
        TOKEN,
        said({"status": "pending", "id": "7"}, TAXII, 202),
        said({"status": "pending", "id": "7"}),
        said(done),
    )
    assert held.post("/forum/collections/c/", [b"{}", b"{}"], ["s", "t"]) == [("a", "1", ""), ("b", "", "no")]
    wire = held.wire
    assert isinstance(wire, Scripted)
    assert len(wire.asked) == 4
    assert [path for _, path, *_ in wire.asked[2:]] == ["/forum/status/7/"] * 2
    assert json.loads(wire.asked[1][3]) == {"objects": [{}, {}], "x_signatures": ["s", "t"]}
    assert len(waits) == 2


def test_what_the_hub_says_cannot_steer_a_terminal():
    failures = [{"id": "a\x1b[2J", "message": "no\x1b]0;x\x07" + "y" * 999}, "none", {}]
    held = client(TOKEN, said({"status": "complete", "failures": failures})).post(
        "/forum/collections/c/", [b"{}"], ["s"]
    )
    assert all(text.isprintable() and len(text) <= 200 for outcome in held for text in outcome)
    assert [bool(o.message) for o in held] == [True] * 3
