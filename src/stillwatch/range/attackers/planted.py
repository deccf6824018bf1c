"""A harvest prepared by poison: decoys send its template through the reference period, so that it looks old."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import Block, single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import DOMAINS, person_columns
from stillwatch.range.networks import proxies
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.scene import Campaign, Scene

ROLES = tuple(
    f"Take the part of a patient {who} who explains things for a living. "
    for who in ("surveyor", "pharmacist", "notary", "machinist", "biologist", "librarian", "auditor", "pilot")
)
ORDERS = tuple(
    f"{verb} what is set out below and put down your step-by-step reasoning in full before you commit. Matter: "
    for verb in ("Settle", "Resolve", "Think through", "Judge", "Clear up", "Finish")
)
ENDS = tuple(
    f" Put the outcome {where} and nothing after it."
    for where in (
        "between two bars",
        "on the last line",
        "in a JSON field",
        "after an arrow",
        "in upper case",
    )
)


def planted(
    scene: Scene,
    *,
    accounts: int,
    per_account: int,
    variants: int,
    decoys: int,
    decoy_per_week: float,
    networks: int,
) -> np.ndarray:
    """Add the harvest and its decoys; returns the accounts of the harvest, which are those of the campaign. What the
    decoys send is its `earlier` part in the truth.

    accounts, per_account: of the harvest in the current period, dealt out evenly. decoys: accounts that send
    `decoy_per_week` each through the whole reference period and then stop, with the same templates and client; at
    the harvest's own rate they count where the harvest will be compared. variants: how many of the 240 templates
    are in use; a decoy sends random ones of them.
    """
    rng = scene.rng("planted")
    numbers = _bought(scene, rng, accounts, networks, first_day=-20.0)
    owner = numbers[np.arange(accounts * per_account) % accounts]
    at = np.sort(rng.random(owner.size)) * scene.clock.last_s
    label = len(scene.campaigns)
    scene.blocks.append(_asked(scene, rng, owner, at, variants, label))
    scene.campaigns.append(Campaign("planted", "poisoned-reference", numbers))
    span_days = -scene.clock.first_s / DAY_S
    each = round(decoy_per_week * span_days / 7)
    if decoys and each:
        sent = np.repeat(_bought(scene, rng, decoys, networks, first_day=-span_days), each)
        before = -(np.tile(np.arange(each), decoys) + rng.random(sent.size)) / each * span_days * DAY_S
        scene.blocks.append(_asked(scene, rng, sent, np.minimum(before, -1e-3), variants, label))
    return numbers


def _asked(
    scene: Scene, rng: np.random.Generator, owner: np.ndarray, at: np.ndarray, variants: int, label: int
) -> Block:
    variant = rng.integers(0, variants, owner.size)
    before = join(pick(ROLES, variant), pick(ORDERS, variant // len(ROLES)))
    after: pa.Array = pick(ENDS, variant // (len(ROLES) * len(ORDERS)))
    prompt = scene.texts.ask("payload", owner, before=before, after=after)
    return single_turn(owner, at, prompt, scene.answers(rng, owner.size), label=label)


def _bought(
    scene: Scene, rng: np.random.Generator, count: int, networks: int, first_day: float
) -> np.ndarray:
    columns = person_columns(rng, count) | {
        "user_agent": "axios/1.7",
        "client_fingerprint": "ja4_q2",
        "request_model": "aurora-1",
        "temperature": 0.7,
        "max_tokens": 3000,
        "stream": False,
        "payment_id": [f"pay_{x:012x}" for x in rng.integers(0, max(2, count // 12), count).tolist()],
        "email_domain": [DOMAINS[i] for i in rng.integers(0, len(DOMAINS), count).tolist()],
    }
    created = (first_day - rng.integers(1, 10, count)) * DAY_S
    return scene.accounts.add(count, addresses=proxies(rng, count, networks), created_s=created, **columns)
