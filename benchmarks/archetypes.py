"""Every archetype in fresh seeds, on every rung of the evasion ladder that it can climb, and at other lengths of time.

    python -m benchmarks.archetypes [--seeds 20] [--ladder-seeds 3] [--size-seeds 2] [--prompts PROMPTS.parquet]
        [--only CASE ...] [--minutes M] [--jobs 1]

An archetype is raised in a seed when every campaign of its truth is: half of its accounts or more in campaigns.
`bought` has no traffic: raised means that `compare dataset` calls its dataset strong, with rows of another seed, none
of them ours, as controls. Account recall is the share of the campaigns' accounts that a raised campaign names with
q <= 1 %. Cells already done stand in a file beside the result and are not done again, so a run can be stopped (or
stop itself after M minutes, and say what it has) and gone on with; the file goes when the last cell is done.
With real prompts (a result of their own) people and lists draw from one corpus, popular prompts included.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.finished import measured
from benchmarks.worlds import RESULTS, keep
from stillwatch.errors import UsageError
from stillwatch.range import build_world, score_findings
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.service.ledgers import build
from stillwatch.service.scanning import scan
from stillwatch.service.tracing import trace_dataset
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST, LADDER_SEED_FIRST, SIZE_SEED_FIRST = 444000, 445000, 446000
CONTROLS_APART = 500_000
"""How far the seeds of the innocent rows lie from those of the datasets."""
FDR = 0.01
LADDER = tuple(a.id for a in ARCHETYPES if a.id != "bought")
"""All that have traffic of their own."""
RUNGS = tuple(f"L{i}" for i in range(10))
SIZED_RUNGS = ("", "L2", "L3", "L6", "L8")
SIZES: dict[str, dict[str, float]] = {"3 days": {"days": 3.0}, "14 days": {"days": 14.0}}
"""What an archetype is run at besides its own settings: requests a day stay, so that totals grow with the days."""
SECRET = b"the key of a benchmark, no secret"
Cell = dict[str, Any]
Case = tuple[str, str, str]
"""(archetype, rung, size); rung '' is the archetype as it is, size '' its own settings."""


def cell(case: str, seed: int, prompts: Path | None = None) -> Cell:
    """One world built, scanned and compared with its truth; `fits` is False where the rung cannot be carried out.

    Args:
        case: ARCHETYPE[/RUNG][@SIZE].
    """
    started = time.process_time()
    kind, _, size = case.partition("@")
    archetype, _, rung = kind.partition("/")
    return _cell(archetype, rung, size, seed, prompts) | {"cpu_s": time.process_time() - started}


def written(case: Case) -> str:
    """The case as `cell` reads it."""
    archetype, rung, size = case
    return archetype + (f"/{rung}" if rung else "") + (f"@{size}" if size else "")


def _cell(archetype: str, rung: str, size: str, seed: int, prompts: Path | None) -> Cell:
    head = {"archetype": archetype, "rung": rung, "size": size, "seed": seed}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "world"
        try:
            build_world(
                archetype,
                seed=seed,
                out=place,
                evasions=[rung] if rung else [],
                settings=SIZES.get(size),
                prompts=prompts,
            )
        except UsageError:
            return head | {"fits": False}
        if archetype == "bought":
            return head | _traced(place, Path(folder), seed)
        return head | _scanned(place, Path(folder))


def _scanned(place: Path, folder: Path) -> Cell:
    found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    file = folder / "findings.json"
    file.write_bytes(msgspec.json.encode(found))
    score = score_findings(place / "truth.json", file)
    truth = json.loads((place / "truth.json").read_text())["campaigns"]
    guilty = {account for campaign in truth for account in campaign["accounts"]}
    certain = {a.account_id for c in found.campaigns for a in c.accounts if a.q_value <= FDR}
    return {
        "fits": True,
        "raised": score.campaigns_found == score.campaigns,
        "accounts": len(guilty),
        "accounts_at_fdr": len(guilty & certain),
        "false_accounts": score.false_accounts,
        "honest_accounts": score.honest_accounts,
        "false_campaigns": score.false_campaigns,
        "explained": sorted({c.explanation for c in found.campaigns}),
    }


def _traced(place: Path, folder: Path, seed: int) -> Cell:
    kept = folder / "kept"
    build(kept, [place, place / "reference"], SECRET)
    other = build_world("bought", seed=seed + CONTROLS_APART, out=folder / "other", our_share=0.0)
    found = trace_dataset(place / "suspect.jsonl", kept, SECRET, controls=other / "suspect.jsonl")
    ours = json.loads((place / "truth.json").read_text())["suspect"]["ours"]
    served = {o["account"] for o in ours}
    listed = {a.account for a in found.accounts if a.listed}
    return {
        "fits": True,
        "raised": found.verdict == "strong",
        "accounts": len(served),
        "accounts_at_fdr": len(served & listed),
        "false_accounts": len(listed - served),
        "honest_accounts": found.ledger_accounts - len(served),
        "false_campaigns": 0,
        "explained": [found.verdict],
    }


def row(cells: Sequence[Cell]) -> Cell:
    """The cells of one archetype, rung and size together."""
    head = {"archetype": cells[0]["archetype"], "rung": cells[0]["rung"] or "as it is"}
    head |= {"size": cells[0]["size"]} if cells[0]["size"] else {}
    head |= {"seeds": len(cells)}
    if not cells[0]["fits"]:
        return head | {"raised": "the rung cannot be carried out"}
    raised = sum(c["raised"] for c in cells)
    total = {name: sum(c[name] for c in cells) for name in ("accounts", "accounts_at_fdr", "false_accounts")}
    recall = [c["accounts_at_fdr"] / c["accounts"] for c in cells]
    return head | {
        "raised": raised,
        "raised_clopper_pearson_95": [round(x, 3) for x in clopper_pearson(raised, len(cells))],
        "account_recall_mean": round(sum(recall) / len(recall), 4),
        "account_recall_min": round(min(recall), 4),
        **total,
        "honest_accounts": sum(c["honest_accounts"] for c in cells),
        "false_campaigns": sum(c["false_campaigns"] for c in cells),
        "explained": sorted({name for c in cells for name in c["explained"]}),
    }


def plan(seeds: int, ladder_seeds: int, size_seeds: int) -> list[tuple[Case, int]]:
    """(case, seed) of every cell, seed by seed."""
    cells = [(i, (a.id, "", ""), SEED_FIRST + i) for a in ARCHETYPES for i in range(seeds)]
    cells += [
        (i, (a, r, ""), LADDER_SEED_FIRST + i) for a in LADDER for r in RUNGS for i in range(ladder_seeds)
    ]
    cells += [
        (i, (a, r, size), SIZE_SEED_FIRST + i)
        for a in LADDER
        for size in SIZES
        for r in SIZED_RUNGS
        for i in range(size_seeds)
    ]
    return [(case, seed) for _, case, seed in sorted(cells, key=lambda c: c[0])]


def main(
    seeds: int,
    ladder_seeds: int,
    size_seeds: int,
    prompts: Path | None,
    only: Sequence[str],
    minutes: float,
    jobs: int,
) -> None:
    """Every cell not yet done, one line each; the result is kept when no archetype was left out."""
    name = "archetypes-real" if prompts else "archetypes"
    beside = RESULTS / f"{name}.unfinished.jsonl"
    wanted = [
        (case, seed) for case, seed in plan(seeds, ladder_seeds, size_seeds) if not only or case[0] in only
    ]
    cells = [(written(case), seed) for case, seed in wanted]
    known: dict[tuple[str, int], Cell] = {}
    for at, result in measured(cells, functools.partial(cell, prompts=prompts), beside, jobs, minutes):
        known[at] = result
        print(json.dumps(result), flush=True)
    groups: dict[Case, list[Cell]] = {}
    for (case, _), at in zip(wanted, cells, strict=True):
        if at in known:
            groups.setdefault(case, []).append(known[at])
    rows = [row(groups[case]) for case in dict.fromkeys(c for c, _ in plan(1, 1, 1)) if case in groups]
    if only:
        print(json.dumps(rows, indent=1))
        return
    body = {
        "prompts": "real" if prompts else "grammar",
        "fdr": FDR,
        "seed_first": SEED_FIRST,
        "ladder_seed_first": LADDER_SEED_FIRST,
        "size_seed_first": SIZE_SEED_FIRST,
        "complete": len(known) == len(cells),
        "cpu_s_a_cell": round(sum(c["cpu_s"] for c in known.values()) / len(known), 1) if known else None,
        "archetypes": [r for r in rows if r["rung"] == "as it is" and "size" not in r],
        "ladder": [r for r in rows if r["rung"] != "as it is" and "size" not in r],
        "sizes": [r for r in rows if "size" in r],
    }
    keep(
        name,
        f"python -m benchmarks.archetypes --seeds {seeds} --ladder-seeds {ladder_seeds} --size-seeds {size_seeds}"
        + (" --prompts PROMPTS.parquet" if prompts else ""),
        body,
    )
    if body["complete"]:
        beside.unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--ladder-seeds", type=int, default=3)
    parser.add_argument("--size-seeds", type=int, default=2)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--only", nargs="*", default=[], choices=[a.id for a in ARCHETYPES], metavar="CASE")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args()
    main(
        given.seeds,
        given.ladder_seeds,
        given.size_seeds,
        given.prompts,
        given.only,
        given.minutes,
        given.jobs,
    )
