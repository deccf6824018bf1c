"""Two regions of one customer: its queue runs in one, moves to the other at an outage, and comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.operators import service_accounts
from stillwatch.range.honest.people import times
from stillwatch.range.networks import office
from stillwatch.range.scene import LookAlike, Scene

FRONT = "Check the shipment entry below against our intake rules, give the queue it belongs to and the reasoning in two steps. Entry: "
BACK = " Reply with the queue name, a colon and the two steps; entries that cannot be read go to the queue called desk."
RETRIED_SHARE = 0.03
"""Jobs in flight when the region went down, asked again in the other (our assumption)."""


def regions(
    scene: Scene,
    accounts: int,
    per_day: float,
    *,
    outage_day: float,
    outage_days: float,
    same_organisation: bool,
    payers: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Add one customer with `accounts` in each region and `per_day` jobs an account; (first, second) region.

    The first region works in both periods. The second was set up a week before the current period and works only
    during the outage. same_organisation: both under one organisation and payer; otherwise the second belongs to a
    subsidiary, whose accounts are paid by so many cost centres (0: each by one of its own).
    """
    rng = scene.rng("regions")
    first, second = _accounts(scene, rng, accounts, same_organisation, payers)
    owner, at = times(scene, rng, first, np.full(accounts, per_day * 7), machines=True)
    begins, ends = outage_day * DAY_S, (outage_day + outage_days) * DAY_S
    down = (at >= begins) & (at < ends)
    moved = owner.copy()
    moved[down] = second[rng.integers(0, accounts, int(down.sum()))]
    n = owner.size
    prompt = scene.texts.ask(
        "batch",
        owner,
        before=pa.array([FRONT] * n, pa.large_string()),
        after=pa.array([BACK] * n, pa.large_string()),
    )
    scene.blocks.append(single_turn(moved, at, prompt, scene.answers(rng, n)))
    lost = np.flatnonzero((at >= begins - 1800.0) & (at < begins))
    again = lost[: max(1, round(RETRIED_SHARE * down.sum()))] if lost.size else lost
    retried = begins + 40.0 + rng.random(again.size) * 300.0
    scene.blocks.append(
        single_turn(
            second[rng.integers(0, accounts, again.size)],
            retried,
            prompt[again],
            scene.answers(rng, again.size),
        )
    )
    scene.look_alikes.append(LookAlike("batch", np.concatenate([first, second])))
    return first, second


def _accounts(
    scene: Scene, rng: np.random.Generator, accounts: int, same_organisation: bool, payers: int
) -> tuple[np.ndarray, np.ndarray]:
    columns: dict[str, Any] = {
        "user_agent": "intake-worker/3.3",
        "client_fingerprint": "ja4_i3",
        "request_model": "aurora-1",
        "temperature": 0.0,
        "max_tokens": 512,
        "stream": False,
    }
    first = service_accounts(
        scene,
        rng,
        "harrowell",
        accounts,
        addresses=office(rng, accounts),
        openly=True,
        asn="AS65050",
        **columns,
    )
    centres = {}
    if payers and not same_organisation:
        centres["payment_id"] = [f"pay_harrowell_north_{i % payers}" for i in range(accounts)]
    second = service_accounts(
        scene,
        rng,
        "harrowell" if same_organisation else "harrowell_north",
        accounts,
        addresses=office(rng, accounts),
        openly=same_organisation,
        created_s=-7 * DAY_S - rng.random(accounts) * 3600.0,
        asn="AS65051",
        **columns | centres,
    )
    return first, second
