"""The plan of a scorecard: worlds, seeds and thresholds in one TOML file, fixed before any result exists.

Its hash stands in every result, so a scorecard says by itself whether its plan was changed afterwards.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.errors import ConfigError, UnknownNameError
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.worlds import WORLDS

SEEDS_MAX = 1000


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the scorecard: a world of the registry with settings.

    id: name of the row (default: the world's). rung: its place on the evasion ladder, "" = none. looks: how often a
    replay looks at the growing window, 0 = no replay. knobs, evasions, population: as `range build` takes
    them. seeds: how many, default the plan's.
    """

    world: str
    id: str = ""
    rung: str = ""
    looks: int = 0
    seeds: int | None = None
    knobs: dict[str, float | int | bool | str] = {}
    evasions: list[str] = []
    population: list[str] = []

    @property
    def name(self) -> str:
        """The row's name."""
        return self.id or self.world

    def asked(self) -> dict[str, Any]:
        """What the row asks of its world beyond the defaults, for the record of the run."""
        lists = {"evasions": self.evasions, "population": self.population}
        return dict(self.knobs) | {k: v for k, v in lists.items() if v}


class Adapting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An operator that learns over `rounds` worlds of one archetype (see `range adapt`). knobs: of each round's world;
    seeds: how many operators, their seeds from the plan's first."""

    archetype: str
    rounds: int = 20
    seeds: int = 1
    knobs: dict[str, float | int | bool | str] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """registry: also run every world that has no row, with its defaults and `registry_seeds` seeds, except those
    under `without`.

    fdr: the nominal false discovery rate given to every detector. rates: account false positive rates. seeds run
    from seed_first. training: worlds that supervised baselines may learn from; they are built from corpora and
    seeds that no scored world uses. adaptive: operators that learn against ours.
    """

    title: str = "Scorecard"
    fdr: float = 0.01
    rates: tuple[float, ...] = (1e-3, 1e-4)
    seed_first: int = 0
    seeds: int = 2
    training_seed: int = 900_000
    registry: bool = True
    registry_seeds: int = 1
    without: list[str] = []
    undefended: str = ""
    world: list[Entry] = []
    training: list[Entry] = []
    adaptive: list[Adapting] = []
    sha256: str = ""

    def entries(self) -> list[Entry]:
        """Every row: those of the plan, then worlds of the registry without one."""
        used = {e.world for e in self.world} | set(self.without)
        rest = (
            [Entry(world=w.id, seeds=self.registry_seeds) for w in WORLDS if w.id not in used]
            if self.registry
            else []
        )
        return [*self.world, *rest]

    def seeds_of(self, entry: Entry | Adapting) -> range:
        """The seeds of one row or learning operator."""
        return range(self.seed_first, self.seed_first + (self.seeds if entry.seeds is None else entry.seeds))


def read_plan(path: Path) -> Plan:
    """Read and check a plan. Raises ConfigError or UnknownNameError with the place in the file."""
    try:
        data = path.read_bytes()
        plan = msgspec.convert(tomllib.loads(data.decode()), Plan)
    except OSError as error:
        raise ConfigError(
            f"cannot read the plan ({error.strerror})",
            where=str(path),
            hint="give a TOML plan, such as benchmarks/scorecard.toml",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("not valid TOML", where=str(path), hint=str(error)) from error
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at ")
        raise ConfigError(
            said, where=f"{path}:{place.strip('`') or '$'}", hint="see the plan in benchmarks/"
        ) from error
    _check(plan, str(path))
    return msgspec.structs.replace(plan, sha256=hashlib.sha256(data).hexdigest())


def _check(plan: Plan, path: str) -> None:
    known = [w.id for w in WORLDS]
    for table, entries in (("world", plan.world), ("training", plan.training)):
        for i, entry in enumerate(entries):
            if entry.world not in known:
                raise UnknownNameError("world", entry.world, known, where=f"{path}:$.{table}[{i}].world")
    archetypes = [a.id for a in ARCHETYPES]
    for i, learner in enumerate(plan.adaptive):
        if learner.archetype not in archetypes:
            where = f"{path}:$.adaptive[{i}].archetype"
            raise UnknownNameError("archetype", learner.archetype, archetypes, where=where)
    for i, name in enumerate(plan.without):
        if name not in known:
            raise UnknownNameError("world", name, known, where=f"{path}:$.without[{i}]")
    names = [e.name for e in plan.entries()]
    every: list[Entry | Adapting] = [*plan.entries(), *plan.adaptive]
    twice = next((n for n in names if names.count(n) > 1), None)
    wrong = (
        f"two rows are called '{twice}': give one an id"
        if twice is not None
        else f"fdr {plan.fdr:g} is not between 0 and 1"
        if not 0 < plan.fdr < 1
        else "a rate is not between 0 and 1"
        if not all(0 < r < 1 for r in plan.rates)
        else f"seeds must be between 1 and {SEEDS_MAX}"
        if plan.seeds < 1 or not all(1 <= len(plan.seeds_of(e)) <= SEEDS_MAX for e in every)
        else "an adaptive operator plays at least one round"
        if any(a.rounds < 1 for a in plan.adaptive)
        else "the seed of the training worlds is among the scored ones"
        if any(plan.training_seed in plan.seeds_of(e) for e in plan.entries())
        else f"no row is called '{plan.undefended}', which undefended names"
        if plan.undefended and plan.undefended not in names
        else "no row: name a world, or set registry = true"
        if not names
        else ""
    )
    if wrong:
        raise ConfigError(wrong, where=path, hint="see the plan in benchmarks/")
