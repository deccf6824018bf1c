"""How a work list that is used up is dealt again: by a seeded shuffle, never by the remainder of a number."""

from __future__ import annotations

import numpy as np


def dealt(rng: np.random.Generator, place: np.ndarray, size: int) -> np.ndarray:
    """Item (0 to size - 1) of each request, int64, shape like `place`. place: which account sends each request.

    A list long enough is dealt in order. A shorter one goes round several times, every time in a fresh order, every
    item as often as any other (to one), and no account gets an item twice unless it sends more requests than there
    are items. Item i mod size to account i mod accounts would not do: two remainders of one number are coupled, and
    where they have a common divisor the same few accounts meet the same item over and over.
    """
    if place.size <= size:
        return np.arange(place.size)
    accounts = int(place.max()) + 1
    # Requests of one account stand together, accounts in random order: a pass over the list is then a run of whole
    # accounts, and only the account on the edge of two passes could get an item twice.
    order = np.argsort(rng.permutation(accounts)[place], kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(place[order]) != 0, True])
    edges = np.arange(size, place.size, size)
    run = np.searchsorted(starts, edges, side="right")
    keys = rng.random((edges.size + 1, size))
    lists = np.empty(keys.shape, dtype=np.int64)
    lists[0] = np.argsort(keys[0], kind="stable")
    for edge, begin, end in zip(edges.tolist(), starts[run - 1].tolist(), starts[run].tolist(), strict=True):
        number = edge // size
        had = lists[number - 1, max(0, size - (edge - begin)) :]
        _after(keys[number], had, end - edge)
        lists[number] = np.argsort(keys[number], kind="stable")
    items = np.empty(place.size, dtype=np.int64)
    items[order] = lists.reshape(-1)[: place.size]
    return items


def _after(keys: np.ndarray, had: np.ndarray, head: int) -> None:
    """Change the keys of the items `had` so that they come, still at random, after the first `head` others."""
    others = np.sort(np.delete(keys, had))
    if had.size and others.size:
        floor = others[min(head, others.size) - 1]
        keys[had] = floor + (1.0 - floor) * keys[had]
