"""The wording kept of each event: its smallest lexical keys, whatever order they come in."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.engine.records import ENDS, ends, wording
from stillwatch.features.families import Family, tagged

ROWS, WIDTH = 4, 3


@given(
    st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(1, 9), st.sampled_from([1, 2, 6])), max_size=60)
)
def test_the_smallest_distinct_lexical_keys_of_each_event(hits):
    event = np.array([h[0] for h in hits], np.int64)
    keys = np.array([int(tagged(np.array([h[1]], np.uint64), Family(h[2]))[0]) for h in hits], np.uint64)
    made = wording(SimpleNamespace(event=event, keys=keys), ROWS, WIDTH)
    for row in range(ROWS):
        mine = {int(k) for e, k, h in zip(event, keys, hits, strict=True) if e == row and h[2] == 1}
        want = sorted(mine)[:WIDTH]
        assert made[row].tolist() == want + [0] * (WIDTH - len(want))


def test_an_instruction_shows_at_the_end_where_it_stands():
    """However long the document is; case and middle do not matter to the other end."""
    ask = "Sort the remark below into stock, staff or guests: "
    texts = [ask + "a" * 500, ask + "b" * 900, "c" * 700 + ask, "d" * 30 + ask, "", None]
    first, last = ends(pa.array(texts, pa.large_string()), np.uint64(7)).T
    assert first[0] == first[1]
    assert last[2] == last[3]
    assert len({*first[1:4].tolist(), *last[:3].tolist()}) == 6
    assert first[4:].tolist() == last[4:].tolist() == [0, 0]


def test_a_short_text_does_not_count_twice():
    first, last = ends(pa.array(["x" * (ENDS // 2)]), np.uint64(7))[0]
    assert first != last
