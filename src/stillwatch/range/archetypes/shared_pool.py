"""Shared pool: one broker's accounts and proxies carry students, lab A and lab B at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stillwatch.range.archetypes.archetype import Archetype, Setting
from stillwatch.range.archetypes.pace import requests
from stillwatch.range.attackers.plan import Plan, Pool, Work
from stillwatch.range.attackers.pools import open_accounts
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.people import within
from stillwatch.range.scene import LookAlike, Scene

BROKER = Plan(name="broker", archetype="shared-pool", accounts=1, per_account=1, pool=Pool(networks=30))
LABS = {"lab A": "solve", "lab B": "grade"}


def _broker(scene: Scene) -> None:
    """Open every account in one go, deal them out at random, and let the students write.

    Evasions that change how accounts are got (L9) hold for the broker too.
    """
    knobs, rng, plan = scene.knobs, scene.rng("broker"), BROKER
    for evasion in scene.evasions:
        plan = evasion.apply(plan)
    each, students = int(knobs["accounts"]), int(knobs["students"])
    begins = np.zeros(len(LABS) * each + students)
    numbers = rng.permutation(open_accounts(scene, rng, plan, begins.size, begins))
    for place, lab in enumerate(LABS):
        scene.pools[lab] = numbers[place * each : (place + 1) * each]
    own = numbers[len(LABS) * each :]
    writer = own.repeat(rng.poisson(float(knobs["per_day"]) * scene.clock.days, own.size))
    at_s = within(scene, rng, writer.size)
    said = scene.texts.ask("chat", writer)
    scene.blocks.append(single_turn(writer, at_s, said, scene.answers(rng, writer.size)))
    scene.look_alikes.append(LookAlike("resale", own, "students"))


def _plans(knobs: Mapping[str, Setting], days: float) -> tuple[Plan, ...]:
    return tuple(
        Plan(
            name=lab,
            archetype="shared-pool",
            accounts=int(knobs["accounts"]),
            per_account=requests(knobs, days),
            work=Work(act=act),
            pool=Pool(name=lab),
        )
        for lab, act in LABS.items()
    )


SHARED_POOL = Archetype(
    id="shared-pool",
    title="One pool, three tenants",
    models="accounts opened together, paid together and behind the same proxies: a part writes as students do, a part "
    "harvests for lab A, a part has lab B's answers graded; truth names two campaigns and one look-alike",
    cannot_show="an account that works for two tenants, and students with clients of their own",
    report="a proxy pool of more than 20,000 accounts mixed in the requests of unrelated customers (Anthropic, February 2026); "
    "26 exchanges an account a day (June 2026); by default 3 x 100 accounts at 2.9 a day, one in nine of the pace",
    knobs={"accounts": 100, "students": 100, "per_day": 2.9},
    plans=_plans,
    around=_broker,
    scales=("accounts", "students"),
)
