"""Comparing a suspect model with ours: write the plan first, then judge what was collected under it."""

from __future__ import annotations

import datetime as dt
import random
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from stillwatch import __version__
from stillwatch.comparison.judging import decoded, judge
from stillwatch.comparison.panel import Member
from stillwatch.comparison.plan import Plan, sealed, statistics, warnings
from stillwatch.comparison.result import ModelComparison
from stillwatch.errors import ConfigError, UnreadableInputError, UsageError
from stillwatch.outputs import read_outputs
from stillwatch.outputs.reading import read_prompts


def plan_comparison(
    *, prompts: Path, panel: Path, suspect: str, owner: str, alpha: float = 0.05, sample: int | None = None,
    seed: int = 0, now: dt.datetime | None = None,
) -> tuple[Plan, list[str]]:  # fmt: skip
    """A sealed plan and what it can never show. `sample` prompts are drawn with `seed`; all without it.

    Raises ConfigError (panel file), UsageError (no model of ours in it, the suspect in it), UnreadableInputError.
    """
    members = _members(panel)
    names = [m.model for m in members]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise ConfigError(f"model '{twice}' is listed twice", where=str(panel), hint="list every model once")
    teachers = sorted(m.model for m in members if m.owner == owner and m.teacher)
    if not teachers:
        raise UsageError(
            f"no model of '{owner}' with \"teacher\": true",
            where=str(panel),
            hint="list our own models as well",
        )
    if suspect in names:
        raise UsageError(
            f"the suspect '{suspect}' is in the panel", where=str(panel), hint="a suspect is no control"
        )
    texts = sorted(set(read_prompts(prompts)))
    if sample is not None and sample < len(texts):
        texts = sorted(random.Random(seed).sample(texts, sample))
    moment = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
    plan = sealed(
        Plan(
            version=__version__, written=moment, suspect=suspect, owner=owner, teachers=teachers,
            panel=sorted(members, key=lambda m: m.model), prompts=texts, statistics=statistics(), alpha=alpha,
        )
    )  # fmt: skip
    return plan, warnings(plan)


def compare_model(
    plan: Path, outputs: Sequence[Path], suspect_outputs: Sequence[Path] = ()
) -> ModelComparison:
    """Judge collected outputs under `plan`. `suspect_outputs` hold the suspect's rows, named or not.

    Raises ConfigError (not a plan), UnreadableInputError, CoverageError.
    """
    try:
        told = decoded(plan.read_bytes())
    except OSError as error:
        raise ConfigError(
            f"cannot read the plan ({error.strerror})",
            where=str(plan),
            hint="write one: stillwatch compare plan",
        ) from error
    except msgspec.DecodeError as error:
        raise ConfigError(
            "not a plan", where=str(plan), hint=f"{_safe(error)}; write one: stillwatch compare plan"
        ) from error
    samples = read_outputs([*outputs, *suspect_outputs], model=told.suspect)
    words = ["stillwatch", "compare", "model", str(plan), *_options("--outputs", outputs)]
    words += _options("--suspect-outputs", suspect_outputs)
    return judge(told, samples, version=__version__, replay=shlex.join(words))


def _options(name: str, paths: Iterable[Path]) -> list[str]:
    return [word for path in paths for word in (name, str(path))]


def _members(panel: Path) -> list[Member]:
    try:
        return msgspec.json.decode(panel.read_bytes(), type=list[Member])
    except OSError as error:
        raise UnreadableInputError(
            f"cannot read the panel ({error.strerror})", where=str(panel), hint="check --panel"
        ) from error
    except msgspec.DecodeError as error:
        raise ConfigError(
            "not a panel",
            where=str(panel),
            hint=f"{_safe(error)}; a JSON list of model, owner, derived_from, teacher, why",
        ) from error


def _safe(error: Exception) -> str:
    """The decoder's message names types and places, never values of the file."""
    return str(error)
