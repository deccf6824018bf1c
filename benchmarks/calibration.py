"""Calibration without attackers: quiet weeks and the look-alike worlds, share with anything raised.

    python -m benchmarks.calibration [WEEKS] [PROMPTS.parquet]

With a prompt file the same worlds are measured on real prompts as well. `heavy customers made new`: a twentieth as many
quiet weeks, in which two honest customers with 256 events or more, drawn by the seed, have lost their past: new and heavy,
which is what a lone account is tested for (campaigns.lone).
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.worlds import keep, trial
from stillwatch.campaigns.lone import EVENTS_MIN
from stillwatch.range import build_world
from stillwatch.service.scanning import scan
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 418000
LOOK_ALIKES = {"application": 5, "launch-day": 20}
QUIET = {"honest": 800}
HEAVY: dict[str, Any] = {"honest": 600, "per_week": 120.0}
MADE_NEW = 2
"""Of quiet weeks in which some customers send hundreds of requests, how many customers lose their past."""


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


def made_new(seed: int, prompts: Path | None) -> tuple[int, int]:
    """(accounts whose past was taken out, of those raised) of one quiet week."""
    with tempfile.TemporaryDirectory() as folder:
        place = build_world("quiet", seed=seed, out=Path(folder) / "world", prompts=prompts, **HEAVY)
        now = pq.read_table(place / "events.parquet", columns=["account_id"])
        counts = Counter(now["account_id"].to_pylist())
        heavy = sorted(name for name, count in counts.items() if count >= EVENTS_MIN)
        chosen = random.Random(seed).sample(heavy, min(MADE_NEW, len(heavy)))
        past = pq.read_table(place / "reference" / "events.parquet")
        lost = pc.is_in(past["account_id"], pa.array(chosen, past["account_id"].type))
        pq.write_table(past.filter(pc.invert(lost)), place / "reference" / "events.parquet")
        found = scan([place], authorisations=place / "authorisations.toml", workers=1).result
    raised = {account.account_id for campaign in found.campaigns for account in campaign.accounts}
    return len(chosen), len(raised.intersection(chosen))


def new_row(count: int, prompts: Path | None) -> dict[str, Any]:
    """Heavy customers made new, over `count` seeds."""
    done = [made_new(SEED_FIRST + i, prompts) for i in range(count)]
    tested, raised = (sum(each) for each in zip(*done, strict=True))
    return {
        "world": "quiet, heavy customers made new",
        "prompts": "real" if prompts else "grammar",
        "weeks": count,
        "customers_made_new": tested,
        "of_these_raised": raised,
        "clopper_pearson_95": [round(x, 4) for x in clopper_pearson(raised, tested)],
    }


def main(weeks: int, prompts: Path | None = None) -> None:
    """Quiet weeks with 800 accounts (400 or more, so that an interval of none raised lies under 1 %); then the look-alike
    worlds at full size, and heavy customers made new."""
    cells: list[tuple[str, int, Path | None, dict[str, Any]]] = [("quiet", weeks, None, QUIET)]
    cells += [(name, count, None, {}) for name, count in LOOK_ALIKES.items()]
    if prompts:
        cells.append(("quiet", max(1, weeks // 4), prompts, QUIET))
        cells += [(name, count, prompts, {}) for name, count in LOOK_ALIKES.items()]
    rows = []
    for cell in cells:
        rows.append(row(*cell))
        print(rows[-1], flush=True)
    for source in (None, prompts) if prompts else (None,):
        rows.append(new_row(max(1, weeks // 20), source))
        print(rows[-1], flush=True)
    command = f"python -m benchmarks.calibration {weeks} PROMPTS.parquet"
    keep("calibration", command, {"fdr": 0.01, "seed_first": SEED_FIRST, "rows": rows})


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 400,
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
