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
from stillwatch.campaigns.burst import ACCOUNTS_MIN
from stillwatch.campaigns.group import Group
from stillwatch.campaigns.groups import groups, members_of
from stillwatch.campaigns.lone import lone_groups
from stillwatch.campaigns.membership import together
from stillwatch.campaigns.observation import Observation
from stillwatch.campaigns.relations import relations
from stillwatch.campaigns.tenants import without_bystanders
from stillwatch.engine.local import Run, observe
from stillwatch.engine.samples import Sample, sample_texts
from stillwatch.engine.served import issued
from stillwatch.errors import CoverageError
from stillwatch.events.dataset import default_reference, open_dataset
from stillwatch.features import Keyring
from stillwatch.features.families import Family, tagged
from stillwatch.findings.assembly import (
    Judged,
    activity,
    campaign,
    detail,
    iso,
    judge,
    look_alike,
    stands,
)
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
from stillwatch.service.working import working_folder
from stillwatch.stats.multiplicity import bh_q_values
from stillwatch.telemetry import Progress, silent
from stillwatch.text import tokenize
from stillwatch.text.spans import spans

DECLARED_BITS = 20.0
BEYOND_BITS, BEYOND_SHARE_MIN = 6.0, 0.5
COVERED_MIN = 0.8
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
    found += lone_groups(obs, members_of(obs, found))
    q = bh_q_values(np.array([g.p_value for g in found])) if found else np.zeros(0)
    told = _told(found, obs, run.fdr)
    judged = [judge(found[i], _declared(found[i], registry), float(q[i]), run.fdr) for i in told]
    judged = _settled(_distinct(judged), registry, run.fdr)
    up = _together([j for j in judged if stands(j, run.fdr)], run.fdr)
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


def _together(up: list[Judged], fdr: float) -> list[Judged]:
    """What is raised together is one list of accounts: their q count all of it."""
    members = together([j.group for j in up], [j.members for j in up], fdr)
    return [replace(j, members=m) for j, m in zip(up, members, strict=True)]


def _settled(judged: Sequence[Judged], registry: Authorisations, fdr: float) -> list[Judged]:
    """Groups with their bystanders apart, of which no account stands in two.

    A wide pool says who else belongs to a text group that is raised. It stands for those of its accounts that no text group
    is raised with, if they are raised by themselves as well, and for the groups by means and batches of a text in it. It stands
    for nothing if it is not raised, if no text group in it is, or if one is anything else, such as an application.
    """
    out = [part for j in judged if not j.group.wide for part in _with_bystanders_apart(j, registry, fdr)]
    for pool in (j for j in judged if j.group.wide):
        inside = {j.id: float(np.isin(j.group.customers, pool.group.customers).mean()) for j in out}
        worded = [j for j in out if inside[j.id] and stands(j, fdr) and not j.group.by_means]
        others = [j for j in out if inside[j.id] and j not in worded]
        if not worded or any(inside[j.id] < 1.0 or _something_else(j) for j in others):
            continue
        named = members_of(pool.group.obs, [j.group for j in worded])
        parts = _with_bystanders_apart(pool, registry, fdr)
        rest = [part for j in parts if (part := _without(j, named, registry, fdr)) is not None]
        if rest and stands(rest[0], fdr):
            out = rest + [j for j in out if j not in others]
    return sorted(out, key=lambda j: (-j.group.customers.size, int(j.group.customers[0])))


def _something_else(found: Judged) -> bool:
    """A text group that is led by what honest people do together; jobs alone are what a list looks like in part."""
    return not found.group.by_means and found.ranking[0].name not in (
        "extraction",
        "relay",
        "batch",
        "unknown",
    )


def _without(found: Judged, named: np.ndarray, registry: Authorisations, fdr: float) -> Judged | None:
    """The group judged without its customers `named` (bool[customers]); None where fewer than ACCOUNTS_MIN are left. What
    shows in the whole may be those: who is left must be dealt to evenly or in order by itself, and lead also where
    its content counts.
    """
    left = found.group.customers[~named[found.group.customers]]
    if left.size == found.group.customers.size:
        return found
    if left.size < ACCOUNTS_MIN:
        return None
    group = found.group.narrowed(left)
    told = found.overruled is not None
    if not (told or group.dealing.evenly or group.dealing.ordered):
        return None
    again = judge(group, _declared(group, registry), max(found.q_value, group.p_value), fdr)
    if group.chosen_by_content:
        open_ = replace(group, chosen_by_content=False)
        if not stands(judge(open_, _declared(group, registry), again.q_value, fdr), fdr):
            return None
    return replace(again, overruled=found.overruled)


def _with_bystanders_apart(found: Judged, registry: Authorisations, fdr: float) -> list[Judged]:
    """A raised group as campaign and bystanders, if it has such. Bystanders are a look-alike; the campaign is raised only
    if it leads and is significant with them and without."""
    parts = without_bystanders(found.group) if stands(found, fdr) else None
    if parts is None:
        return [found]
    kept, beside = (judge(g, _declared(g, registry), max(found.q_value, g.p_value), fdr) for g in parts)
    if not stands(kept, fdr):
        reason = (
            f"inconclusive: {beside.group.customers.size} of the accounts are not told from people of their own, and what "
            "the others do does not stand by itself"
        )
        return [replace(found, overruled=("unknown", reason))]
    reason = f"shares a pool with {kept.id}; not told from people with content of their own"
    return [kept, replace(beside, overruled=("reseller", reason))]


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


def _declared(group: Group, registry: Authorisations) -> dict[str, tuple[float, str]]:
    """Explanation -> (bits, sentence) from authorisations that cover the group's accounts."""
    names = [group.obs.accounts[i] for i in np.unique(group.events.account[group.linked])]
    ts = group.events.ts[group.linked]
    out: dict[str, tuple[float, str]] = {}
    for cover in registry.covering(names, iso(int(ts.min())), iso(int(ts.max())), _daily(group)):
        if cover.holds and cover.share >= COVERED_MIN:
            out[cover.kind] = (
                DECLARED_BITS,
                f"declared by {cover.customer}: covers {cover.share:.0%} of the accounts",
            )
        elif cover.left:
            said = ", ".join(left.said for left in cover.left)
            out[cover.kind] = (-2.0, f"declared by {cover.customer}, but outside its bounds: {said}")
            if cover.kind == "contracted" and cover.share >= BEYOND_SHARE_MIN:
                # The customer itself says that it distils; what is outside the bounds is nobody's batch job.
                out["extraction"] = (
                    BEYOND_BITS,
                    f"distillation declared by {cover.customer}, beyond it: {said}",
                )
                out["batch"] = (-BEYOND_BITS, f"{cover.customer} declares distillation, not a batch job")
    return out


def _daily(group: Group) -> dict[str, float]:
    """Account -> events a day, all of them, linked or not; a customer's are spread over its accounts."""
    pairs = np.unique(np.column_stack([group.events.customer, group.events.account])[group.linked], axis=0)
    owners, counts = np.unique(pairs[:, 0], return_counts=True)
    days = max(1.0, (group.obs.window[1] - group.obs.window[0]) / 86.4e9)
    share = dict(zip(owners.tolist(), (group.obs.volume[owners] / counts / days).tolist(), strict=True))
    return {group.obs.accounts[account]: share[customer] for customer, account in pairs.tolist()}


def _public_spans(path: Path | None, ring: Keyring) -> np.ndarray:
    def keyed(texts: Sequence[str]) -> list[np.ndarray]:
        values, ends = spans(tokenize(pa.array(list(texts), pa.large_string()), ring.token), 1 << 20)
        return [tagged(values[a:b], Family.LEXICAL) for a, b in itertools.pairwise(ends)]

    return PublicText.build(keyed, [path] if path else []).hashes
