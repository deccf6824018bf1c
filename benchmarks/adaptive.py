"""What an operator that learns pays: `range adapt` over seeds, against the same operator whom nobody watches.

    python -m benchmarks.adaptive [--seeds 3] [--rounds 16] [--archetype hydra]

A round is all or nothing (either the whole pool is found or none of it), so runs of different seeds often agree.

The multiplier of a run is the cost of a retained example so far, bans and what was tried in vain included, over that
of the cheapest arm with nobody watching. `steady` is that of an arm played for ever at the share of bans it met here:
each round pays its accounts again as often as they are banned. Its smallest value says what an operator that knew
the best arm beforehand would pay, so far as the few rounds an arm was played can tell.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from benchmarks.steady import ONCE, usd_per_example
from benchmarks.worlds import keep
from stillwatch.range.adapting import adapt
from stillwatch.range.cost import prices

SEED_FIRST = 123000


def arms(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each arm over all runs: rounds played, share of its accounts banned, and its steady cost per example."""
    price, out = prices(), []
    for name in dict.fromkeys(r["evasions"] for run in runs for r in run["rounds"]):
        played = [r for run in runs for r in run["rounds"] if r["evasions"] == name]
        accounts, banned = (sum(r[key] for r in played) for key in ("accounts", "banned"))
        lost = banned / accounts
        running = played[-1]["items_usd"]
        bought: dict[str, float] = next((r["items_usd"] for r in played if "accounts" in r["items_usd"]), {})
        items = running | {name: bought.get(name, 0.0) for name in ONCE}
        retained = max(r["retained_examples"] for r in played)
        each = usd_per_example(items, played[0]["accounts"], retained, lost, price)
        out.append(
            {
                "arm": name,
                "rounds": len(played),
                "banned_share": round(lost, 4),
                "steady_usd_per_example": round(each, 6),
            }
        )
    return out


def main(seeds: int, rounds: int, archetype: str) -> None:
    """Every run, one line each, then the arms."""
    runs = []
    for i in range(seeds):
        runs.append(adapt(archetype, rounds=rounds, seed=SEED_FIRST + i, price=prices()))
        print(json.dumps({"seed": runs[-1]["seed"], "multiplier": runs[-1]["cost_multiplier"]}), flush=True)
    table = arms(runs)
    calm = min(run["rounds"][-1]["undefended"]["usd_per_retained_example"] for run in runs)
    for row in table:
        row["steady_multiplier"] = round(row["steady_usd_per_example"] / calm, 2)
    body = {
        "archetype": archetype,
        "seed_first": SEED_FIRST,
        "rounds": rounds,
        "undefended_usd_per_example": calm,
        "multiplier_least": min(run["cost_multiplier"] for run in runs),
        "false_accounts": sum(r["false_accounts"] for run in runs for r in run["rounds"]),
        "runs": [
            {
                "seed": run["seed"],
                "multiplier": run["cost_multiplier"],
                "banned": " ".join(str(r["banned"]) for r in run["rounds"]),
            }
            for run in runs
        ],
        "arms": table,
    }
    command = f"python -m benchmarks.adaptive --seeds {seeds} --rounds {rounds} --archetype {archetype}"
    keep("adaptive", command, body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--archetype", default="hydra")
    given = parser.parse_args()
    main(given.seeds, given.rounds, given.archetype)
