"""An item is known by its last turn whatever was said before it; a refrain is no item."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.items import OFTEN, items

EVENT = st.tuples(st.integers(0, 3), st.lists(st.integers(1, 4), min_size=1, max_size=3))


def of(events: list[tuple[int, list[int]]]) -> np.ndarray:
    """Items of (customer, user turns)."""
    said = [hash(tuple(turns)) & 0xFFFF_FFFF for _, turns in events]
    columns = [turns[-1] for _, turns in events], said, [turns[0] for _, turns in events]
    return items(np.array([c for c, _ in events]), *(np.array(c, np.uint64) for c in columns))


def oracle(events: list[tuple[int, list[int]]]) -> list[int]:
    out = []
    for _, turns in events:
        openings = {(c, t[0]) for c, t in events if t[-1] == turns[-1]}
        people = {c for c, _ in openings}
        refrain = len(openings) >= OFTEN * len(people)
        out.append(hash(tuple(turns)) & 0xFFFF_FFFF if refrain else turns[-1])
    return out


@given(st.lists(EVENT, min_size=1, max_size=25))
def test_as_counted_by_hand(events) -> None:
    assert of(events).tolist() == oracle(events)


def test_one_exercise_after_greetings_of_their_own_is_one_item() -> None:
    found = of([(student, [100 + student, exercise]) for student in range(9) for exercise in (1, 2, 3)])
    assert np.unique(found).size == 3


def test_go_on_in_one_conversation_after_another_is_no_item() -> None:
    found = of([(account, [100 + 3 * account + n, 7]) for account in range(9) for n in range(3)])
    assert np.unique(found).size == 27


def test_hardly_more_than_one_conversation_each_is_on_the_safe_side() -> None:
    found = of([(account, [100 + account, 7]) for account in range(9)] + [(0, [200, 7])])
    assert np.unique(found).tolist() == [7]
