"""One request: every way in which a service misbehaves has its outcome, and no outcome holds a word of the text."""

import datetime as dt

import pytest

from stillwatch.outputs.asking import ask, told
from stillwatch.outputs.endpoint import Endpoint
from stillwatch.testing.endpoint import Behaviour, said, serving

SECRET = "tell me about the blue heron"
ECHO = b'{"error": {"message": "cannot: tell me about the blue heron", "code": "%s"}}'
DATE = "Wed, 04 Mar 2026 12:00:30 GMT"


def endpoint(url, **more):
    return Endpoint(base_url=url, model="rival", timeout_s=more.pop("timeout_s", 5), **more)


CASES = {
    "an answer": (said("a bird", fingerprint="fp"), "answer", ""),
    "an answer in parts": (
        Behaviour(body=b'{"choices": [{"message": {"content": [{"text": "a "}, {"text": "bird"}]}}]}'), "answer", "",
    ),
    "a refusal": (said(None, refusal="I will not"), "withheld", "refused"),
    "a filtered answer": (said("half of", finish="content_filter"), "withheld", "refused"),
    "an empty answer": (said("  "), "withheld", "empty"),
    "a filtered prompt": (Behaviour(400, body=ECHO % b"content_filter"), "withheld", "refused"),
    "a prompt it cannot read": (Behaviour(400, body=ECHO % b"other"), "withheld", "rejected with HTTP 400"),
    "too many requests": (Behaviour(429, {"Retry-After": "7"}), "busy", "HTTP 429"),
    "a spent quota": (Behaviour(429, body=ECHO % b"insufficient_quota"), "closed", "HTTP 429, the quota is spent"),
    "overload with a time": (Behaviour(503, {"Retry-After": "7"}), "busy", "HTTP 503"),
    "overload without": (Behaviour(503), "failed", "HTTP 503"),
    "its own fault": (Behaviour(500, body=ECHO % b"x"), "failed", "HTTP 500"),
    "a wrong key": (Behaviour(401), "closed", "HTTP 401, it does not accept the key"),
    "no such model": (Behaviour(404, body=ECHO % b"x"), "closed", "HTTP 404, no such path or model"),
    "no JSON": (Behaviour(body=b"<html>tell me about the blue heron"), "failed", "an answer that is no chat completion"),
    "other JSON": (Behaviour(body=b'{"choices": []}'), "failed", "an answer that is no chat completion"),
    "JSON too deep": (Behaviour(body=b"[" * 100_000), "failed", "an answer that is no chat completion"),
    "a connection cut short": (Behaviour(body=b"{", announced=99), "failed", "the connection broke"),
    "no answer at all": (Behaviour(hang_up=True), "failed", "the connection broke"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_every_behaviour_has_its_outcome(name):
    behaviour, kind, reason = CASES[name]
    with serving(lambda *_: behaviour) as service:
        reply = ask(endpoint(service.url), None, SECRET)
    assert (reply.kind, reply.reason) == (kind, reason)
    assert reply.output == ("a bird" if kind == "answer" else "")
    assert "heron" not in repr(reply)


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(stall_s=30), Behaviour(body=b"{" * 600, drip_s=0.05)],
    ids=["it stalls", "it drips bytes"],
)
@pytest.mark.slow
def test_the_time_limit_holds_for_the_whole_exchange(behaviour):
    with serving(lambda *_: behaviour) as service:
        assert ask(endpoint(service.url, timeout_s=0.5), None, SECRET).reason == "timed out"


def test_an_answer_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("stillwatch.outputs.asking.RESPONSE_BYTES_MAX", 1000)
    with serving(lambda *_: said("x" * 2000)) as service:
        assert ask(endpoint(service.url), None, SECRET).reason == "an answer above 16 MiB"


def test_a_redirect_takes_the_key_nowhere():
    with serving(lambda *_: said("never")) as other:
        away = Behaviour(307, {"Location": f"{other.url}/chat/completions"})
        with serving(lambda *_: away) as service:
            reply = ask(endpoint(service.url), "key-1", SECRET)
    assert reply.kind == "closed" and "redirect" in reply.reason
    assert (service.keys, other.keys) == ({"Bearer key-1"}, set())


def test_nobody_there_is_a_failure():
    with serving(lambda *_: said("x")) as service:
        pass
    assert ask(endpoint(service.url), None, SECRET).reason == "no connection"


def test_half_a_surrogate_can_be_written():
    with serving(
        lambda *_: Behaviour(body=b'{"choices": [{"message": {"content": "a\\ud800b"}}]}')
    ) as service:
        assert ask(endpoint(service.url), None, SECRET).output == "a?b"


@pytest.mark.parametrize(
    ("text", "wait"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), (DATE, 30.0), ("Wed, 04 Mar 2026 11:00:00 GMT", 0.0), ("soon", None), ("nan", None), ("", None)],
)  # fmt: skip
def test_when_to_come_back_is_seconds_or_a_date(text, wait):
    now = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    assert told(429, {"retry-after": text}, b"", now).wait_s == wait


def test_what_a_service_calls_itself_has_the_room_of_a_name():
    with serving(lambda *_: said("a", model="m" * 999, fingerprint="f" * 999)) as service:
        reply = ask(endpoint(service.url), None, SECRET)
    assert (len(reply.served), len(reply.fingerprint)) == (100, 100)
