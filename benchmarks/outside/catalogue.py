"""The models a lab sells, when each came out, what plans cost, and how fast customers move on."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.outside.draws import Draws

DAY = 86_400.0


class Model(NamedTuple):
    """A model; `age_days` is how long before the current week it came out."""

    name: str
    age_days: float
    tier: str  # small, main or deep (thinks before it answers)
    speed_tokens_s: float


MODELS = (
    Model("alder-1", 520.0, "main", 55.0),
    Model("alder-1-mini", 500.0, "small", 140.0),
    Model("alder-2-mini", 240.0, "small", 160.0),
    Model("alder-2", 230.0, "main", 70.0),
    Model("alder-2-deep", 130.0, "deep", 60.0),
)
NEWEST = Model("alder-3", 0.0, "main", 85.0)  # comes out during the current week
SPEED_TOKENS_S = {m.name: m.speed_tokens_s for m in (*MODELS, NEWEST)}
THINKS = frozenset({"alder-2-deep", "alder-3"})
PLANS = ("free", "pay-as-you-go", "pro", "team", "scale")


class ModelChoice(NamedTuple):
    """What one program asks for, and when it moves to the newest model (infinity: never)."""

    usual: str
    moves_at: float

    def at(self, ts: float) -> str:
        """The model asked for at a time."""
        return NEWEST.name if ts >= self.moves_at else self.usual


def choose_model(
    draws: Draws, released: float, *, tier: str | None = None, moves: float = 0.35
) -> ModelChoice:
    """Draw a usual model; with probability `moves` the holder tries the newest after some days."""
    among = [m for m in MODELS if tier in (None, m.tier)]
    weights = [1.0 if m.age_days > 400 else 5.0 if m.tier == "main" else 3.0 for m in among]
    usual = draws.dice.choices(among, weights)[0].name
    wants = tier in (None, "main") and draws.dice.random() < moves
    return ModelChoice(usual, released + draws.dice.expovariate(1 / (2.5 * DAY)) if wants else float("inf"))
