"""Hydra harvest: one work list dealt out over many light accounts behind proxies, with a template grammar."""

from __future__ import annotations

import numpy as np

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import DOMAINS, person_columns
from stillwatch.range.networks import proxies
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.scene import Campaign, Scene

PERSONAS = tuple(
    f"You are an expert {role} who has trained many newcomers over the years. "
    for role in [
        "data analyst",
        "logistics planner",
        "chemist",
        "attorney",
        "physician",
        "accountant",
        "teacher",
        "engineer",
        "editor",
        "economist",
    ]
)
TASKS = tuple(
    f"{verb} the problem below and write out every step of your reasoning before you conclude. Problem: "
    for verb in [
        "Study",
        "Solve",
        "Examine",
        "Work through",
        "Analyse",
        "Consider",
        "Unpack",
        "Take apart",
        "Go through",
        "Review",
    ]
)
FORMATS = tuple(
    f" Close with the final answer {place} so that a checker can find it without reading the rest."
    for place in [
        "on a line of its own",
        "inside square brackets",
        "as a JSON object",
        "after the word RESULT",
        "in bold type",
        "as one sentence",
        "in a table cell",
        "between two dashes",
        "in capital letters",
        "as a short list",
    ]
)
ITEMS_MAX = 4000  # in the whole world; a longer list asks about the same items again in other words


def harvest(
    scene: Scene,
    *,
    accounts: int,
    per_account: int,
    variants: int,
    attack_share: float = 1.0,
    networks: int = 40,
    archetype: str = "hydra-harvest",
    name: str = "harvest",
    days: float | None = None,
) -> np.ndarray:
    """Add one campaign. per_account: events of each account in the current period, `attack_share` of them from
    the work list and the rest ordinary chat. variants: how many of the 1,000 template variants are used."""
    rng = scene.rng("attack", name)
    numbers = _accounts(scene, rng, accounts, proxies(rng, accounts, networks, scene.shared(name)))
    attack = max(1, round(per_account * attack_share))
    cover = per_account - attack
    span = (scene.clock.days if days is None else days) * DAY_S
    owner = numbers[np.arange(accounts * attack) % accounts]
    at = np.sort(rng.random(owner.size)) * span
    variant = rng.integers(0, variants, owner.size)
    before = join(pick(PERSONAS, variant), pick(TASKS, variant // 10))
    after = pick(FORMATS, variant // 100)
    items = max(1, ITEMS_MAX // scene.shard.count)
    prompt = scene.texts.ask("payload", np.arange(owner.size) % items, before=before, after=after)
    label = len(scene.campaigns)
    scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size), label=label))
    if cover:
        idle = np.repeat(numbers, cover)
        said = scene.texts.ask("chat", idle)
        scene.blocks.append(
            single_turn(idle, rng.random(idle.size) * span, said, scene.answers(rng, idle.size))
        )
    scene.campaigns.append(Campaign(name, archetype, numbers))
    return numbers


def _accounts(scene: Scene, rng: np.random.Generator, count: int, addresses: np.ndarray) -> np.ndarray:
    """Bought accounts: a proxy pool, a few payment tokens, sign-ups in bursts, one script."""
    columns = person_columns(rng, count) | {
        "user_agent": "httpx/0.27.2",
        "client_fingerprint": "ja4_p7",
        "temperature": 0.7,
        "max_tokens": 3000,
        "stream": False,
        "request_model": "aurora-1",
        "plan": [("free", "plus")[i] for i in rng.choice(2, count, p=[0.7, 0.3]).tolist()],
        "payment_id": [f"pay_{x:012x}" for x in rng.integers(0, max(2, count // 12), count).tolist()],
        "email_domain": [DOMAINS[i] for i in rng.integers(0, len(DOMAINS), count).tolist()],
    }
    batches = -rng.integers(3, 30, max(1, count // 50)) * DAY_S
    created = batches[rng.integers(0, batches.size, count)] + rng.random(count) * 3000.0
    return scene.accounts.add(count, addresses=addresses, created_s=created, **columns)
