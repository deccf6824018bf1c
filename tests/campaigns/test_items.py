"""An item is known by its last turn whatever was said before it; a refrain is no item."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.items import KINDS_MAX, LONG, OFTEN, items

EVENT = st.tuples(st.integers(0, 3), st.lists(st.integers(1, 4), min_size=1, max_size=3))
Event = tuple[int, list[int]]


def of(events: list[Event]) -> np.ndarray:
    """Items of (customer, user turns)."""
    said = [hash(tuple(turns)) & 0xFFFF_FFFF for _, turns in events]
    columns = [turns[-1] for _, turns in events], said, [turns[0] for _, turns in events]
    length = np.array([2 * len(turns) - 1 for _, turns in events])
    return items(np.array([c for c, _ in events]), *(np.array(c, np.uint64) for c in columns), length)


def lengths(events: list[Event]) -> list[int]:
    """Exchanges of each task: an event goes on with its customer's last of the opening if it is longer."""
    last: dict[tuple[int, int], tuple[int, int]] = {}
    out: list[int] = []
    for customer, turns in events:
        task, before = last.get((customer, turns[0]), (0, 10**9))
        if len(turns) > 1 and len(turns) > before:
            out[task] += 1
        else:
            task = len(out)
            out.append(1)
        last[customer, turns[0]] = task, len(turns)
    return out


def oracle(events: list[Event]) -> list[int]:
    refrains = set()
    for turn in {turns[-1] for _, turns in events}:
        openings = {(c, t[0]) for c, t in events if t[-1] == turn}
        if len(openings) >= OFTEN * len({c for c, _ in openings}):
            refrains.add(turn)
    if len(refrains) > min(KINDS_MAX, np.quantile(lengths(events), LONG)):
        refrains = set()
    return [hash(tuple(t)) & 0xFFFF_FFFF if t[-1] in refrains else t[-1] for _, t in events]


@given(st.lists(EVENT, min_size=1, max_size=25))
def test_as_counted_by_hand(events) -> None:
    assert of(events).tolist() == oracle(events)


def talks(accounts: int, each: int, script: list[int]) -> list[Event]:
    """Conversations with openings of their own, each followed up by the whole script."""
    openings = [(a, 1000 + each * a + n) for a in range(accounts) for n in range(each)]
    return [(a, [opening, *script[:k]]) for a, opening in openings for k in range(len(script) + 1)]


def test_one_exercise_after_greetings_of_their_own_is_one_item() -> None:
    found = of([(student, [100 + student, exercise]) for student in range(9) for exercise in (1, 2, 3)])
    assert np.unique(found).size == 3


def test_follow_ups_in_one_conversation_after_another_are_no_items() -> None:
    events = talks(9, 3, [7, 8])
    assert np.unique(of(events)).size == len(events)


def test_hardly_more_than_one_conversation_each_is_on_the_safe_side() -> None:
    assert {7, 8} <= set(of(talks(9, 1, [7, 8])).tolist())


def test_a_list_that_is_asked_again_in_other_chats_stays_a_list() -> None:
    """A benchmark run three times with other examples before each item; a deck of which each chat holds a part."""
    runs = [
        (lab, [1000 + 90 * lab + 30 * run + item, item])
        for lab in range(9)
        for run in range(3)
        for item in range(1, 31)
    ]
    assert np.unique(of(runs)).size == 30
    chats = [
        (who, [1000 + 9 * who + day, *range(1 + day, k + 1 + day)])
        for who in range(9)
        for day in range(9)
        for k in range(1, 4)
    ]
    assert np.unique(of(chats)).size == 11


def test_a_long_sheet_that_fits_into_a_chat_stays_a_list() -> None:
    sheet = list(range(1, KINDS_MAX + 2))
    assert set(sheet) <= set(of(talks(9, 2, sheet)).tolist())
