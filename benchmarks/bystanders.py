"""Who is told apart in simulated pools (benchmarks.pools): people beside lists, and nobody where one hand holds all.

    python -m benchmarks.bystanders [SEEDS]

`told`: pools in which nine tenths of the people are; `lost`: mean share of accounts of lists taken for people; `cut`: pools
in which anybody is (campaigns.tenants; decision 0053).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from benchmarks.pools import Parts, covered, dealt, group, own, places
from benchmarks.worlds import keep
from stillwatch.campaigns.tenants import people

SEED_FIRST, SEEDS, LIST = 264_000, 12, 50
BESIDE = [(1, 40), (2, 40), (3, 40), (1, 20), (1, 10), (1, 80)]
COVER = [0.3, 0.5, 0.6, 0.7, 0.8]
EVENTS = [6, 10, 20]


def main(seeds: int) -> None:
    """Every cell over `seeds` seeds, one line each."""
    rows = []
    for events in EVENTS:
        for lists, beside in BESIDE:
            row = _row(
                f"{lists} of {LIST} beside {beside} people",
                events,
                seeds,
                _beside(lists, beside),
                lists * LIST,
            )
            rows.append(row)
            print(row, flush=True)
        for share in COVER:
            row = _row(f"one list of 80, cover {share:g}", events, seeds, _covered(share), 80)
            rows.append(row)
            print(row, flush=True)
    body: dict[str, Any] = {"seed_first": SEED_FIRST, "rows": rows}
    keep("bystanders", f"python -m benchmarks.bystanders {seeds}", body)


def _beside(lists: int, beside: int) -> Parts:
    return lambda rng, events: [
        *(dealt(rng, LIST, events, place) for place in places(rng)[:lists]),
        own(rng, beside, events),
    ]


def _covered(share: float) -> Parts:
    return lambda rng, events: [covered(rng, 80, events, share)]


def _row(name: str, events: int, seeds: int, make: Parts, listed: int) -> dict[str, Any]:
    found = [people(group(SEED_FIRST + i, make, events)) for i in range(seeds)]
    told = [bool(f[listed:].size and f[listed:].mean() >= 0.9) for f in found]
    return {
        "pool": name,
        "events_an_account": events,
        "seeds": seeds,
        "told": sum(told),
        "cut": sum(bool(f.any()) for f in found),
        "lost": round(float(np.mean([f[:listed].mean() for f in found])), 4),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
