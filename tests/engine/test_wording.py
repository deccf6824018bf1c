"""The wording kept of each event: its smallest lexical keys, whatever order they come in."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.engine.records import wording
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
