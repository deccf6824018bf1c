"""The attacker's side: a Plan says what an operator asks, through which accounts and when; `attack` runs it."""

from stillwatch.range.attackers.campaign import attack
from stillwatch.range.attackers.plan import Cover, Plan, Pool, Tempo, Work

__all__ = ["Cover", "Plan", "Pool", "Tempo", "Work", "attack"]
