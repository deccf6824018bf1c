"""Building a world: settings checked, composed scene by scene, written beside its place and renamed when whole.

A world without a size is one scene. A world of a size is many, composed and written one after the other in bounded
memory: shard k of K is a `Scene` of about 1e5 events from (seed, k), with its share of the accounts, so a day is a
hundred laptops side by side. What grows are the knobs in `World.scales`, which count accounts (`honest`, `accounts`,
`application` unless the world says otherwise), so that honest and attacking accounts keep their proportion; groups
of fixed size in `compose` are there once in every scene, each as customers of their own. What is one thing in the
whole world draws from `scene.shared(...)` instead of `scene.rng(...)`, and is joined in the truth by its name:
campaigns always are, look-alikes where `LookAlike.name` is given. Numbers that a population gives itself, such as
those of batch customers, pass through `scene.apart(...)`; account, text, organisation and payment ids are told apart
by the scene. The same world, seed and size give the same bytes on any machine: draws come from `range/draws.py`,
nothing depends on threads or hashes, and of the files only the versions of Parquet and zstd in the pinned pyarrow
could differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillwatch.errors import UnknownNameError, UsageError
from stillwatch.range.accounts import Accounts
from stillwatch.range.clock import Clock
from stillwatch.range.drafts import draft
from stillwatch.range.evasions import Evasion
from stillwatch.range.evasions import evasions as ladder
from stillwatch.range.honest.update import update
from stillwatch.range.populations import populations
from stillwatch.range.prompts.corpus import Corpus
from stillwatch.range.prompts.grammar import Grammar
from stillwatch.range.scene import Scene, Shard
from stillwatch.range.shape import Shape, fitted, traced
from stillwatch.range.sizes import BYTES_PER_EVENT, Plan, check_room, plan
from stillwatch.range.texts import Prompts
from stillwatch.range.worlds import WORLDS, World
from stillwatch.range.worlds.world import Knob
from stillwatch.range.writing import WorldWriter

EVERY: dict[str, Knob] = {
    "days": 7.0,
    "reference_ratio": 4.0,
    "sitting": 3.0,
    "updating_share": 0.0,
    "companies_share": 0.0,
}
"""sitting: requests of one sitting of honest people, on average; 1: each by itself. updating_share: of the accounts that
run a common client, those that change to a new one, most of them within days (range.honest.update). companies_share: of the people everybody
stands among, those whose company pays for them (range.honest.people)."""
Told = Callable[[str, int, int | None], None]


def find(name: str) -> World:
    """The world of that id. Raises UnknownNameError naming the nearest."""
    for world in WORLDS:
        if world.id == name:
            return world
    raise UnknownNameError("world", name, [w.id for w in WORLDS])


def build_world(
    name: str,
    *,
    seed: int,
    out: Path,
    prompts: Path | None = None,
    traffic: Path | None = None,
    progress: Told | None = None,
    size: str | float | None = None,
    evasions: Sequence[str] = (),
    population: Sequence[str] = (),
    settings: Mapping[str, Knob] | None = None,
    **more: Knob,
) -> Path:
    """Write world `name` to the new folder `out`; the same arguments give the same bytes.

    prompts: Parquet (kind, prompt) instead of the grammar. traffic: real traces instead of the fitted shape. size:
    laptop, day, stress or a number of events (both periods, met to a few per cent); None: the world as declared.
    evasions: what its attackers do besides (`ID` or `ID:AMOUNT`). population: ids of the honest populations it
    hides among, in a world that lets one choose. settings: of the world, instead of its defaults; those that a
    caller writes out may stand as arguments of their own.
    Raises UsageError, UnknownNameError, UnreadableInputError, StorageError; nothing half-written stays.
    """
    world = find(name)
    knobs = settled(world, {**(settings or {}), **more})
    told = progress or (lambda *_: None)
    shape = traced(traffic) if traffic else fitted()
    asked = _Asked(world, seed, shape, ladder(evasions), _backdrop(world, population))
    with draft(out) as folder:
        told(f"composing {name}", 0, None)
        sized = plan(world, knobs, size, lambda given: _compose(asked, given, Shard()).events())
        check_room(out, BYTES_PER_EVENT * (sized.events or 0))
        source = Corpus(prompts) if prompts else Grammar()
        _write(asked, sized, source, folder, told)
    return out


@dataclass(frozen=True)
class _Asked:
    """What is the same in every scene of the world."""

    world: World
    seed: int
    shape: Shape
    evasions: tuple[Evasion, ...]
    populations: tuple[str, ...]


def _write(asked: _Asked, sized: Plan, source: Prompts, folder: Path, told: Told) -> None:
    world, seed = asked.world, asked.seed
    writer = WorldWriter(folder)
    count = len(sized.shards)
    try:
        for index, knobs in enumerate(sized.shards):
            scene = _compose(asked, knobs, Shard(index, count))
            told(f"writing {world.id}", writer.rows, sized.events or scene.events())
            words = scene.texts.resolve(source.share(index, count), seed, world.id, index)
            writer.add(scene, words)
            if not index:
                written = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
                check_room(folder, written * (count - 1))
        told(f"writing {world.id}", writer.rows, writer.rows)
        head = {"world": world.id, "seed": seed, "knobs": dict(sized.knobs)}
        writer.close(head | ({"size": {"events": sized.events, "scenes": count}} if sized.events else {}))
    except BaseException:
        writer.abandon()
        raise


def _compose(asked: _Asked, knobs: Mapping[str, Knob], shard: Shard) -> Scene:
    world, seed = asked.world, asked.seed
    clock = Clock(float(knobs["days"]), float(knobs["reference_ratio"]))
    scene = Scene(
        world=world.id,
        seed=seed,
        clock=clock,
        shape=asked.shape,
        knobs=knobs,
        accounts=Accounts(clock, seed, shard.base),
        shard=shard,
        evasions=asked.evasions,
        populations=asked.populations,
    )
    world.compose(scene)
    if float(knobs["updating_share"]) > 0:
        update(scene, float(knobs["updating_share"]))
    if scene.evasions and not scene.attackers:
        raise UsageError(
            "has no attacker, so nobody can evade", where=world.id, hint="see `stillwatch range list`"
        )
    return scene


def _backdrop(world: World, names: Sequence[str]) -> tuple[str, ...]:
    if names and not world.backdrop:
        raise UsageError(
            "brings its own honest population",
            where=world.id,
            hint="choose one for a world that is an archetype",
        )
    return tuple(population.id for population in populations(tuple(names)))


def settled(world: World, overrides: Mapping[str, Knob]) -> dict[str, Knob]:
    """All settings of a world, with some changed. Raises UnknownNameError, UsageError for what none can be."""
    knobs = EVERY | world.knobs
    for key, value in overrides.items():
        if key not in knobs:
            raise UnknownNameError(f"setting of world {world.id}", key, knobs)
        kind = type(knobs[key])
        if kind is bool and not isinstance(value, bool):
            raise UsageError(f"{key} must be true or false, not {value!r}", where=world.id)
        if kind is not bool and (
            isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf
        ):
            raise UsageError(
                f"{key} must be a number from 0 up, not {value!r}",
                where=world.id,
                hint=f"default {knobs[key]}",
            )
        knobs[key] = kind(value)
    if float(knobs["days"]) <= 0 or float(knobs["reference_ratio"]) <= 0:
        raise UsageError("days and reference_ratio must be above 0", where=world.id)
    for name in ("updating_share", "companies_share"):
        if float(knobs[name]) > 1:
            raise UsageError(f"{name} must be at most 1: a share of the accounts", where=world.id)
    if float(knobs["sitting"]) < 1:
        raise UsageError("sitting must be at least 1: the events of one sitting", where=world.id)
    return knobs
