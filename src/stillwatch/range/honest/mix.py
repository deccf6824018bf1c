"""The honest mix every world stands on: chat users, long-standing batch customers, a long-standing tool."""

from __future__ import annotations

from stillwatch.range.honest.batch import batch
from stillwatch.range.honest.chat import chat
from stillwatch.range.scene import Scene

BATCH_SHARE = 0.01


def honest_mix(scene: Scene, accounts: int, per_week: float) -> None:
    """Add about `accounts` accounts that behave the same in both periods."""
    customers = min(accounts, max(2, round(accounts * BATCH_SHARE)))
    chat(scene, accounts - customers, per_week)
    for customer in range(customers):
        batch(scene, customer, 1, per_week * 6, declared=customer == 0)
