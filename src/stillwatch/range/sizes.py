"""How large a world is: the three sizes, the scenes they are cut into, and the room they take on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stillwatch.errors import StorageError, UnknownNameError, UsageError
from stillwatch.range.worlds.world import Knob, World

SIZES = {"laptop": 100_000, "day": 10_000_000, "stress": 100_000_000}
"""Events of both periods together."""
SHARD_EVENTS = 100_000
EVENTS_MIN, EVENTS_MAX = 10_000, 400_000_000
"""Below, the groups of fixed size would be all there is; above, serial numbers of texts run out (`KEY_BITS`)."""
BYTES_PER_EVENT = 150
"""Room to ask for before a build: with the built-in grammar a world takes 116 to 127 bytes an event on disk
(benchmarks/results/building.json); real prompts may take more, which is seen after the first scene."""
CLOSE_ENOUGH = 0.01


@dataclass(frozen=True)
class Plan:
    """knobs: those of the whole world. shards: the knobs of each scene. events: what was asked for, None: no size."""

    knobs: Mapping[str, Knob]
    shards: tuple[Mapping[str, Knob], ...]
    events: int | None


def events_of(size: str | float) -> int:
    """The number of events of a size name or number. Raises UnknownNameError, UsageError."""
    if isinstance(size, str):
        if size not in SIZES:
            raise UnknownNameError("size", size, SIZES)
        return SIZES[size]
    if not EVENTS_MIN <= size <= EVENTS_MAX:
        raise UsageError(
            f"a world has {EVENTS_MIN:,} to {EVENTS_MAX:,} events, not {size:,.0f}", where="--events"
        )
    return round(size)


def plan(
    world: World, knobs: Mapping[str, Knob], size: str | float | None, count: Callable[..., int]
) -> Plan:
    """Cut a world of that size into scenes of about `SHARD_EVENTS` events.

    count: the events that the first scene has with the knobs given; it is asked a few times, since groups of
    fixed size make events grow more slowly than accounts. Without a size the world is one scene as declared.
    Raises UnknownNameError, UsageError.
    """
    if size is None:
        return Plan(knobs, (knobs,), None)
    events = events_of(size)
    shards = max(1, round(events / SHARD_EVENTS))
    names = [name for name in world.scales if knobs.get(name)]
    factor, wanted, points = 1.0, events / shards, []
    for _ in range(4):
        points.append((factor, count(_scaled(knobs, names, factor))))
        if not names or abs(points[-1][1] / wanted - 1) < CLOSE_ENOUGH:
            break
        factor = _next(points, wanted)
    totals = {name: max(shards, round(float(knobs[name]) * factor * shards)) for name in names}
    cut = [
        dict(knobs) | {n: total * (i + 1) // shards - total * i // shards for n, total in totals.items()}
        for i in range(shards)
    ]
    return Plan(dict(knobs) | totals, tuple(cut), events)


def _scaled(knobs: Mapping[str, Knob], names: Iterable[str], factor: float) -> dict[str, Knob]:
    return dict(knobs) | {name: max(1, round(float(knobs[name]) * factor)) for name in names}


def _next(points: list[tuple[float, int]], wanted: float) -> float:
    """The next factor to try: proportion first, then the secant through the last two points."""
    factor, events = points[-1]
    if len(points) > 1:
        slope = (events - points[-2][1]) / (factor - points[-2][0])
        if slope > 0:
            return max(0.01, factor + (wanted - events) / slope)
    return factor * wanted / max(1, events)


def check_room(folder: Path, bytes_needed: float) -> None:
    """Raise StorageError when the disk under `folder` (or its first existing parent) has less than that free."""
    place = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < bytes_needed:
        raise StorageError(
            f"no room: about {_said(bytes_needed)} are needed, {_said(free)} are free",
            where=str(folder),
            hint="free some disk space, choose another --out, or build a smaller size",
        )


def _said(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
