"""An evaluation harness: a few accounts of one research group run the same public questions."""

from __future__ import annotations

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.people import within
from stillwatch.range.networks import LABS, office
from stillwatch.range.scene import LookAlike, Scene


def evaluation(scene: Scene, accounts: int, questions: int) -> np.ndarray:
    """Add `accounts` that each run all `questions` in the current period, temperature 0."""
    rng = scene.rng("evaluation")
    numbers = scene.accounts.add(
        accounts,
        addresses=office(rng, accounts, LABS),
        created_s=long_ago(rng, scene.clock, accounts),
        org_id="org_institute",
        asn="AS64700",
        payment_id=[f"pay_inst_{i}" for i in range(accounts)],
        email_domain="institute.example",
        plan="team",
        user_agent="lm-eval-harness/0.4.3",
        client_fingerprint="ja4_h1",
        request_model="aurora-1",
        temperature=0.0,
        max_tokens=64,
        stream=False,
    )
    items = scene.texts.ask("evaluation", np.repeat(numbers[:1], questions))
    owner = np.repeat(numbers, questions)
    prompt = np.tile(items, accounts)
    at = within(scene, rng, owner.size)
    scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size)))
    scene.look_alikes.append(LookAlike("evaluation", numbers))
    return numbers
