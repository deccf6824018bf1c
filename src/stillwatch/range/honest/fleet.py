"""A fleet: one company's nightly job, or the branches of a franchise, all each with a template of its own head office."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.operators import heavy_tailed, service_accounts
from stillwatch.range.networks import homes, office, providers
from stillwatch.range.prompts.grammar import join, pick
from stillwatch.range.prompts.vocabulary import NAMES, PLACES, THINGS
from stillwatch.range.scene import LookAlike, Scene

COMPANY_TEMPLATE = (
    "Read the till note below, name the department that must act on it and how urgent that is, and give one reason. Note: ",
    " Answer as compact JSON with the keys department, urgency and reason; leave out what is not written here.",
)
FRANCHISE_TEMPLATE = (
    "You sort yesterday's remarks for the owner of one shop. Put the remark into one of the drawers stock, staff, money or "
    "guests and propose what to do about it before opening time. ",
    " Keep it to two lines, the drawer first, and write nothing about guests' names.",
)
CALLS: dict[str, Any] = {
    "request_model": "aurora-1-mini",
    "temperature": 0.0,
    "max_tokens": 256,
    "stream": False,
}


def company(scene: Scene, accounts: int, per_night: int) -> np.ndarray:
    """One company: service accounts of one organisation, its rows dealt out evenly between them."""
    rng = scene.rng("company")
    numbers = service_accounts(
        scene,
        rng,
        "kelm_stores",
        accounts,
        addresses=office(rng, accounts),
        openly=True,
        asn="AS65010",
        user_agent="nightshift/5.2",
        client_fingerprint="ja4_n5",
        **CALLS,
    )
    owner, at = _nights(scene, rng, numbers, np.full(accounts, per_night))
    front = pa.array([COMPANY_TEMPLATE[0]] * owner.size, pa.large_string())
    return _asked(scene, rng, numbers, owner, at, front, COMPANY_TEMPLATE[1])


def franchise(scene: Scene, branches: int, per_night: int, cards: int = 0) -> np.ndarray:
    """A franchise: every branch has its own account, payer and network, and notes about its own goods.

    cards: the head office opened the accounts in one sitting instead and pays with so many cards (0: it did not).
    """
    rng = scene.rng("franchise")
    addresses = homes(rng, branches)
    created = -rng.random(branches) * 20 * DAY_S
    head_office: dict[str, Any] = {}
    if cards:
        created = -9 * DAY_S - rng.random(branches) * 1800.0
        head_office["payment_id"] = [f"pay_lowick_{i % cards}" for i in range(branches)]
    numbers = service_accounts(
        scene,
        rng,
        "lowick_franchise",
        branches,
        addresses=addresses,
        openly=False,
        created_s=created,
        asn=providers(rng, branches),
        user_agent="shopkeeper/3.0",
        client_fingerprint="ja4_k3",
        **CALLS,
        **head_office,
    )
    owner, at = _nights(scene, rng, numbers, heavy_tailed(rng, branches, per_night, 0.5))
    place = owner - numbers[0]
    about = join(
        join("Branch ", pick(PLACES, place), " of ", pick(NAMES, place // 7), ", mostly "),
        join(pick(THINGS, place * 3), " and ", pick(THINGS, place * 7 + 1), ". Remark: "),
    )
    front = join(FRANCHISE_TEMPLATE[0], about)
    return _asked(scene, rng, numbers, owner, at, front, FRANCHISE_TEMPLATE[1])


def _nights(
    scene: Scene, rng: np.random.Generator, numbers: np.ndarray, per_night: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(account, seconds): `per_night` rows of each account every night between one and three o'clock."""
    nights = max(1, int(scene.clock.days))
    owner = np.repeat(np.tile(numbers, nights), np.tile(per_night, nights))
    night = np.repeat(np.arange(nights), int(per_night.sum()))
    at = night * DAY_S + 3600.0 + rng.random(owner.size) * 7200.0
    return owner, np.minimum(at, scene.clock.last_s - 1e-3)


def _asked(
    scene: Scene,
    rng: np.random.Generator,
    numbers: np.ndarray,
    owner: np.ndarray,
    at: np.ndarray,
    front: pa.Array,
    back: str,
) -> np.ndarray:
    after = pa.array([back] * owner.size, pa.large_string())
    prompt = scene.texts.ask("batch", owner, before=front, after=after)
    scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size)))
    scene.look_alikes.append(LookAlike("batch", numbers))
    return numbers
