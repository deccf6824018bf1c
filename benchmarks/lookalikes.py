"""The release gate: every look-alike world scanned over seeds; what is raised, and how the rest is explained.

    python -m benchmarks.lookalikes [--seeds 5] [--harder 5] [--prompts PROMPTS.parquet] [--cases CASE ...]
                                    [--looks 1] [--jobs 1] [--minutes M]

A world without an attacker passes when nothing is raised in any seed. With several looks it passes when no look of a
replay raises anything (each at an equal part of the rate): what is honest has to be told from little as well. The share of seeds with anything raised
has a 95 % Clopper-Pearson interval: 0 of 5 still allows 52 %, 0 of 200 allows 1.8 %. Seeds are taken in
turn over the cases, and finished ones are kept beside the result until all are done: a run that was stopped, or that
stopped itself after M minutes with what it had, goes on.
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
from benchmarks.worlds import RESULTS, keep
from stillwatch.findings.result import Scan
from stillwatch.range import build_world
from stillwatch.service.replaying import look_by_look
from stillwatch.service.scanning import scan
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 437000
LOOKS_SEED_FIRST = 413000
CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        name: (name, {})
        for name in (
            *("evaluation", "judge-in-ci", "batch-fleet", "application", "aggregator", "red-team-study"),
            *(
                "contracted",
                "classroom",
                "localisation",
                "grey-resale",
                "two-regions",
                "launch-day",
                "drift-week",
            ),
        )
    },
    "evaluation, three laboratories": ("evaluation", {"laboratories": 3}),
    "evaluation, 1,319 items": ("evaluation", {"laboratories": 6, "items": 1319}),
    "batch-fleet, eight cards in one sitting": ("batch-fleet", {"cards": 8}),
    "application, in the user's turn": ("application", {"wrapped": True}),
    "application, in the user's turn, no sittings": ("application", {"wrapped": True, "sitting": 1.0}),
    "application, in the user's turn, in conversations": ("application", {"wrapped": True, "exchanges": 4.0}),
    "application, in the user's turn, in conversations, no sittings": (
        "application",
        {"wrapped": True, "exchanges": 4.0, "sitting": 1.0},
    ),
    "application, a desk whose tickets go to anybody": (
        "application",
        {"wrapped": True, "exchanges": 4.0, "desk": True, "accounts": 120, "per_week": 50.0},
    ),
    "application, in the user's turn, a job every six hours": (
        "application",
        {"wrapped": True, "every_h": 6.0, "accounts": 150},
    ),
    "application, in the user's turn, a job every hour": (
        "application",
        {"wrapped": True, "every_h": 1.0, "accounts": 60},
    ),
    "application, in the user's turn, beside companies": (
        "application",
        {"wrapped": True, "companies_share": 0.3},
    ),
    "grey-resale, no sticky account, beside companies": (
        "grey-resale",
        {"sticky_share": 0.0, "companies_share": 0.3},
    ),
    "localisation, one language, beside companies": (
        "localisation",
        {"languages": 1, "companies_share": 0.3},
    ),
    "drift-week, no sittings": ("drift-week", {"sitting": 1.0}),
    "drift-week, two in five change to a new client": ("drift-week", {"updating_share": 0.4}),
    "grey-resale, no sticky account, no sittings": ("grey-resale", {"sticky_share": 0.0, "sitting": 1.0}),
    "aggregator, not declared": ("aggregator", {"declared": False}),
    "red-team-study, declared": ("red-team-study", {"declared": True}),
    "contracted, all accounts listed": ("contracted", {"listed_share": 1.0}),
    "localisation, one language": ("localisation", {"languages": 1}),
    "grey-resale, no sticky account": ("grey-resale", {"sticky_share": 0.0}),
    "grey-resale, every account sticky": ("grey-resale", {"sticky_share": 1.0}),
    "rationed, the company alone": ("rationed", {"accounts": 0}),
    "rationed, the company alone at two an hour": ("rationed", {"accounts": 0, "limit": 2}),
    "two-regions, one organisation": ("two-regions", {"same_organisation": True}),
    "two-regions, three cost centres": ("two-regions", {"payers": 3}),
    "contracted-beyond, volume": ("contracted-beyond", {}),
    "contracted-beyond, date": ("contracted-beyond", {"volume_used": 0.7, "expires_day": 3}),
    "poisoned-reference, no decoys": ("poisoned-reference", {"decoys": 0}),
    "poisoned-reference, 75 decoys": ("poisoned-reference", {}),
    "poisoned-reference, 20 decoys": ("poisoned-reference", {"decoys": 20}),
}
"""case -> world and settings: every look-alike, its harder variants, and the worlds where it hides an attack."""
PLAIN = [case for case, (world, _) in CELLS.items() if case == world]
"""The look-alikes as their own files state them."""
Groups = dict[str, set[str]]


def _truth(place: Path) -> tuple[Groups, set[str]]:
    """(accounts of each kind of look-alike, accounts of the campaigns)."""
    known = json.loads((place / "truth.json").read_text())
    kinds: Groups = {}
    for entry in known["look_alikes"]:
        kinds.setdefault(entry["kind"], set()).update(entry["accounts"])
    return kinds, set().union(*(set(c["accounts"]) for c in known["campaigns"]))


def _kind(accounts: set[str], kinds: Groups, guilty: set[str]) -> str:
    """Which truth most of the accounts belong to; `other` for the honest background."""
    held = {"campaign": len(accounts & guilty)} | {k: len(accounts & v) for k, v in kinds.items()}
    best = max(held, key=lambda k: held[k])
    return best if held[best] * 2 >= len(accounts) else "other"


def _looked_at(place: Path, looks: int) -> tuple[Scan, list[tuple[set[str], str]]]:
    """(the scan of the whole week, accounts and explanation of what was raised; of earlier looks which look it was)."""
    known = place / "authorisations.toml"
    if looks == 1:
        found = scan([place], authorisations=known, workers=1)
        return found, [({a.account_id for a in c.accounts}, c.explanation) for c in found.result.campaigns]
    last: Scan | None = None
    raised: list[tuple[set[str], str]] = []
    for number, (look, taken) in enumerate(
        look_by_look([place], looks=looks, authorisations=known, workers=1), 1
    ):
        raised += [(set(accounts), f"at look {number}") for accounts in look.campaigns]
        last = taken or last
    assert last is not None
    return last, raised


def trial(case: str, seed: int, prompts: Path | None = None, looks: int = 1) -> dict[str, Any]:
    """One seed: campaigns raised and groups explained, each with the truth behind most of its accounts."""
    started = time.process_time()
    world, knobs = CELLS[case]
    with tempfile.TemporaryDirectory() as folder:
        place = build_world(world, seed=seed, out=Path(folder) / "world", prompts=prompts, **knobs)
        kinds, guilty = _truth(place)
        whole, raised = _looked_at(place, looks)
    found = whole.result
    everyone: set[str] = set().union(*(accounts for accounts, _ in raised))
    alike: set[str] = set().union(*kinds.values())
    return {
        "cpu_s": time.process_time() - started,
        "events": found.input.events,
        "accounts": found.input.accounts,
        "false_campaigns": sum(_kind(accounts, kinds, guilty) != "campaign" for accounts, _ in raised),
        "look_alike_accounts": len(alike),
        "look_alike_accounts_raised": len((alike - guilty) & everyone),
        "other_accounts_raised": len(everyone - alike - guilty),
        "campaign_accounts": len(guilty),
        "campaign_accounts_raised": len(guilty & everyone),
        "raised": [f"{_kind(accounts, kinds, guilty)}: {how}" for accounts, how in raised],
        "explained": [f"{_kind(set(x.accounts), kinds, guilty)}: {x.explanation}" for x in found.look_alikes],
        "reasons": [x.reason for x in found.look_alikes],
    }


def row(case: str, done: list[dict[str, Any]], prompts: Path | None) -> dict[str, Any]:
    """One case over its seeds. raised and explained read `what it is: what the scan says (groups)`."""
    seeds = len(done)
    wrong = sum(d["false_campaigns"] > 0 for d in done)
    out: dict[str, Any] = {
        "case": case,
        "prompts": "real" if prompts else "grammar",
        "seeds": seeds,
        "seeds_with_a_false_campaign": wrong,
        "clopper_pearson_95": [round(x, 4) for x in clopper_pearson(wrong, seeds)],
    }
    for name in ("look_alike_accounts", "look_alike_accounts_raised", "other_accounts_raised"):
        out[name] = sum(d[name] for d in done)
    for name in ("raised", "explained"):
        counted = Counter(x for d in done for x in d[name])
        out[name] = [f"{what} (x{count})" for what, count in sorted(counted.items())]
    out["seeds_silent"] = sum(not d["raised"] and not d["explained"] for d in done)
    guilty = sum(d["campaign_accounts"] for d in done)
    out["campaign_account_recall"] = (
        round(sum(d["campaign_accounts_raised"] for d in done) / guilty, 4) if guilty else None
    )
    out["events_mean"] = round(sum(d["events"] for d in done) / seeds)
    out["cpu_s_a_seed"] = round(sum(d["cpu_s"] for d in done) / seeds, 1)
    return out


def main(
    seeds: int, harder: int, prompts: Path | None, cases: list[str], looks: int, jobs: int, minutes: float
) -> None:
    """Every case, one line each; the result is kept when no case was left out."""
    name = "lookalikes" + ("-looks" if looks > 1 else "") + ("-real" if prompts else "")
    counts = {case: seeds if case in PLAIN else harder for case in cases or CELLS}
    first = SEED_FIRST if looks == 1 else LOOKS_SEED_FIRST
    turns = [(case, first + i) for i in range(max(seeds, harder)) for case in counts if i < counts[case]]
    beside = RESULTS / f"{name}.unfinished.jsonl"
    done: dict[str, dict[int, dict[str, Any]]] = {case: {} for case in counts}
    one = functools.partial(trial, prompts=prompts, looks=looks)
    for (case, seed), result in measured(turns, one, beside, jobs, minutes):
        done[case][seed] = result
        if result["false_campaigns"] or len(done[case]) == counts[case]:
            print(json.dumps(row(case, [done[case][s] for s in sorted(done[case])], prompts)), flush=True)
    whole = sum(map(len, done.values())) == len(turns)
    if not cases:
        command = f"python -m benchmarks.lookalikes --seeds {seeds} --harder {harder}"
        command += f" --looks {looks}" if looks > 1 else ""
        command += " --prompts PROMPTS.parquet" if prompts else ""
        settings = {case: knobs for case, (_, knobs) in CELLS.items() if knobs}
        rows = [
            row(case, [found[s] for s in sorted(found)], prompts) for case, found in done.items() if found
        ]
        head = {"fdr": 0.01, "seed_first": first} | ({"looks": looks} if looks > 1 else {})
        body = {**head, "complete": whole, "settings": settings, "rows": rows}
        keep(name, command, body)
    if whole:
        beside.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="seeds of each look-alike")
    parser.add_argument("--harder", type=int, default=5, help="seeds of each harder or mixed case")
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--cases", nargs="*", default=[], choices=list(CELLS), metavar="CASE")
    parser.add_argument("--looks", type=int, default=1, help="looks at each week")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    given = parser.parse_args()
    main(given.seeds, given.harder, given.prompts, given.cases, given.looks, given.jobs, given.minutes)
