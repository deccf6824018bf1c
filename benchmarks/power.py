"""Power on real prompts: account recall over seeds for the grid of the spine, at 1 % FDR.

python -m benchmarks.power PROMPTS.parquet [SEEDS]
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.worlds import keep, trial

GRID = {
    "grammar of 1,000, 10 of 10": {"world": "power", "attack_share": 1.0},
    "grammar of 1,000, 5 of 10": {"world": "power", "attack_share": 0.5},
    "grammar of 1,000, 2 of 10": {"world": "power", "attack_share": 0.2},
    "fixed template, 1 query an account": {"world": "power", "variants": 1, "per_account": 1},
    "low and slow, 5,000 accounts x 6 a day, 2 days": {"world": "low-and-slow"},
    "fixed template, 300 accounts": {"world": "fixed-template"},
}
SEED_FIRST = 159000


def main(prompts: Path | None, seeds: int) -> None:
    """Every cell over `seeds` seeds, one line each."""
    rows = []
    for name, cell in GRID.items():
        knobs = {k: v for k, v in cell.items() if k != "world"}
        count = 1 if cell["world"] == "low-and-slow" else seeds
        done = [trial(cell["world"], SEED_FIRST + i, prompts, **knobs) for i in range(count)]
        recalls = sorted(d["account_recall"] for d in done)
        rows.append(
            {
                "case": name,
                "seeds": count,
                "account_recall_mean": round(sum(recalls) / count, 4),
                "account_recall_min": round(recalls[0], 4),
                "campaign_recall": sum(d["campaigns_found"] for d in done)
                / sum(d["campaigns"] for d in done),
                "false_accounts": sum(d["false_accounts"] for d in done),
                "honest_accounts": sum(d["honest_accounts"] for d in done),
                "members_at_fdr_share": round(
                    sum(d["members_at_fdr"] for d in done) / max(1, sum(d["raised_accounts"] for d in done)),
                    4,
                ),
            }
        )
        print(rows[-1], flush=True)
    source = "real prompts" if prompts else "built-in grammar"
    keep(
        "power" if prompts else "power-grammar",
        "python -m benchmarks.power PROMPTS.parquet",
        {"prompts": source, "rows": rows},
    )


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] != "-" else None,
        int(sys.argv[2]) if len(sys.argv) > 2 else 5,
    )
