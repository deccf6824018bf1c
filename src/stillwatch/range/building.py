"""Building a world: settings checked, composed, written beside its place and renamed when whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from stillwatch.errors import StorageError, UnknownNameError, UsageError
from stillwatch.range.accounts import Accounts
from stillwatch.range.clock import Clock
from stillwatch.range.evasions import evasions as ladder
from stillwatch.range.populations import populations
from stillwatch.range.prompts.corpus import Corpus
from stillwatch.range.prompts.grammar import Grammar
from stillwatch.range.scene import Scene
from stillwatch.range.shape import fitted, traced
from stillwatch.range.worlds import WORLDS, World
from stillwatch.range.worlds.world import Knob
from stillwatch.range.writing import write_scene

EVERY: dict[str, Knob] = {"days": 7.0, "reference_ratio": 4.0}
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
    evasions: Sequence[str] = (),
    population: Sequence[str] = (),
    **overrides: Knob,
) -> Path:
    """Write world `name` to the new folder `out`; the same arguments give the same bytes.

    prompts: Parquet (kind, prompt) instead of the grammar. traffic: real traces instead of the fitted shape.
    evasions: what its attackers do besides (`ID` or `ID:AMOUNT`). population: ids of the honest populations it
    hides among, in a world that lets one choose.
    Raises UsageError, UnknownNameError, UnreadableInputError, StorageError; nothing half-written stays.
    """
    world = find(name)
    knobs = _settings(world, overrides)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            "exists and is not an empty folder", where=str(out), hint="give a new folder with --out"
        )
    told = progress or (lambda *_: None)
    told(f"composing {name}", 0, None)
    clock = Clock(float(knobs["days"]), float(knobs["reference_ratio"]))
    scene = Scene(
        world=world.id,
        seed=seed,
        clock=clock,
        shape=traced(traffic) if traffic else fitted(),
        knobs=knobs,
        accounts=Accounts(clock, seed),
        evasions=ladder(evasions),
        populations=_backdrop(world, population),
    )
    source = Corpus(prompts) if prompts else Grammar()
    world.compose(scene)
    if scene.evasions and not scene.attackers:
        raise UsageError(
            "has no attacker, so nobody can evade", where=world.id, hint="see `stillwatch range list`"
        )
    told(f"writing {name}", 0, None)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise StorageError(
            f"cannot write ({error.strerror})", where=str(out), hint="choose another --out"
        ) from error
    try:
        write_scene(scene, source, draft)
        draft.chmod(0o755)
        if out.exists():
            out.rmdir()
        draft.rename(out)
    except OSError as error:
        raise StorageError(
            f"cannot write ({error.strerror or error})", where=str(out), hint="free space, nothing was left"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return out


def _backdrop(world: World, names: Sequence[str]) -> tuple[str, ...]:
    if names and not world.backdrop:
        raise UsageError(
            "brings its own honest population",
            where=world.id,
            hint="choose one for a world that is an archetype",
        )
    return tuple(population.id for population in populations(tuple(names)))


def _settings(world: World, overrides: dict[str, Knob]) -> dict[str, Knob]:
    knobs = EVERY | world.knobs
    for key, value in overrides.items():
        if key not in knobs:
            raise UnknownNameError(f"setting of world {world.id}", key, knobs)
        kind = type(knobs[key])
        if kind is bool and not isinstance(value, bool):
            raise UsageError(f"{key} must be true or false, not {value!r}", where=world.id)
        if kind is not bool and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
            raise UsageError(
                f"{key} must be a number from 0 up, not {value!r}",
                where=world.id,
                hint=f"default {knobs[key]}",
            )
        knobs[key] = kind(value)
    if float(knobs["days"]) <= 0 or float(knobs["reference_ratio"]) <= 0:
        raise UsageError("days and reference_ratio must be above 0", where=world.id)
    return knobs
