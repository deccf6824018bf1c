"""From a plan to a scene: its accounts are opened, its requests and covers written, its truth recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwatch.range.attackers.covers import COVERS
from stillwatch.range.attackers.plan import Plan, described
from stillwatch.range.attackers.pools import open_accounts
from stillwatch.range.attackers.schedule import Sent, cover_times, earlier_times, harvest_times
from stillwatch.range.attackers.sizing import Size, size
from stillwatch.range.attackers.wording import wordings
from stillwatch.range.clock import DAY_S
from stillwatch.range.cost import bill, prices
from stillwatch.range.scene import Attacker, Campaign, Scene


def attack(scene: Scene, plan: Plan) -> np.ndarray:
    """Carry out one plan, after the evasions the scene asks for; returns the numbers, int64, of the accounts that sent
    anything (all of them, unless the balancer is random).

    A plan named like an earlier one is a further phase of that campaign. Raises UsageError or UnknownNameError
    for a plan that cannot be carried out.
    """
    for evasion in scene.evasions:
        plan = evasion.apply(plan)
    shape = size(plan, scene.clock.days)
    rng = scene.rng("attack", *_distinct(scene, plan))
    beside = scene.plans.setdefault(plan.pool_name, [])
    cost = bill(plan, scene.clock.days, prices(), beside=beside).as_record()
    beside.append(plan)
    scene.attackers.append(Attacker(plan.name, described(plan), cost))
    numbers = _pool(scene, rng, plan, shape)
    label = _label(scene, plan)
    numbers = numbers[_harvest(scene, rng, plan, shape, numbers, label)]
    known = scene.campaigns[label]
    scene.campaigns[label] = replace(known, accounts=np.union1d(known.accounts, numbers))
    return numbers


def _distinct(scene: Scene, plan: Plan) -> tuple[str, ...]:
    """Names that seed this phase and no other: the plan's, and its place where the name was used before."""
    earlier = sum(1 for other in scene.attackers if other.campaign == plan.name)
    return (plan.name, str(earlier)) if earlier else (plan.name,)


def _label(scene: Scene, plan: Plan) -> int:
    """The place of the plan's campaign in the scene's list, which it enters when new."""
    for place, campaign in enumerate(scene.campaigns):
        if campaign.name == plan.name:
            return place
    scene.campaigns.append(Campaign(plan.name, plan.archetype, np.empty(0, dtype=np.int64)))
    return len(scene.campaigns) - 1


def _pool(scene: Scene, rng: np.random.Generator, plan: Plan, shape: Size) -> np.ndarray:
    """Accounts of every generation; those of an earlier plan whose pool has the same name are used again.

    A campaign that was already there in the reference period opened its accounts before it.
    """
    key, count = plan.pool_name, shape.accounts_bought
    known = scene.pools.get(key, np.empty(0, dtype=np.int64))
    if known.size < count:
        begins = np.repeat(shape.begins() * DAY_S, shape.accounts)[known.size :]
        if shape.reference and shape.generations == 1:
            begins = np.full(begins.size, scene.clock.first_s)
        known = np.concatenate([known, open_accounts(scene, rng, plan, count - known.size, begins)])
        scene.pools[key] = known
    return known[:count]


def _harvest(
    scene: Scene, rng: np.random.Generator, plan: Plan, shape: Size, numbers: np.ndarray, label: int
) -> np.ndarray:
    """Places among `numbers` of the accounts that sent anything in the current period."""
    sent, covers = harvest_times(scene, rng, plan, shape)
    _requests(scene, rng, plan, numbers, sent, label)
    used = [sent.place]
    for place, (cover, count) in enumerate(zip(plan.covers, shape.covers, strict=True)):
        if count:
            besides = covers[place] if covers else cover_times(scene, rng, plan, shape, count)
            scene.blocks += COVERS[cover.kind](scene, rng, numbers[besides.place], besides.at_s)
            used.append(besides.place)
    if shape.reference:
        earlier = earlier_times(scene, rng, shape)
        before = numbers if shape.generations == 1 else _forerunners(scene, rng, plan, shape)
        _requests(scene, rng, plan, before, earlier, label)
    return np.unique(np.concatenate(used))


def _forerunners(scene: Scene, rng: np.random.Generator, plan: Plan, shape: Size) -> np.ndarray:
    """Accounts of the reference period for a plan whose own accounts do not live that long."""
    begins = np.full(shape.accounts, scene.clock.first_s)
    return open_accounts(scene, rng, plan, shape.accounts, begins)


def _requests(
    scene: Scene, rng: np.random.Generator, plan: Plan, numbers: np.ndarray, sent: Sent, label: int
) -> None:
    """Requests of the work list, labelled with their campaign; truth keeps those of the reference period apart."""
    work = plan.work
    shard = sent.place % work.shards if work.shards > 1 else None
    before, after = wordings(work, rng, sent.place, shard)
    prompt = work.items.texts(scene, rng, shard, sent.place, before, after)
    block = work.conversation.block(scene, rng, numbers[sent.place], sent.at_s, prompt, label)
    scene.blocks.append(block)
