"""Getting the accounts of a plan: where they connect from, who pays, when they signed up, what client they run."""

from __future__ import annotations

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.attackers.plan import Plan
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import DOMAINS, person_columns
from stillwatch.range.networks import proxies, residences, servers
from stillwatch.range.scene import Scene


def open_accounts(
    scene: Scene, rng: np.random.Generator, plan: Plan, count: int, begins_s: np.ndarray
) -> np.ndarray:
    """Numbers of `count` new accounts, int64. begins_s: when each is first used, seconds, shape (count,)."""
    pool = plan.pool
    addresses = _addresses(scene, rng, plan, count)
    columns = person_columns(rng, count) | {
        "user_agent": "httpx/0.27.2",
        "client_fingerprint": "ja4_p7",
        "temperature": 0.7,
        "max_tokens": 3000,
        "stream": False,
        "request_model": "aurora-1",
        "plan": [("free", "plus")[i] for i in rng.choice(2, count, p=[0.7, 0.3]).tolist()],
    }
    if pool.accounts_per_payment > 1:
        columns["payment_id"] = _payments(rng, count, pool.accounts_per_payment, len(scene.campaigns))
    columns["email_domain"] = [DOMAINS[i] for i in rng.integers(0, len(DOMAINS), count).tolist()]
    if pool.aged:
        created = long_ago(rng, scene.clock, count)
    else:
        batches = -rng.integers(3, 30, max(1, count // pool.signups_per_batch)) * DAY_S
        created = batches[rng.integers(0, batches.size, count)] + rng.random(count) * 3000.0
        created = created + begins_s
    numbers = scene.accounts.add(
        count, addresses=addresses, created_s=created, **(columns | dict(pool.columns))
    )
    if pool.moves_day is not None:
        moving = numbers[rng.random(count) < pool.moves_share]
        scene.accounts.move(moving, (pool.moves_day + rng.random(moving.size)) * DAY_S)
    return numbers


def _payments(rng: np.random.Generator, count: int, each: int, campaign: int) -> list[str]:
    """About one payment token per `each` accounts; no two campaigns share one."""
    tokens = (campaign << 32) + rng.integers(0, max(2, count // each), count)
    return [f"pay_{token:012x}" for token in tokens.tolist()]


def _addresses(scene: Scene, rng: np.random.Generator, plan: Plan, count: int) -> np.ndarray:
    """The networks of a proxy pool are one thing in the whole world, whatever its size."""
    pool = plan.pool
    if pool.network == "homes":
        return residences(rng, count)
    if pool.network == "servers":
        return servers(rng, count)
    market = scene.shared("market", pool.market) if pool.market else scene.shared(plan.name)
    return proxies(rng, count, pool.networks, market)
