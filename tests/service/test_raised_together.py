"""What is raised together is counted together, and what no longer stands with that is not raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from stillwatch.service import scanning


@dataclass(frozen=True)
class Group:
    name: str


@dataclass(frozen=True)
class Found:
    """A judged group, how many may be raised beside it, and how weak it is."""

    id: str
    group: Group
    members: int
    beside: int
    q_value: float = 0.0


@pytest.mark.parametrize(
    ("beside", "q", "kept"),
    [
        ([9, 9], [0.0, 0.0], [0, 1]),
        ([0, 9], [0.0, 0.0], [1]),
        ([1, 1, 1], [0.001, 0.003, 0.002], [0, 2]),
        ([0, 0, 0], [0.003, 0.001, 0.002], [1]),
        ([2, 2, 0], [0.0, 0.0, 0.0], [0, 1]),
        ([-1], [0.0], []),
        ([], [], []),
    ],
    ids=[
        *("both stand", "one does not", "the weakest of three goes", "the strongest stands alone"),
        *("two stand without the third", "one that cannot stand", "nothing"),
    ],
)
def test_the_weakest_falls_and_the_others_are_counted_anew(
    monkeypatch: pytest.MonkeyPatch, beside: list[int], q: list[float], kept: list[int]
) -> None:
    found: list[Any] = [
        Found(f"g-{i}", Group(str(i)), 0 if n >= 0 else -1, n, value)
        for i, (n, value) in enumerate(zip(beside, q, strict=True))
    ]
    monkeypatch.setattr(scanning, "together", lambda groups, members, fdr: [len(groups) - 1] * len(groups))
    monkeypatch.setattr(scanning, "stands", lambda j, fdr: j.members <= j.beside)
    want = [replace(found[i], members=max(0, len(kept) - 1)) for i in kept]
    assert scanning._standing(found, 0.01) == want
