"""Low and slow: thousands of accounts, six questions a day each; judged on the first two days."""

from __future__ import annotations

from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    plan = hydra(
        accounts=int(knobs["accounts"]),
        per_account=round(float(knobs["per_day"]) * scene.clock.days),
        networks=400,
        archetype="hydra-harvest-low-and-slow",
    )
    attack(scene, plan)


LOW_AND_SLOW = World(
    id="low-and-slow",
    title="5,000 accounts at six a day",
    models="the published tempo of about six exchanges an account a day behind a proxy pool, seen for two days",
    numbers="300,000 exchanges over 5,380 accounts in ten days, 5.6 an account a day (Anthropic, September 2026): 5,000 "
    "accounts at six, the first two of the days; 4,000 items, so each is asked 15 times in other words, never twice in "
    "an account",
    cannot_show="accounts that also carry much organic traffic (see `power` with attack_share)",
    knobs={"honest": 10_000, "per_week": 6.0, "accounts": 5000, "per_day": 6.0, "days": 2.0},
    compose=_compose,
)
