"""Calibration without attackers: quiet weeks and the look-alike worlds, share with anything raised.

    python -m benchmarks.calibration [WEEKS] [PROMPTS.parquet]

With a prompt file the same worlds are measured on real prompts as well.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.worlds import keep, trial
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 154000
LOOK_ALIKES = {"application": 5, "launch-day": 20}
QUIET = {"honest": 800}


def row(world: str, count: int, prompts: Path | None, knobs: dict[str, Any]) -> dict[str, Any]:
    """One world over `count` seeds."""
    done = [trial(world, SEED_FIRST + i, prompts, **knobs) for i in range(count)]
    raised = sum(d["campaigns_raised"] > 0 for d in done)
    return {
        "world": world,
        "prompts": "real" if prompts else "grammar",
        "weeks": count,
        "weeks_with_a_campaign": raised,
        "share": raised / count,
        "clopper_pearson_95": [round(x, 4) for x in clopper_pearson(raised, count)],
        "nominal": 0.01,
        "groups_named": sum(len(d["look_alikes_named"]) for d in done),
        "honest_accounts": sum(d["honest_accounts"] for d in done),
        "false_accounts": sum(d["false_accounts"] for d in done),
    }


def main(weeks: int, prompts: Path | None = None) -> None:
    """Quiet weeks with 800 accounts (400 or more, so that an interval of none raised lies under 1 %); then the look-alike worlds at full size."""
    cells: list[tuple[str, int, Path | None, dict[str, Any]]] = [("quiet", weeks, None, QUIET)]
    cells += [(name, count, None, {}) for name, count in LOOK_ALIKES.items()]
    if prompts:
        cells.append(("quiet", max(1, weeks // 4), prompts, QUIET))
        cells += [(name, count, prompts, {}) for name, count in LOOK_ALIKES.items()]
    rows = []
    for cell in cells:
        rows.append(row(*cell))
        print(rows[-1], flush=True)
    command = f"python -m benchmarks.calibration {weeks} PROMPTS.parquet"
    keep("calibration", command, {"fdr": 0.01, "seed_first": SEED_FIRST, "rows": rows})


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 400,
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
