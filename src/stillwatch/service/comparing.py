"""Comparing a suspect model with ours: write the plan first, then judge what was collected under it."""

from __future__ import annotations

import datetime as dt
import random
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from stillwatch import __version__
from stillwatch.comparison.collected import weighed
from stillwatch.comparison.judging import decoded, judge
from stillwatch.comparison.panel import Member
from stillwatch.comparison.plan import Plan, sealed, statistics, warnings
from stillwatch.comparison.result import ModelComparison
from stillwatch.errors import ConfigError, UnreadableInputError, UsageError
from stillwatch.outputs import read_outputs
from stillwatch.outputs.endpoint import QUERIES_PER_PROMPT, Endpoint, read_endpoints
from stillwatch.outputs.reading import read_prompts
from stillwatch.outputs.samples import joined, samples_of
from stillwatch.service.collecting import Collected
from stillwatch.service.plans import plan_in


def plan_comparison(
    *, prompts: Path, panel: Path, suspect: str, owner: str, alpha: float = 0.05, sample: int | None = None,
    seed: int = 0, endpoints: Path | None = None, now: dt.datetime | None = None,
) -> tuple[Plan, list[str]]:  # fmt: skip
    """A sealed plan and what it can never show. `sample` prompts are drawn with `seed`; all without it.

    Raises ConfigError (panel file, endpoints), UsageError (no model of ours in it, the suspect in it), UnreadableInputError.
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
    asked = _endpoints(endpoints, {suspect, *names}, len(texts)) if endpoints else {}
    moment = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
    plan = sealed(
        Plan(
            version=__version__, written=moment, suspect=suspect, owner=owner, teachers=teachers,
            panel=sorted(members, key=lambda m: m.model), prompts=texts, statistics=statistics(), alpha=alpha,
            endpoints=asked,
        )
    )  # fmt: skip
    return plan, warnings(plan)


def read_plan(path: Path) -> Plan:
    """The plan in a file, its hash not yet checked. Raises ConfigError."""
    return plan_in(path, decoded, kind="a plan", command="stillwatch compare plan")


def compare_model(
    plan: Path, outputs: Sequence[Path], suspect_outputs: Sequence[Path] = (), *, run: Path | None = None,
    collected: Sequence[Collected] = (),
) -> ModelComparison:  # fmt: skip
    """Judge collected outputs under `plan`. `suspect_outputs` hold the suspect's rows, named or not; `collected`: what
    the plan's endpoints gave, kept in the folder `run`.

    Raises ConfigError (not a plan), UnreadableInputError, CoverageError.
    """
    told = read_plan(plan)
    asked = {c.told.model for c in collected}
    files, more = [*outputs, *suspect_outputs], []
    samples = read_outputs(files, model=told.suspect) if files or not collected else samples_of([])
    if twice := sorted(asked & set(samples.models)):
        more.append(f"outputs of {', '.join(twice)} in files are not used: the plan asks their endpoints")
        samples = samples.only(set(samples.models) - asked, samples.prompts)
    if unasked := sorted(set(told.endpoints) - asked):
        more.append(f"outputs of {', '.join(unasked)} were not asked for as planned, but read from files")
    for one in collected:
        rows = samples_of((one.told.model, prompt, output) for prompt, output in one.answers)
        samples = joined(samples, rows, (one.told.file, one.told.sha256))
    words = ["stillwatch", "compare", "model", str(plan), *_options("--outputs", outputs)]
    words += _options("--suspect-outputs", suspect_outputs)
    words += ["--run", str(run), "--offline"] if run is not None and collected else []
    found = judge(told, samples, version=__version__, replay=shlex.join(words))
    return weighed(found, told, samples, [c.told for c in collected], more)


def _endpoints(path: Path, models: set[str], prompts: int) -> dict[str, Endpoint]:
    """The endpoints of a file, every budget stated."""
    found = read_endpoints(path)
    if unknown := sorted(set(found) - models):
        raise ConfigError(
            f"'{unknown[0]}' is neither the suspect nor in the panel",
            where=str(path),
            hint="name tables as models",
        )
    return {
        name: e
        if e.queries_max is not None
        else msgspec.structs.replace(e, queries_max=QUERIES_PER_PROMPT * prompts)
        for name, e in found.items()
    }


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
            hint=f"{error}; a JSON list of model, owner, derived_from, teacher, why",
        ) from error
