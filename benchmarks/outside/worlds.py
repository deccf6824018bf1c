"""A whole world in one call: a town, its crowd, and the campaigns and honest groups asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.outside.calls import Group, write
from benchmarks.outside.campaigns import CAMPAIGNS
from benchmarks.outside.crowd import Crowd
from benchmarks.outside.town import Town


def build(
    out: Path,
    seed: int,
    campaigns: Sequence[str] = (),
    *,
    others: Sequence[Callable[[Town, Crowd], Group]] = (),
    accounts: int = 1200,
    days: float = 7,
    reference_days: float = 14,
    prompts: Sequence[str] | None = None,
    size: float = 1.0,
) -> Path:
    """Build and write a world; the same arguments give the same files. A KeyError names an unknown
    campaign.
    """
    town = Town(seed, days, reference_days, prompts, size)
    crowd = Crowd(town, accounts)
    groups = [
        crowd.group(),
        *(CAMPAIGNS[name](town, crowd) for name in campaigns),
        *(make(town, crowd) for make in others),
    ]
    return write(
        out,
        world="+".join(["outside", *campaigns]),
        seed=seed,
        groups=groups,
        reference_start=town.reference_start,
        start=town.start,
        end=town.end,
    )
