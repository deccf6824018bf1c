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
    """A judged group, and how many groups may be raised beside it."""

    group: Group
    members: int
    beside: int


@pytest.mark.parametrize(
    ("beside", "kept"),
    [([9, 9], [0, 1]), ([0, 9], [1]), ([1, 1, 1], []), ([2, 2, 0], [0, 1]), ([], [])],
    ids=[
        "both stand",
        "one does not",
        "none stands with two more",
        "one falls, two stand without it",
        "nothing",
    ],
)
def test_what_falls_is_left_out_and_the_others_are_counted_anew(
    monkeypatch: pytest.MonkeyPatch, beside: list[int], kept: list[int]
) -> None:
    found: list[Any] = [Found(Group(str(i)), 0, n) for i, n in enumerate(beside)]
    monkeypatch.setattr(scanning, "together", lambda groups, members, fdr: [len(groups) - 1] * len(groups))
    monkeypatch.setattr(scanning, "stands", lambda j, fdr: j.members <= j.beside)
    up = scanning._standing(found, 0.01)
    want = [replace(found[i], members=max(0, len(kept) - 1)) for i in kept]
    assert up == want
