"""Looking up in segments against a dictionary over all their postings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.errors import UnreadableInputError
from stillwatch.ledger import View
from stillwatch.ledger.merging import Responses, write_responses
from stillwatch.ledger.segment import Segment
from stillwatch.ledger.view import ACCOUNTS_MAX, RESPONSES_MAX
from stillwatch.ledger.words import HASH_MASK, nearly_ordered

STRINGS = 16


def segment(path, rng, responses, accounts, spans, share, first=0):
    """A segment whose responses hold each of `spans` with the chance `share` of that span."""
    has = rng.random((responses, spans.size)) < share
    has[np.arange(responses), rng.integers(0, spans.size, responses)] = True
    ends = np.concatenate([[0], np.cumsum(has.sum(1))])
    chosen = np.sort(np.where(has, spans & HASH_MASK, np.uint64(2**64 - 1)), axis=1)
    marks = np.sort(rng.choice(np.arange(1, 60), accounts, replace=False)).astype(np.uint64)
    strings = [(STRINGS * np.arange(1, n + 1)).astype(np.uint64) for n in (responses, accounts)]
    texts = [np.full(STRINGS * n, ord("x"), np.uint8) for n in (responses, accounts)]
    held = Responses(
        chosen[chosen != np.uint64(2**64 - 1)], ends.astype(np.int64), rng.integers(0, 9, responses).astype(np.int32),
        rng.integers(first, accounts, responses).astype(np.uint32), (strings[0], texts[0]), marks, (strings[1], texts[1]),
    )  # fmt: skip
    with path.open("wb") as file:
        write_responses(file, held)
    return Segment(path)


def naive(view, asked):
    """({(query, account, response, day)}, common) by dictionaries."""
    found, common = set(), np.zeros(asked.size, bool)
    for query, span in enumerate((asked & HASH_MASK).tolist()):
        postings, base = set(), 0
        for s in view.segments:
            kept = span & ((1 << 36) - 1)
            places = [w & ((1 << 28) - 1) for w in s.partition(span >> 36).tolist() if w >> 28 == kept]
            common[query] |= len(places) > RESPONSES_MAX
            postings |= {(int(s.account_hash[s.account[p]]), p + base, int(s.day[p])) for p in places}
            base += s.responses
        common[query] |= len({a for a, _, _ in postings}) > ACCOUNTS_MAX
        if not common[query]:
            found |= {(query, *p) for p in postings}
    return found, common


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.lists(st.tuples(st.integers(1, 120), st.integers(1, 24)), max_size=3))
def test_postings_are_those_of_a_dictionary(tmp_path_factory, seed, sizes):
    folder, rng = tmp_path_factory.mktemp("s"), np.random.default_rng(seed)
    spans = rng.integers(0, 2**64, 30, np.uint64)
    spans[:8] = (spans[:8] & np.uint64(0xFFF)) | np.uint64(7 << 36)  # neighbours in one partition
    share = rng.random(spans.size) ** 4
    view = View([segment(folder / str(i), rng, n, a, spans, share) for i, (n, a) in enumerate(sizes)])
    asked = rng.choice(np.concatenate([spans, rng.integers(0, 2**64, 30, np.uint64)]), 80)
    hits = view.lookup(asked)
    expected, common = naive(view, asked)
    rows = list(
        zip(
            hits.query.tolist(), hits.account.tolist(), hits.response.tolist(), hits.day.tolist(), strict=True
        )
    )
    assert set(rows) == expected
    assert rows == sorted(rows)
    assert len(set(rows)) == len(rows)
    assert hits.common.tolist() == common.tolist()


def test_accounts_of_several_segments_together_make_a_span_common(tmp_path):
    rng, span = np.random.default_rng(1), np.array([12345], np.uint64)
    one, two = (segment(tmp_path / str(i), rng, ACCOUNTS_MAX, 50, span, 1.0) for i in range(2))
    assert np.unique(np.concatenate([s.account_hash[s.account] for s in (one, two)])).size > ACCOUNTS_MAX
    assert not View([one]).lookup(span).common.any()
    assert View([one, two]).lookup(span).common.all()
    assert View([one, two]).lookup(span).query.size == 0


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=200))
def test_the_order_of_look_ups_is_a_permutation_by_leading_bits(values):
    spans = np.array(values, np.uint64)
    order = nearly_ordered(spans)
    assert np.sort(order).tolist() == list(range(spans.size))
    bits = max(1, (spans.size - 1).bit_length())
    leading = (spans[order] & HASH_MASK) >> np.uint64(48 - bits)
    assert (np.diff(leading.astype(np.int64)) >= 0).all()


@pytest.mark.parametrize("responses", [3, ACCOUNTS_MAX + 1], ids=["few", "more than an account may have"])
def test_a_posting_of_a_response_that_is_not_there_is_named(tmp_path, responses):
    span = np.array([12345], np.uint64)
    made = segment(tmp_path / "s", np.random.default_rng(2), responses, 20, span, 1.0)
    made.words = np.asarray(made.words) | np.uint64(1 << 20)
    with pytest.raises(UnreadableInputError, match="a response it does not have"):
        View([made]).lookup(span)
