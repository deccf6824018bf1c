"""Enterprise batch jobs: one template a customer over its own rows, accounts openly of one organisation."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.people import times, within
from stillwatch.range.networks import office
from stillwatch.range.prompts.vocabulary import NAMES, PLACES
from stillwatch.range.scene import Authorisation, LookAlike, Scene

_FRONT = (
    "Classify the record below into one of our support queues and answer with the queue name only. Record: ",
    "Extract supplier, quantity and problem from this ledger line and return them as compact JSON. Line: ",
    "Translate the following store note for the regional office, keep numbers as they are. Note: ",
    "Write a polite two-sentence reply to the customer message that follows, in our house tone. Message: ",
    "Decide whether the maintenance entry below needs a technician today and say why in one line. Entry: ",
    "Summarise this delivery report for the morning meeting in at most twenty words. Report: ",
)
_BACK = " Use only what is written here and do not add anything else."


def _template(customer: int) -> str:
    """The customer's own wording: its desk and office before one of the common requests."""
    name, place = NAMES[(7 * customer + 3) % len(NAMES)], PLACES[customer % len(PLACES)]
    desk = f"desk {customer // 1000}" if customer >= 1000 else "desk"
    return f"This is the {name} records {desk} of our {place} branch office. {_FRONT[customer % len(_FRONT)]}"


def batch(
    scene: Scene, customer: int, accounts: int, per_week: float, *, new: bool = False, declared: bool = False
) -> np.ndarray:
    """Add one customer with `accounts` service accounts; `new` starts in the current period (a look-alike)."""
    rng = scene.rng("batch", str(customer))
    customer = scene.apart(customer)
    created = -rng.random(accounts) * 86_400.0 if new else long_ago(rng, scene.clock, accounts)
    numbers = scene.accounts.add(
        accounts,
        addresses=office(rng, accounts),
        created_s=created,
        org_id=f"org_batch_{customer:03d}",
        asn=f"AS{64600 + customer % 900}",
        payment_id=f"pay_batch_{customer:03d}",
        email_domain=f"customer{customer:03d}.example",
        plan="enterprise",
        user_agent=f"batch-runner/{1 + customer % 3}.{customer % 7}",
        client_fingerprint=f"ja4_b{customer % 9}",
        request_model="aurora-1-mini",
        temperature=0.0,
        max_tokens=256,
        stream=False,
    )
    if new:
        owner = np.repeat(numbers, max(1, round(per_week * scene.clock.days / 7)))
        at = within(scene, rng, owner.size)
        scene.look_alikes.append(LookAlike("batch", numbers))
    else:
        owner, at = times(scene, rng, numbers, np.full(accounts, per_week), machines=True)
    front = pa.array([_template(customer)] * owner.size, pa.large_string())
    prompt = scene.texts.ask(
        "batch", owner, before=front, after=pa.array([_BACK] * owner.size, pa.large_string())
    )
    scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size)))
    if declared:
        limit = int(per_week * accounts)
        scene.authorisations.append(
            Authorisation(
                f"Customer {customer:03d}", "batch", numbers, "nightly record processing", -365, 365, limit
            )
        )
    return numbers
