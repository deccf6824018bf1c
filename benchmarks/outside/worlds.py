"""A whole world in one call: a town, its crowd, and the campaigns and honest groups asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.outside.calls import Group, write
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town


def build(
    out: Path,
    seed: int,
    makes: Sequence[Callable[[Town, Crowd], Group]],
    *,
    world: str = "outside",
    accounts: int = 1200,
    days: float = 7,
    reference_days: float = 14,
    prompts: Sequence[str] | None = None,
    size: float = 1.0,
) -> tuple[Path, list[Group]]:
    """Build and write a world; (its folder, the groups that `makes` made). The same arguments give the same files."""
    town = Town(seed, days, reference_days, prompts, size)
    crowd = Crowd(town, accounts)
    groups = [make(town, crowd) for make in makes]
    place = write(
        out,
        world=world,
        seed=seed,
        groups=[crowd.group(), *groups],
        reference_start=town.reference_start,
        start=town.start,
        end=town.end,
    )
    return place, groups
