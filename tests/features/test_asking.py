"""What an event asks: the whole of it and its opening, and whether it was turned away."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.events.schema import CONTENT, EVENTS
from stillwatch.features import Batch
from stillwatch.features.asking import asked
from stillwatch.features.limits import limited

SEED = np.uint64(7)
MESSAGE = st.tuples(
    st.sampled_from(["system", "user", "assistant", "tool"]), st.sampled_from(["a", "b", "go on", ""])
)


def batch(conversations, **columns):
    rows = len(conversations)
    events = {f.name: pa.array(columns.get(f.name, [None] * rows), f.type) for f in EVENTS}
    said = [[{"role": r, "text": t} for r, t in c] for c in conversations]
    content = {"event_id": pa.array([str(i) for i in range(rows)])}
    content["messages"] = pa.array(said, CONTENT.field("messages").type)
    return Batch(pa.record_batch(events), pa.record_batch(content))


@given(st.lists(st.lists(MESSAGE, max_size=5), max_size=8))
def test_equal_exactly_where_the_user_said_the_same(conversations) -> None:
    last, whole, opening = asked(batch(conversations), SEED)
    said = [tuple(t for r, t in c if r == "user") for c in conversations]
    for i, mine in enumerate(said):
        assert (last[i] == 0) == (whole[i] == 0) == (opening[i] == 0) == (not mine)
        assert not mine or (whole[i] == opening[i]) == (len(mine) == 1)
        assert len(mine) != 1 or last[i] == whole[i]
        for j, other in enumerate(said):
            assert (last[i] == last[j]) == (mine[-1:] == other[-1:])
            assert (whole[i] == whole[j]) == (mine == other)
            assert (opening[i] == opening[j]) == (mine[:1] == other[:1])


def test_an_event_without_content_asks_nothing() -> None:
    bare = Batch(batch([[], []]).events, None)
    assert [fact.tolist() for fact in asked(bare, SEED)] == [[0, 0], [0, 0], [0, 0]]


def test_another_key_gives_other_hashes() -> None:
    one = batch([[("user", "a")]])
    assert asked(one, SEED).payload[0] != asked(one, np.uint64(8)).payload[0]


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("429", None, True),
        ("403", None, True),
        (None, "rate_limit_error", True),
        ("error", "RateLimitError", True),
        ("error", "insufficient_quota", True),
        (None, "ThrottlingException", True),
        (None, "account_deactivated", True),
        ("429", "requests: rate_limit_exceeded", True),
        ("HTTP 429", None, True),
        (None, "organization has been disabled", True),
        (None, "user input was blocked by safety", False),
        (None, "prompt has 429 tokens", False),
        ("error", "ServiceUnavailable: throttling", False),
        ("ok", None, False),
        (None, None, False),
        ("500", "overloaded_error", False),
        ("503", "timeout", False),
        ("end_turn", None, False),
        ("200", "1429", False),
        ("200", "first try: rate_limit_error", False),
        ("HTTP 200 OK", "rate_limit_error", False),
        ("stop", "quota warning", False),
        ("400", "insufficient_quota", True),
        ("error", "content_filter", False),
    ],
)
def test_who_was_turned_away(status, error, expected) -> None:
    one = batch([[("user", "a")], [("user", "b")]], status=["ok", status], error=[None, error])
    assert limited(one).tolist() == [False, expected]
