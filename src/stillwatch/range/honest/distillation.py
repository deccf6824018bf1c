"""Permitted distillation: one customer harvests under contract, with templates, a split list and even volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.range.blocks import NONE, single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.operators import service_accounts
from stillwatch.range.networks import office
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.scene import Authorisation, Campaign, LookAlike, Scene


@dataclass(frozen=True)
class Wording:
    """A customer's template grammar and client; the task stands between order and closing."""

    openings: tuple[str, ...]
    orders: tuple[str, ...]
    closings: tuple[str, ...]
    user_agent: str
    asn: str


CONTRACT = Wording(
    tuple(
        f"You write {what} for the {whose} model of our group. "
        for what in ("training examples", "worked solutions", "model answers", "reference explanations")
        for whose in ("branch office", "call centre", "warehouse", "field service", "reading aid")
    ),
    tuple(
        f"{verb} the task that follows and set out the step-by-step reasoning in full before the result. Task: "
        for verb in ("Solve", "Answer", "Work out", "Explain", "Treat", "Complete")
    ),
    (
        " End with the result as a JSON object so that our loader can read it.",
        " End with the result alone on the last line for our loader.",
    ),
    "pipeline/1.9",
    "AS65030",
)
OWN_USE = Wording(
    tuple(
        f"We need synthetic data to test our {what}. "
        for what in ("search page", "ticket router", "spell checker")
    ),
    (
        "Write four unique tasks that resemble this one, in other words and with other figures: ",
        "Give five variants of the following request as different clerks would type them: ",
    ),
    (" One a line, no numbering, no comment.", " Return a JSON list of strings."),
    "fixture-maker/0.8",
    "AS65031",
)


def distillation(
    scene: Scene,
    name: str,
    accounts: int,
    per_account: int,
    *,
    wording: Wording,
    customer: str,
    purpose: str,
    listed_share: float,
    volume_used: float,
    expires_day: int = 365,
) -> np.ndarray:
    """Add one customer whose declaration allows 1 / `volume_used` times what it sends a day.

    listed_share: share of its accounts that the declaration names; the rest are newer. Within the bounds the
    accounts are a look-alike; beyond them (volume_used > 1, or expires_day inside the current period) the same
    traffic is no longer permitted and the truth lists it as a campaign.
    """
    rng = scene.rng("distillation", name)
    numbers = service_accounts(
        scene,
        rng,
        name,
        accounts,
        addresses=office(rng, accounts),
        openly=True,
        created_s=-rng.random(accounts) * 20 * DAY_S,
        asn=wording.asn,
        user_agent=wording.user_agent,
        client_fingerprint="ja4_d1",
        request_model="aurora-1",
        temperature=0.7,
        max_tokens=3000,
        stream=False,
    )
    owner = numbers[np.arange(accounts * per_account) % accounts]
    at = np.sort(rng.random(owner.size)) * scene.clock.last_s
    openings, orders, closings = (
        pick(part, rng.integers(0, len(part), owner.size))
        for part in (wording.openings, wording.orders, wording.closings)
    )
    prompt = scene.texts.ask("payload", owner, before=join(openings, orders), after=closings)
    beyond = volume_used > 1 or expires_day < scene.clock.days
    label = len(scene.campaigns) if beyond else NONE
    scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size), label=label))
    listed = numbers[: max(1, round(accounts * listed_share))]
    limit = max(1, round(owner.size * listed.size / accounts / scene.clock.days / volume_used))
    scene.authorisations.append(
        Authorisation(customer, "contracted", listed, purpose, -30, expires_day, limit)
    )
    if beyond:
        scene.campaigns.append(Campaign(name, "beyond-contract", numbers))
    else:
        scene.look_alikes.append(LookAlike("contracted", numbers))
    return numbers


def two_customers(scene: Scene, expires_day: int = 365) -> None:
    """A customer that distils under contract, as the world's settings say, and a smaller one well inside its bounds."""
    knobs = scene.knobs
    distillation(
        scene,
        "bramley_group",
        int(knobs["accounts"]),
        int(knobs["per_account"]),
        wording=CONTRACT,
        customer="Bramley Group",
        purpose="a small model of its own, trained under contract",
        listed_share=float(knobs["listed_share"]),
        volume_used=float(knobs["volume_used"]),
        expires_day=expires_day,
    )
    distillation(
        scene,
        "elsing_tools",
        max(3, int(knobs["accounts"]) // 3),
        int(knobs["per_account"]),
        wording=OWN_USE,
        customer="Elsing Tools",
        purpose="synthetic data for its own tests",
        listed_share=1.0,
        volume_used=0.5,
    )
