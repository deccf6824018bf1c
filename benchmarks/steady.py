"""What an operator pays for an example that plays one arm round after round, at the share of its accounts banned."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.cost import Prices

ONCE = ("accounts", "payments")
"""Paid again for what is banned, and for nothing else."""


def usd_per_example(
    items: Mapping[str, float],
    accounts: int,
    retained: float,
    lost: float,
    price: Prices,
    rounds: float = float("inf"),
) -> float:
    """US dollars per retained example over so many rounds, the accounts bought before the first.

    items: a round's bill by item with all accounts bought; accounts: how many; retained: examples of a round without
    bans; lost: share of the accounts that each round bans. Without end (`rounds` inf) the first accounts cost nothing.
    """
    first = sum(items.get(name, 0.0) for name in ONCE)
    running = sum(usd for name, usd in items.items() if name not in (*ONCE, "bans"))
    again = lost * (first + accounts * price.forfeited_usd_per_ban)
    kept = retained * (1.0 - (1.0 - price.kept_after_ban_share) * lost)
    return (running + again + first / rounds) / kept
