"""What an operator that learns pays: `range adapt` over seeds, against the same operator whom nobody watches.

    python -m benchmarks.adaptive [--seeds 3] [--rounds 16] [--archetypes hydra tasks reasoning]
        [--prompts PROMPTS.parquet]

The multiplier of a run is the cost of a retained example so far, bans and what was tried in vain included, over that
of the cheapest arm with nobody watching. `steady` is that of an arm played for ever: each round pays its accounts again as
often as they are banned, and keeps and sends what it did on average. `steady_least` says what an operator that knew the
best arm beforehand would pay, so far as the few rounds an arm was played can tell. `multiplier_if_perfect`: against a
detector that is told the truth at its first look.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.worlds import keep
from stillwatch.range.adapting import adapt, shortlist
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.cost import prices
from stillwatch.range.defending import LOOKS
from stillwatch.range.steady import Loss

SEED_FIRST = 356000


def arms(archetype: str, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each arm over all runs: rounds played, share of its accounts banned and of its harvest kept, and its steady cost
    per example."""
    price, rounds = prices(), len(runs[0]["rounds"])
    known = next(one for one in ARCHETYPES if one.id == archetype)
    costs = {arm.name: arm.cost for arm in shortlist(known, runs[0]["world"], price, rounds)}
    out = []
    for name in dict.fromkeys(r["evasions"] for run in runs for r in run["rounds"]):
        played = [r for run in runs for r in run["rounds"] if r["evasions"] == name]
        cost = costs[name]
        loss = Loss.mean(
            [Loss(r["banned"] / cost.accounts, r["sent_share"], r["kept_share"]) for r in played]
        )
        each = cost.usd_per_example(loss, price)
        out.append(
            {
                "arm": name,
                "rounds": len(played),
                "banned_share": round(loss.banned, 4),
                "kept_share": round(loss.kept, 4),
                "steady_usd_per_example": round(each, 6),
            }
        )
    return out


def perfect(world: Path) -> frozenset[str]:
    """Every account of the operator and nobody else, from the truth."""
    truth = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    return frozenset(account for campaign in truth["campaigns"] for account in campaign["accounts"])


Rows = list[dict[str, Any]]


def measure(
    archetype: str, seeds: int, rounds: int, prompts: Path | None
) -> tuple[dict[str, Any], Rows, Rows]:
    """(summary, runs, arms) of one archetype."""
    runs = []
    for i in range(seeds):
        runs.append(adapt(archetype, rounds=rounds, seed=SEED_FIRST + i, price=prices(), prompts=prompts))
        print(json.dumps({"archetype": archetype, "multiplier": runs[-1]["cost_multiplier"]}), flush=True)
    most = adapt(archetype, rounds=rounds, seed=SEED_FIRST, price=prices(), detector=perfect, prompts=prompts)
    calm = min(run["rounds"][-1]["undefended"]["usd_per_retained_example"] for run in runs)
    summary = {
        "archetype": archetype,
        "undefended_usd_per_example": calm,
        "multiplier_least": min(run["cost_multiplier"] for run in runs),
        "multiplier_if_perfect": most["cost_multiplier"],
        "false_accounts": sum(r["false_accounts"] for run in runs for r in run["rounds"]),
    }
    each = [
        {
            "archetype": archetype,
            "seed": run["seed"],
            "multiplier": run["cost_multiplier"],
            "banned": " ".join(str(r["banned"]) for r in run["rounds"]),
            "harvest_kept": " ".join(f"{r['kept_share']:.2f}" for r in run["rounds"]),
        }
        for run in runs
    ]
    table = arms(archetype, runs)
    for row in table:
        row["steady_multiplier"] = round(row["steady_usd_per_example"] / calm, 2)
    summary["steady_least"] = min(row["steady_multiplier"] for row in table)
    return summary, each, [{"archetype": archetype} | row for row in table]


def main(seeds: int, rounds: int, archetypes: Sequence[str], prompts: Path | None) -> None:
    """Every archetype: a summary, every run, and the arms."""
    done = [measure(archetype, seeds, rounds, prompts) for archetype in archetypes]
    body = {
        "prompts": "real" if prompts else "grammar",
        "seed_first": SEED_FIRST,
        "rounds": rounds,
        "looks_a_round": LOOKS,
        "multiplier_least": min(summary["multiplier_least"] for summary, _, _ in done),
        "archetypes": [summary for summary, _, _ in done],
        "runs": [row for _, each, _ in done for row in each],
        "arms": [row for _, _, table in done for row in table],
    }
    names = " ".join(archetypes)
    keep(
        "adaptive-real" if prompts else "adaptive",
        f"python -m benchmarks.adaptive --seeds {seeds} --rounds {rounds} --archetypes {names}"
        + (" --prompts PROMPTS.parquet" if prompts else ""),
        body,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--archetypes", nargs="+", default=["hydra", "tasks", "reasoning"])
    parser.add_argument("--prompts", type=Path)
    given = parser.parse_args()
    main(given.seeds, given.rounds, given.archetypes, given.prompts)
