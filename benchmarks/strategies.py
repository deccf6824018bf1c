"""What every strategy pays that is played for ever: rungs of the ladder, and how the requests are dealt out.

    python -m benchmarks.strategies [--seeds 20] [--archetype hydra] [--size small|published]
        [--prompts PROMPTS.parquet]

`benchmarks.adaptive` lets an operator find its way; here it knows beforehand which combination it wants. Each one is
built with fresh seeds among 300 honest people (small: `range.adapting.WORLD`, two days, 40 accounts, ten requests each;
published: SIZES) and looked at as `range adapt` does; the accounts raised are banned and bought again, those of a plan
that replaces them anyway. The multiplier is the cost of a retained example over 16 rounds, first accounts included, over that of the cheapest combination with nobody watching; `steady` leaves the first
accounts out of the former. `multiplier_low`: at the lower end of the interval of the share of rounds in which anything
is banned (95 %, Clopper-Pearson).
Combinations whose accounts send in turns are the ladder's; `at random` gives each request to any account, `by weights`
to any by log-normal chances (standard deviation 1), `on schedules` has each account take the next item at one interval, from a
moment of its own; none of the three costs an operator anything. `by conversation` makes each
item a conversation of four exchanges on average and deals these in turns, `conversations at random` to any account,
`conversations by weights` by the same chances.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.worlds import keep
from stillwatch.range.adapting import settings_of
from stillwatch.range.archetypes import ARCHETYPES
from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.cost import prices
from stillwatch.range.costing import evaded
from stillwatch.range.defending import LOOKS, play, scanner
from stillwatch.range.evasions import evasions as ladder
from stillwatch.range.steady import Loss, Steady, steady
from stillwatch.stats.interval import clopper_pearson

SEED_FIRST, ROUNDS = 433000, 16
BALANCERS: Mapping[str, Mapping[str, Setting]] = {
    "in turns": {},
    "at random": {"random_balancer": True},
    "by weights": {"uneven": 1.0},
    "on schedules": {"scheduled": True},
    "by conversation": {"exchanges": 4.0},
    "conversations at random": {"exchanges": 4.0, "random_balancer": True},
    "conversations by weights": {"exchanges": 4.0, "uneven": 1.0},
}
SIZES: Mapping[str, Mapping[str, Setting]] = {
    "small": {},
    "published": {"accounts": 120, "per_day": 26.0, "honest": 600},
}
"""published: 26 exchanges an account a day (Anthropic, June 2026) and as many payers as 120 accounts have."""
PLACES = {"small": 0, "published": 10_000}
"""Where the seeds of each size begin, after SEED_FIRST."""
ARMS: tuple[tuple[str, ...], ...] = (
    ("L1-round-robin",),
    ("L2-grammar",),
    ("L3-paraphrase",),
    *(("L3-paraphrase", f"L4-mixing:{share}") for share in (0.5, 0.7, 0.8, 0.9)),
    ("L2-grammar", "L4-mixing:0.8"),
    ("L2-grammar", "L6-churn"),
    ("L2-grammar", "L7-sharding:10"),
    ("L3-paraphrase", "L7-sharding:10"),
    ("L2-grammar", "L8-translation:8"),
    ("L2-grammar", "L9-clean"),
    ("L3-paraphrase", "L9-clean"),
)


def settings(archetype: str, how: Mapping[str, Setting]) -> dict[str, Setting]:
    """Knobs of the world: those of `range adapt`, and how the requests are dealt."""
    return settings_of(_known(archetype), how)


def costs(archetype: str, arm: Sequence[str], knobs: Mapping[str, Setting]) -> Steady:
    """What a round costs."""
    days = float(knobs["days"])
    plans = [evaded(plan, ladder(arm)) for plan in _known(archetype).plans(knobs, days)]
    return steady(plans, days, prices())


def _known(name: str) -> Archetype:
    return next(one for one in ARCHETYPES if one.id == name)


def trial(
    archetype: str, arm: Sequence[str], knobs: Mapping[str, Setting], seed: int, prompts: Path | None = None
) -> tuple[Loss, int]:
    """(what one round lost, honest accounts raised). Of the accounts bought a balancer that deals at random may use fewer."""
    ran = play(archetype, arm, seed, knobs, scanner(LOOKS), LOOKS, prompts)
    bought = costs(archetype, arm, knobs).accounts
    return Loss(ran.banned / bought, ran.sent, ran.kept), ran.false_accounts


def main(seeds: int, archetype: str, size: str, prompts: Path | None) -> None:
    """A line and a row for each combination."""
    calm = min(
        costs(archetype, arm, settings(archetype, SIZES[size])).usd_per_example(Loss(), prices(), ROUNDS)
        for arm in ARMS
    )
    first = SEED_FIRST + PLACES[size]
    rows: list[dict[str, Any]] = []
    for place, (arm, (dealt, how)) in enumerate((a, b) for a in ARMS for b in BALANCERS.items()):
        knobs = settings(archetype, {**SIZES[size], **how})
        cost = costs(archetype, arm, knobs)
        done = [trial(archetype, arm, knobs, first + 100 * place + i, prompts) for i in range(seeds)]
        banned = [loss for loss, _ in done if loss.banned]
        each, found = Loss.mean(banned), len(banned)
        loss = Loss.mean([one for one, _ in done])
        low, high = clopper_pearson(found, seeds)
        usd = [
            cost.usd_per_example(each.at(rate), prices(), rounds)
            for rate, rounds in ((found / seeds, ROUNDS), (low, ROUNDS), (found / seeds, float("inf")))
        ]
        rows.append(
            {
                "arm": " + ".join(arm),
                "dealt": dealt,
                "seeds": seeds,
                "rounds_with_bans": found,
                "clopper_pearson_95": [round(low, 4), round(high, 4)],
                "banned_share": round(loss.banned, 4),
                "kept_share": round(loss.kept, 4),
                "honest_accounts_raised": sum(wrong for _, wrong in done),
                "multiplier": round(usd[0] / calm, 2),
                "multiplier_low": round(usd[1] / calm, 2),
                "steady": round(usd[2] / calm, 2),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    ladder_rows = [row for row in rows if row["dealt"] == "in turns"]
    body = {
        "archetype": archetype,
        "prompts": "real" if prompts else "grammar",
        "size": dict(SIZES[size]),
        "seed_first": first,
        "undefended_usd_per_example": round(calm, 6),
        "least_on_the_ladder": min(ladder_rows, key=lambda row: row["multiplier"]),
        "least": min(rows, key=lambda row: row["multiplier"]),
        "rows": rows,
    }
    name = ("strategies" if size == "small" else f"strategies_{size}") + ("-real" if prompts else "")
    command = f"python -m benchmarks.strategies --seeds {seeds} --archetype {archetype} --size {size}" + (
        " --prompts PROMPTS.parquet" if prompts else ""
    )
    keep(name, command, body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--archetype", default="hydra")
    parser.add_argument("--size", default="small", choices=list(SIZES))
    parser.add_argument("--prompts", type=Path)
    given = parser.parse_args()
    main(given.seeds, given.archetype, given.size, given.prompts)
