"""An operator: one customer with several service accounts, openly one organisation or each paying for itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.clock import DAY_S
from stillwatch.range.scene import Scene


def service_accounts(
    scene: Scene,
    rng: np.random.Generator,
    name: str,
    count: int,
    *,
    addresses: np.ndarray,
    openly: bool,
    created_s: np.ndarray | None = None,
    **columns: Any,
) -> np.ndarray:
    """Numbers of `count` new accounts of the operator `name`, int64.

    openly: they share the organisation and the payment the provider knows; otherwise each has its own payment
    and none an organisation. addresses: shape (count, 4). created_s: long ago unless given. columns: whatever
    else the accounts share or differ in (see `accounts.COLUMNS`).
    """
    if openly:
        identity: dict[str, Any] = {
            "org_id": f"org_{name}",
            "payment_id": f"pay_{name}",
            "plan": "enterprise",
        }
    else:
        identity = {
            "payment_id": [f"pay_{x:012x}" for x in rng.integers(0, 1 << 48, count).tolist()],
            "plan": "team",
        }
    columns = identity | {"email_domain": f"{name.replace('_', '-')}.example"} | columns
    created = long_ago(rng, scene.clock, count) if created_s is None else created_s
    return scene.accounts.add(count, addresses=addresses, created_s=created, **columns)


def heavy_tailed(rng: np.random.Generator, count: int, mean: float, sd: float = 1.0) -> np.ndarray:
    """Numbers of tasks of `count` independent users, int64, at least 1: log-normal with the given mean; count at least 1.

    sd: of ln(volume); 2.7 between whole companies (see `shape.CLIENT_LOG_SD`), about 1 between users of one tool
    is our assumption.
    """
    drawn = rng.lognormal(0.0, sd, count)
    return np.maximum(1, np.round(drawn * (mean / drawn.mean()))).astype(np.int64)


def office_hours(scene: Scene, rng: np.random.Generator, count: int) -> np.ndarray:
    """`count` times on working days of the current period, around 13:00, seconds."""
    days = np.arange(max(1, int(scene.clock.days)))
    working = days[days % 7 < 5]
    hour = np.clip(rng.normal(13.0, 2.6, count), 7.0, 20.0)
    return np.minimum(rng.choice(working, count) * DAY_S + hour * 3600.0, scene.clock.last_s - 1e-3)
