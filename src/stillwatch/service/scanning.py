"""The main use case: scan API usage logs for extraction campaigns, and explain what was not raised."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch import __version__
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups, members_of
from stillwatch.campaigns.lone import lone_groups
from stillwatch.campaigns.membership import together
from stillwatch.campaigns.observation import Observation
from stillwatch.campaigns.relations import relations
from stillwatch.engine.local import Run, observe
from stillwatch.engine.samples import Sample, sample_texts
from stillwatch.engine.served import issued
from stillwatch.errors import CoverageError
from stillwatch.events.dataset import default_reference, open_dataset
from stillwatch.features import Keyring
from stillwatch.features.families import Family, tagged
from stillwatch.findings.assembly import Judged, activity, campaign, detail, iso, judge, look_alike, stands
from stillwatch.findings.health import health
from stillwatch.findings.result import (
    GroupDetail,
    InputSummary,
    RelatedCampaign,
    Scan,
    ScanDetail,
    ScanResult,
    Tool,
)
from stillwatch.findings.template import template
from stillwatch.policy.authorisations import Authorisations
from stillwatch.policy.harnesses import Harnesses
from stillwatch.policy.public_text import PublicText
from stillwatch.service.declared import declared
from stillwatch.service.settling import settled
from stillwatch.service.working import working_folder
from stillwatch.stats.multiplicity import bh_q_values
from stillwatch.telemetry import Progress, silent
from stillwatch.text import tokenize
from stillwatch.text.spans import spans

TEMPLATE_TEXTS = 200


def scan(
    paths: Sequence[Path],
    *,
    reference: Path | Sequence[Path] | None = None,
    authorisations: Path | None = None,
    harnesses: Path | None = None,
    public_text: Path | None = None,
    ledger: Path | None = None,
    fdr: float = 0.01,
    workers: int | None = None,
    secret: bytes | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    replay: str | None = None,
) -> Scan:
    """Find campaigns in `paths` against `reference` (default: PATH/reference, else the earlier part of the input).

    `ledger`: a kept ledger of what was served, beside the one made from the outputs of the input itself.
    `secret` keys every hash; without one a fixed public key is used, which is fine for a scan whose keys are
    dropped at its end (none leaves the process). Raises InputError, ConfigError, StorageError.
    """
    told = progress or silent
    with working_folder() as work:
        current = open_dataset(list(paths), work=work / "current", progress=told)
        if current.rows == 0:
            raise CoverageError(
                "no usable event", where=str(paths[0]), hint="run `stillwatch check` on the input"
            )
        if not current.coverage.get("messages"):
            raise CoverageError(
                "no event carries its prompt, and no campaign is raised without text",
                where=str(paths[0]),
                hint="add content.parquet or messages; `stillwatch check` says what else is missing",
            )
        before = _reference(paths, reference)
        earlier = open_dataset(before, work=work / "reference", progress=told) if before else None
        registry = Authorisations.load(authorisations) if authorisations else Authorisations()
        known = Harnesses.load(harnesses) if harnesses else Harnesses()
        secret = secret or b"stillwatch"
        public = _public_spans(public_text, Keyring.of(secret))
        periods = [current, earlier] if earlier else [current]
        served = issued(periods, work, secret, ledger, registry.customer_of, public, told)
        run = Run(
            current=current,
            reference=earlier,
            secret=secret,
            fdr=fdr,
            seed=seed,
            workers=workers or os.cpu_count() or 1,
            customer_of=registry.customer_of,
            known_harness=lambda agents: [m is not None for m in known.match(agents)],
            public_spans=public,
            spool_folder=work,
            issued=served,
            progress=told,
        )
        given = {
            "--reference": reference,
            "--authorisations": authorisations,
            "--harnesses": harnesses,
            "--public-text": public_text,
            "--ledger": ledger,
        }
        return _conclude(run, registry, replay or _replay(paths, given, fdr, seed))


def _reference(paths: Sequence[Path], given: Path | Sequence[Path] | None) -> list[Path]:
    """What was given, else PATH/reference of a single PATH, else nothing."""
    if given is not None:
        return [given] if isinstance(given, Path) else list(given)
    beside = default_reference(Path(paths[0])) if len(paths) == 1 else None
    return [beside] if beside else []


def _replay(paths: Sequence[Path], given: Mapping[str, object], fdr: float, seed: int) -> str:
    """The command that gives this scan again."""
    said = "".join(f" {name} {value}" for name, value in given.items() if value is not None)
    return f"stillwatch scan {' '.join(map(str, paths))}{said} --fdr {fdr:g} --seed {seed}"


def _conclude(run: Run, registry: Authorisations, replay: str) -> Scan:
    obs = observe(run)
    run.progress("judging groups", 0, None)
    found = groups(obs, run.fdr)
    found += lone_groups(obs, members_of(obs, [g for g in found if not g.wide]))
    q = bh_q_values(np.array([g.p_value for g in found])) if found else np.zeros(0)
    told = _told(found, obs, run.fdr)
    judged = [judge(found[i], declared(found[i], registry), float(q[i]), run.fdr) for i in told]
    judged = settled(_distinct(judged), registry, run.fdr)
    up = _standing(judged, run.fdr)
    raised = {j.id for j in up}
    samples = sample_texts(run.current, {j.id: j.group for j in judged}, TEMPLATE_TEXTS)
    related = _related(judged, run.fdr)
    details = [_detail(j, samples[j.id], replay) for j in judged]
    quiet = run.current.quarantine
    summary = InputSummary(
        events=run.current.rows,
        accounts=int((obs.volume[: obs.customers] > 0).sum()),
        first=iso(obs.window[0]),
        last=iso(obs.window[1]),
        coverage={k: round(v, 4) for k, v in run.current.coverage.items()},
    )
    result = ScanResult(
        tool=Tool(name="stillwatch", version=__version__),
        input=summary,
        fdr=run.fdr,
        campaigns=[campaign(j, run.fdr, related[j.id]) for j in up],
        look_alikes=[look_alike(j, run.fdr) for j in judged if j.id not in raised],
        health=health(obs, run.fdr, len(found), run.reference is None),
    )
    return Scan(
        result=result,
        detail=ScanDetail(
            groups=details,
            timeline=activity(obs),
            quarantine=list(quiet.places),
            quarantined=dict(quiet.counts),
        ),
        state_bytes=obs.state_bytes,
    )


def _related(judged: list[Judged], fdr: float) -> dict[str, list[RelatedCampaign]]:
    """Group id -> what it succeeds or shares a pool with; a successor names its predecessor, not the reverse."""
    out: dict[str, list[RelatedCampaign]] = {j.id: [] for j in judged}
    several = [j for j in judged if j.group.lone_p is None]
    for relation in relations([j.group for j in several], fdr):
        first, second = several[relation.earlier].id, several[relation.later].id
        out[second].append(RelatedCampaign(campaign=first, relation=relation.kind))
        if relation.kind == "shares-pool":
            out[first].append(RelatedCampaign(campaign=second, relation=relation.kind))
    return out


def _standing(judged: Sequence[Judged], fdr: float) -> list[Judged]:
    """What is raised together is one list of accounts: their q count all of it, and each group still stands with these. Of
    those that do not, the weakest is left out first: the others may stand without it."""
    up = [j for j in judged if stands(j, fdr)]
    while True:
        members = together([j.group for j in up], [j.members for j in up], fdr)
        told = [replace(j, members=m) for j, m in zip(up, members, strict=True)]
        fallen = [j for j in told if not stands(j, fdr)]
        if not fallen:
            return told
        weakest = max(fallen, key=lambda j: (j.q_value, j.id)).id
        up = [j for j in up if j.id != weakest]


def _told(found: Sequence[Group], obs: Observation, fdr: float) -> list[int]:
    """Which groups to judge: not those by means that are no finding at `fdr` (their common control shows in one way only),
    and no text group above it whose accounts all stand in groups by means that are."""
    within = members_of(obs, [g for g in found if g.by_means and not g.wide and g.p_value <= fdr])
    weak = [g.p_value > fdr and g.lone_p is None for g in found]
    part = [g.by_means or bool(within[g.customers].all()) for g in found]
    return [i for i in range(len(found)) if not (weak[i] and part[i])]


def _distinct(judged: list[Judged]) -> list[Judged]:
    first: dict[str, Judged] = {}
    for j in judged:
        first.setdefault(j.id, j)
    return list(first.values())


def _detail(judged: Judged, sample: Sample, replay: str) -> GroupDetail:
    return detail(judged, template(sample.texts, accounts_min=5), replay, sample.requests)


def _public_spans(path: Path | None, ring: Keyring) -> np.ndarray:
    def keyed(texts: Sequence[str]) -> list[np.ndarray]:
        values, ends = spans(tokenize(pa.array(list(texts), pa.large_string()), ring.token), 1 << 20)
        return [tagged(values[a:b], Family.LEXICAL) for a, b in itertools.pairwise(ends)]

    return PublicText.build(keyed, [path] if path else []).hashes
