"""What is read of a request logged beside its response."""

import pytest

from stillwatch.events.sources.openai import OpenAI


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            {"type": "tokens", "code": "rate_limit_exceeded", "message": "Rate limit reached"},
            "tokens: rate_limit_exceeded",
        ),
        ({"type": "insufficient_quota", "code": "insufficient_quota", "message": "x"}, "insufficient_quota"),
        ({"type": "invalid_request_error", "code": None, "message": "x"}, "invalid_request_error"),
        ({"message": "what the user wrote"}, "error"),
        (None, None),
    ],
)
def test_an_error_of_a_pair_keeps_type_and_code_and_never_the_message(error, expected):
    request = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
    record = {
        "request": request,
        "response": {"error": error},
        "account_id": "a",
        "ts": "2026-05-04T00:00:00Z",
    }
    (read,) = OpenAI().events(record)
    assert read.get("error") == expected
