"""Time to detection and harvest before it, by replay; and the error of looking again and again on quiet weeks.

    python -m benchmarks.timeliness [PROMPTS.parquet | -] [QUIET_WEEKS]

Each look spends an equal part of the false discovery rate (1 %) over all planned looks. A campaign counts as raised
at the first look after which half of its accounts active by then had been raised. Nothing can be found before the first
look, which of 8 in two days alone would be an eighth of the harvest; low and slow is looked at every three hours.

Accounts are named at the level of their look. Their smallest q is about 1 / (reference windows x accounts of the
campaign). An early look is short, and the reference holds many windows of its length (60 at most): 300 accounts can be
named. A look at all ten days has three such windows, and 1 / 900 is above the 1 / 2,000 that each of 20 looks may spend:
what was missed early is then not made up for. Nine windows allow 1 / 2,700, and so do the 5,380 accounts that the
published campaign of this tempo had.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.worlds import keep
from stillwatch.range import build_world, score_findings
from stillwatch.service.replaying import look_by_look, replay
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST = 417000
QUIET_WEEKS, QUIET_LOOKS = 40, 7
TEMPOS: dict[str, dict[str, Any]] = {
    "low and slow, 5,000 accounts x 6 a day": {"world": "low-and-slow", "looks": 16, "seeds": 5},
    "26 a day for 25 days, 100 accounts": {
        "world": "power", "looks": 25, "seeds": 2, "accounts": 100, "per_account": 667, "days": 25.0,
        "reference_ratio": 2.0, "honest": 1500,
    },
    "5.6 a day for 10 days, 300 accounts": {
        "world": "power", "looks": 20, "seeds": 10, "accounts": 300, "per_account": 56, "days": 10.0,
        "reference_ratio": 3.0, "honest": 2000,
    },
    "5.6 a day for 10 days, 5,380 accounts": {
        "world": "power", "looks": 20, "seeds": 5, "accounts": 5380, "per_account": 56, "days": 10.0,
        "reference_ratio": 3.0, "honest": 8000,
    },
    "5.6 a day for 10 days, 300 accounts, 90 days of reference": {
        "world": "power", "looks": 20, "seeds": 5, "accounts": 300, "per_account": 56, "days": 10.0,
        "reference_ratio": 9.0, "honest": 2000,
    },
    "26 a day for 25 days, half of it ordinary chat": {
        "world": "power", "looks": 25, "seeds": 2, "accounts": 100, "per_account": 667, "days": 25.0,
        "reference_ratio": 2.0, "honest": 1500, "attack_share": 0.5,
    },
}  # fmt: skip


def campaign(cell: dict[str, Any], seed: int, prompts: Path | None) -> dict[str, Any]:
    """One world replayed until its campaign has been raised, scored."""
    knobs = {k: v for k, v in cell.items() if k not in ("world", "looks", "seeds")}
    with tempfile.TemporaryDirectory() as folder:
        place = build_world(cell["world"], seed=seed, out=Path(folder) / "world", prompts=prompts, **knobs)
        guilty = set(msgspec.json.decode((place / "truth.json").read_bytes())["campaigns"][0]["accounts"])
        looks, raised = [], set()
        settings = {"authorisations": place / "authorisations.toml", "workers": 1}
        for look, _ in look_by_look([place], looks=cell["looks"], **settings):
            looks.append(msgspec.to_builtins(look))
            raised.update(*look.campaigns)
            if len(raised & guilty) >= 0.5 * len(guilty):
                break
        last = [{"accounts": [{"account_id": a} for a in c]} for c in looks[-1]["campaigns"]]
        file = Path(folder) / "findings.json"
        file.write_bytes(msgspec.json.encode({"campaigns": last, "replay": {"fdr": 0.01, "looks": looks}}))
        score = score_findings(place / "truth.json", file)
    outcome = score.outcomes[0]
    return {
        "seed": seed,
        "hours_to_detection": None
        if outcome.hours_to_detection is None
        else round(outcome.hours_to_detection, 2),
        "harvest_before_detection": round(outcome.harvest, 4),
        "harvest_at_the_look_before": round(outcome.harvest_from, 4),
        "false_accounts": len(raised - guilty),
    }


def tempo(name: str, prompts: Path | None) -> dict[str, Any]:
    """One tempo over its seeds."""
    cell = TEMPOS[name]
    done = [campaign(cell, SEED_FIRST + i, prompts) for i in range(cell["seeds"])]
    hours = [d["hours_to_detection"] for d in done]
    return {
        "case": name,
        "prompts": "real" if prompts else "grammar",
        "looks_planned": cell["looks"],
        "raised_within_2_days": sum(h is not None and h <= 48.0 for h in hours),
        "of": len(done),
        "hours_to_detection": [d["hours_to_detection"] for d in done],
        "harvest_before_detection": [d["harvest_before_detection"] for d in done],
        "harvest_at_the_look_before": [d["harvest_at_the_look_before"] for d in done],
        "false_accounts": sum(d["false_accounts"] for d in done),
    }


def quiet(weeks: int, prompts: Path | None) -> dict[str, Any]:
    """Quiet weeks looked at QUIET_LOOKS times each: weeks in which any look raised anything."""
    raised = looks_raised = 0
    for i in range(weeks):
        with tempfile.TemporaryDirectory() as folder:
            place = build_world(
                "quiet", seed=SEED_FIRST + i, out=Path(folder) / "world", prompts=prompts, honest=800
            )
            settings = {"authorisations": place / "authorisations.toml", "workers": 1}
            result, _ = replay([place], looks=QUIET_LOOKS, **settings)
        held = sum(bool(look.campaigns) for look in result.replay.looks)
        raised, looks_raised = raised + (held > 0), looks_raised + held
    return {
        "world": "quiet",
        "prompts": "real" if prompts else "grammar",
        "weeks": weeks,
        "looks_a_week": QUIET_LOOKS,
        "weeks_with_a_campaign_at_any_look": raised,
        "clopper_pearson_95": [round(x, 4) for x in clopper_pearson(raised, weeks)],
        "looks_that_raised": looks_raised,
        "nominal_over_all_looks": 0.01,
    }


def main(prompts: Path | None, weeks: int) -> None:
    """Every tempo, on the grammar and on real prompts where given; then the quiet weeks."""
    sources = [None, prompts] if prompts else [None]
    rows: list[dict[str, Any]] = []
    calm: list[dict[str, Any]] = []
    for source in sources:
        for name in TEMPOS:
            rows.append(tempo(name, source))
            write(rows, calm, weeks)
        calm.append(quiet(weeks if source is None else max(1, weeks // 4), source))
        write(rows, calm, weeks)


def write(rows: list[dict[str, Any]], calm: list[dict[str, Any]], weeks: int) -> None:
    """Write what is there: a run that is cut off leaves the rows it finished."""
    given = "PROMPTS.parquet" if any(r["prompts"] == "real" for r in rows) else "-"
    command = f"python -m benchmarks.timeliness {given} {weeks}"
    keep("timeliness", command, {"fdr": 0.01, "seed_first": SEED_FIRST, "rows": rows, "quiet": calm})
    print(calm[-1] if calm else rows[-1], flush=True)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] != "-" else None,
        int(sys.argv[2]) if len(sys.argv) > 2 else QUIET_WEEKS,
    )
