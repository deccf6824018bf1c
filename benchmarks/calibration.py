"""Calibration without attackers: quiet weeks and the look-alike worlds, share with anything raised.

python -m benchmarks.calibration [WEEKS]
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.worlds import keep, trial
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 5000
LOOK_ALIKES = {"application": 5, "launch-day": 20}


def main(weeks: int) -> None:
    """Quiet weeks with 800 accounts; then the look-alike worlds at full size."""
    rows = []
    for name, count, knobs in (
        ("quiet", weeks, {"honest": 800}),
        *((n, c, {}) for n, c in LOOK_ALIKES.items()),
    ):
        done = [trial(name, SEED_FIRST + i, **knobs) for i in range(count)]
        raised = sum(d["campaigns_raised"] > 0 for d in done)
        low, high = clopper_pearson(raised, count)
        rows.append(
            {
                "world": name,
                "prompts": "real" if source else "grammar",
                "weeks": count,
                "weeks_with_a_campaign": raised,
                "share": raised / count,
                "clopper_pearson_95": [round(low, 4), round(high, 4)],
                "nominal": 0.01,
                "groups_named": sum(len(d["look_alikes_named"]) for d in done),
                "honest_accounts": sum(d["honest_accounts"] for d in done),
                "false_accounts": sum(d["false_accounts"] for d in done),
            }
        )
        print(rows[-1], flush=True)
    keep(
        "calibration",
        "python -m benchmarks.calibration",
        {"fdr": 0.01, "seed_first": SEED_FIRST, "rows": rows},
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
