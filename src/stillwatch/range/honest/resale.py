"""Grey-market resale: people who cannot or will not sign up talk through bought accounts; nobody trains anything."""

from __future__ import annotations

import numpy as np

from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.dialogue import dialogues
from stillwatch.range.honest.operators import heavy_tailed
from stillwatch.range.honest.people import DOMAINS, person_columns, within
from stillwatch.range.networks import proxies
from stillwatch.range.scene import LookAlike, Scene

READERS = 9_000_000  # numbers of the people behind the resellers, beyond every account number


def resale(
    scene: Scene, accounts: int, people: int, talks: float, *, networks: int, sticky_share: float
) -> np.ndarray:
    """Add one reseller: `people` with a mean of `talks` conversations a week over `accounts` bought accounts.

    The balancer keeps a conversation on one account with probability sticky_share, else each call goes anywhere,
    so histories continue on accounts that did not begin them. No end-user id is sent. networks: /24s of its pool.
    """
    rng = scene.rng("resale")
    batches = -rng.integers(3, 25, max(1, accounts // 40)) * DAY_S
    columns = person_columns(rng, accounts) | {
        "user_agent": "pooldesk/0.6",
        "client_fingerprint": "ja4_r6",
        "request_model": "aurora-1",
        "temperature": 0.7,
        "max_tokens": 2048,
        "stream": True,
        "plan": "plus",
        "payment_id": [f"pay_{x:012x}" for x in rng.integers(0, max(2, accounts // 15), accounts).tolist()],
        "email_domain": [DOMAINS[i] for i in rng.integers(0, 3, accounts).tolist()],
    }
    created = batches[rng.integers(0, batches.size, accounts)] + rng.random(accounts) * 2400.0
    numbers = scene.accounts.add(
        accounts, addresses=proxies(rng, accounts, networks), created_s=created, **columns
    )
    often = heavy_tailed(rng, people, talks * scene.clock.days / 7)
    speaker = READERS + np.repeat(np.arange(people), often)
    home = numbers[rng.integers(0, accounts, speaker.size)]
    sticky = rng.random(speaker.size) < sticky_share

    def account_of(talk: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.where(sticky[talk], home[talk], numbers[rng.integers(0, accounts, talk.size)])

    block = dialogues(
        scene,
        rng,
        speaker=speaker,
        turns=rng.geometric(0.4, speaker.size),
        opens_s=within(scene, rng, speaker.size),
        account_of=account_of,
    )
    scene.blocks.append(block)
    scene.look_alikes.append(LookAlike("reseller", numbers))
    return numbers
