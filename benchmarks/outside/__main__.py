"""Campaigns and honest customers of a generator whose authors had not read the range, the detectors or their decisions.

    python -m benchmarks.outside [--seeds 2] [--only NAME ...] [--prompts PROMPTS.parquet] [--jobs 1] [--minutes M]

What is built with the detector in mind flatters it, so this town is not: its crowd, networks, money, clients, texts and
customers were written from the domain alone, and nobody has changed them for what a scan said. What the first author's
showed was mended in the detectors (decision 0074), and then what the second's did (0079); the third wrote later still.
A campaign's world is the crowd, the campaign and BESIDE groups of honest customers drawn by the seed; an honest group's
world is the crowd and the group.
A campaign is raised in a seed when raised campaigns list half of its accounts. `recall`: its accounts that they name with
q <= 1 %, over all that it has (which a campaign of some forty accounts cannot reach in so small a town, however clear it is: its
reference is too small); `wrong`: accounts named so that are in no campaign. An honest group is raised when any campaign is.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.finished import measured
from benchmarks.made_by import RESULTS
from benchmarks.outside.businesses import BUSINESSES
from benchmarks.outside.businesses.second import SECOND as SECOND_BUSINESSES
from benchmarks.outside.businesses.third import THIRD as THIRD_BUSINESSES
from benchmarks.outside.calls import Group
from benchmarks.outside.campaigns import CAMPAIGNS, Scenario
from benchmarks.outside.campaigns.second import SECOND as SECOND_CAMPAIGNS
from benchmarks.outside.campaigns.third import THIRD as THIRD_CAMPAIGNS
from benchmarks.outside.draws import Draws
from benchmarks.outside.worlds import build
from benchmarks.worlds import keep
from stillwatch.service.scanning import scan
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 450000
CROWD, BESIDE, FDR = 1200, 3, 0.01
AUTHORS = {
    "first": (CAMPAIGNS, BUSINESSES),
    "second": (SECOND_CAMPAIGNS, SECOND_BUSINESSES),
    "third": (THIRD_CAMPAIGNS, THIRD_BUSINESSES),
}
HARVESTS = CAMPAIGNS | SECOND_CAMPAIGNS | THIRD_CAMPAIGNS
HONEST = BUSINESSES | SECOND_BUSINESSES | THIRD_BUSINESSES
EVERY = [name for campaigns, honest in AUTHORS.values() for name in (*campaigns, *honest)]


def trial(name: str, seed: int, prompts: Path | None = None, crowd: int = CROWD) -> dict[str, Any]:
    """One world built and scanned, compared with who its groups are."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        place, groups = build(
            Path(folder) / "world",
            seed,
            _makes(name, seed),
            world=name,
            accounts=crowd,
            prompts=_asked(prompts),
        )
        truth = json.loads((place / "truth.json").read_text())
        result = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    named = {a.account_id for c in result.campaigns for a in c.accounts if a.q_value <= FDR}
    guilty = {account for c in truth["campaigns"] for account in c["accounts"]}
    mine = guilty or {account for x in truth["look_alikes"] for account in x["accounts"]} or _own(groups)
    return {
        "events": result.input.events,
        "accounts": len(mine),
        "listed": len({a.account_id for c in result.campaigns for a in c.accounts} & mine),
        "named": len(named & mine),
        "wrong": len(named - guilty),
        "raised": sorted(f"{c.explanation}, {len(c.accounts)}" for c in result.campaigns),
        "explained": sorted(x.explanation for x in result.look_alikes if mine & set(x.accounts)),
        "cpu_s": round(time.process_time() - started, 1),
    }


def _makes(name: str, seed: int) -> list[Scenario]:
    """Of the group that is asked about first, and beside a campaign of honest ones that the seed draws."""
    if name in HONEST:
        return [HONEST[name]]
    beside = Draws(seed, "beside").dice.sample(sorted(BUSINESSES), BESIDE)
    return [HARVESTS[name], *(BUSINESSES[b] for b in beside)]


def _own(groups: list[Group]) -> set[str]:
    return {account.id for account in groups[0].accounts}


@functools.cache
def _asked(prompts: Path | None) -> tuple[str, ...] | None:
    """What people ask in a corpus of real prompts; None for the town's own words."""
    if prompts is None:
        return None
    import polars as pl

    table = pl.read_parquet(prompts)
    return tuple(table.filter(pl.col("kind") == "chat")["prompt"])


def row(name: str, done: list[dict[str, Any]]) -> dict[str, Any]:
    """One group over its seeds."""
    campaign = name in HARVESTS
    author = next(who for who, (campaigns, honest) in AUTHORS.items() if name in campaigns | honest)
    hit = [d["listed"] >= d["accounts"] / 2 if campaign else bool(d["raised"]) for d in done]
    out: dict[str, Any] = {"group": name, "is": "campaign" if campaign else "honest", "author": author}
    out["seeds"] = len(done)
    out |= {"raised_in": sum(hit), "accounts": sum(d["accounts"] for d in done)}
    out["recall"] = round(sum(d["named"] for d in done) / out["accounts"], 3) if campaign else None
    out["wrong"] = sum(d["wrong"] for d in done)
    found = Counter(x for d in done for x in d["explained"])
    out["explained"] = [f"{what} (x{count})" for what, count in sorted(found.items())]
    return out


def _whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Campaigns and honest groups of each author over all seeds, with 95 % Clopper-Pearson intervals."""
    out = []
    for author in AUTHORS:
        for kind in ("campaign", "honest"):
            some = [r for r in rows if r["is"] == kind and r["author"] == author]
            hit, seeds = sum(r["raised_in"] for r in some), sum(r["seeds"] for r in some)
            if seeds:
                interval = [round(x, 3) for x in clopper_pearson(hit, seeds)]
                counts = {"groups": len(some), "worlds": seeds, "raised": hit, "clopper_pearson_95": interval}
                out.append({"author": author, "is": kind, **counts, "wrong": sum(r["wrong"] for r in some)})
    return out


def main(seeds: int, only: list[str], prompts: Path | None, jobs: int, minutes: float) -> None:
    """Every group over its seeds; the result is kept when none was left out."""
    names = only or EVERY
    result = "outside" + ("-real" if prompts else "")
    beside = RESULTS / f"{result}.unfinished.jsonl"
    turns = [(name, SEED_FIRST + i) for i in range(seeds) for name in names]
    done: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in names}
    for (name, seed), found in measured(
        turns, functools.partial(trial, prompts=prompts), beside, jobs, minutes
    ):
        done[name][seed] = found
        print(json.dumps({"group": name, "seed": seed} | found), flush=True)
    rows = [row(name, [found[s] for s in sorted(found)]) for name, found in done.items() if found]
    whole = sum(map(len, done.values())) == len(turns)
    if not only:
        command = f"python -m benchmarks.outside --seeds {seeds}" + (
            " --prompts PROMPTS.parquet" if prompts else ""
        )
        head = {"fdr": FDR, "seed_first": SEED_FIRST, "crowd": CROWD, "complete": whole}
        keep(result, command, {**head, "totals": _whole(rows), "rows": rows})
    if whole:
        beside.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], choices=EVERY, metavar="NAME")
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    given = parser.parse_args()
    main(given.seeds, given.only, given.prompts, given.jobs, given.minutes)
