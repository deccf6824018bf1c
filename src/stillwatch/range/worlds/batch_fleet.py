"""The batch look-alike: a company's nightly job, and a franchise whose branches each pay for themselves."""

from __future__ import annotations

from stillwatch.range.honest.fleet import company, franchise
from stillwatch.range.honest.mix import honest_mix
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World, positive


def _compose(scene: Scene) -> None:
    knobs = scene.knobs
    positive(scene, "accounts", "branches", "per_night")
    honest_mix(scene, int(knobs["honest"]), float(knobs["per_week"]))
    company(scene, int(knobs["accounts"]), int(knobs["per_night"]))
    franchise(scene, int(knobs["branches"]), int(knobs["per_night"]), int(knobs["cards"]))


BATCH_FLEET = World(
    id="batch-fleet",
    title="A nightly job and a franchise with one template",
    models="a company that deals its rows out evenly over its service accounts, and a franchise whose "
    "head office sends one template to branches with their own account, payer and network; both "
    "start in the current week",
    resembles="one template in the user's turn, one client, one set of parameters, even volumes, a split "
    "list that never repeats, recent sign-ups; the franchise has no common payer and no common "
    "network",
    differs="the company is one organisation and payer; each branch writes about its own place and goods; "
    "all of it runs between one and three at night; nothing is asked that a student model learns "
    "from; cards=8 has its head office open the accounts in one sitting and pay with eight cards",
    numbers="8 rows a night and account are an order of magnitude below the public campaigns' 26 to 857 a "
    "day, as light as the lightest; numbers of branches are our assumption",
    cannot_show="a franchise whose branches are declared; jobs whose rows are themselves prompts",
    knobs={"honest": 1500, "per_week": 6.0, "accounts": 60, "branches": 140, "per_night": 8, "cards": 0},
    compose=_compose,
    scales=("honest", "accounts", "branches"),
)
