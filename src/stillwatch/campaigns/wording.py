"""Do requests share a wording, new or old? A job is written once and sent many times.

Each event keeps keys of how its user turn begins and ends, of its system prompt and of its smallest spans, whether they
burst or not (`Records.wording`). Statistic: over keys that at least two accounts hold, the largest mean, over accounts,
of the share of an account's events that hold the key. Keys that more than STOCK_SHARE of the crowd's accounts hold are
nobody's own: greetings, the system prompt of a tutorial. Events without text are left out, and nothing is said where
most have none: what is withheld speaks against nobody. Descriptive.
"""

from __future__ import annotations

import numpy as np

STOCK_SHARE = 0.01


def wording_in_common(
    owner: np.ndarray, wording: np.ndarray, others: np.ndarray, their_wording: np.ndarray
) -> float | None:
    """In [0, 1]; None where fewer than half of the events have text. owner i64[n], wording u64[n, w] (0 = none): of the
    group's events; others, their_wording: of strangers' in the crowd."""
    seen = (wording != 0).any(axis=1)
    if 2 * np.count_nonzero(seen) < max(1, seen.size):
        return None
    people, person, events = np.unique(owner[seen], return_inverse=True, return_counts=True)
    key, holder, uses = _held(person, wording[seen])
    stock = _stock(others, their_wording)
    names, code, holders = np.unique(key, return_inverse=True, return_counts=True)
    own = (holders >= 2) & ~np.isin(names, stock)
    shares = np.bincount(code, weights=uses / events[holder])
    return float((shares[own] / people.size).max(initial=0.0))


def _held(person: np.ndarray, wording: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(key, person, events of the person that hold it) of each pair that occurs; a key counts once an event."""
    flat = np.sort(wording, axis=1)
    flat[:, 1:][flat[:, 1:] == flat[:, :-1]] = 0
    holder = np.repeat(person, wording.shape[1])[flat.ravel() != 0]
    key = flat.ravel()[flat.ravel() != 0]
    order = np.lexsort((holder, key))
    key, holder = key[order], holder[order]
    first = np.flatnonzero(np.r_[True, (key[1:] != key[:-1]) | (holder[1:] != holder[:-1])][: key.size])
    return key[first], holder[first], np.diff(np.r_[first, key.size])


def _stock(owner: np.ndarray, wording: np.ndarray) -> np.ndarray:
    """Keys that more than STOCK_SHARE of the crowd's accounts hold."""
    people, person = np.unique(owner, return_inverse=True)
    key, _, _ = _held(person, wording)
    names, holders = np.unique(key, return_counts=True)
    return names[holders > STOCK_SHARE * people.size]
