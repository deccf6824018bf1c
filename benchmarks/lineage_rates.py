"""Rates of the lineage benchmark: false alarms by owner, power with intervals over recipes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.lineage_panel import recipe
from stillwatch.comparison.calibration import Ranked

ALPHAS = (0.05, 0.01)
DRAWS, SEED = 4000, 30


def calibration(pairs: Sequence[tuple[str, str, Ranked]]) -> dict[str, Any]:
    """Share of innocent pairs at or below nominal p, all owners and each; the standard error counts models."""
    body: dict[str, Any] = {"pairs": len(pairs), "models": len({m for m, _, _ in pairs})}
    owners = sorted({o for _, o, _ in pairs})
    for alpha in ALPHAS:
        body[f"fpr_at_{alpha}"] = mean([r.p <= alpha for _, _, r in pairs])
        body[f"bound_{alpha}"] = bound(alpha, body["models"])
    for owner in owners:
        mine = [r for _, o, r in pairs if o == owner]
        body[f"{owner}.fpr_at_0.05"] = mean([r.p <= 0.05 for r in mine])
        body[f"{owner}.bound_0.05"] = bound(0.05, len(mine))
    body["within"] = all(
        body[k] <= body[k.replace("fpr_at_", "bound_")] for k in list(body) if "fpr_at_" in k
    )
    return body


def power(rows: Sequence[tuple[str, Ranked, float]]) -> dict[str, Any]:
    """Power, with 95 % intervals over recipes (bootstrap: recipes are drawn, not students)."""
    draws = drawn([recipe(m) for m, _, _ in rows])
    values: dict[str, list[Any]] = {
        "tpr_at_0.05": [r.p <= 0.05 for _, r, _ in rows],
        "auc": [r.above for _, r, _ in rows],
        "auc_pooled": [pooled for _, _, pooled in rows],
    }
    body: dict[str, Any] = {"models": len(rows), "recipes": len({recipe(m) for m, _, _ in rows})}
    for name, column in values.items():
        low, high = np.quantile([np.mean(np.array(column, float)[d]) for d in draws], [0.025, 0.975])
        body |= {name: mean(column), f"{name}.95%": f"{low:.2f} to {high:.2f}"}
    return body | {
        "median_p": round(float(np.median([r.p for _, r, _ in rows])), 4),
        "p_floor": round(max(r.floor for _, r, _ in rows), 4),
        "own_panel": min(r.panel for _, r, _ in rows),
        "models_behind_p": min(r.models for _, r, _ in rows),
    }


def drawn(recipes: list[str]) -> list[np.ndarray]:
    """Bootstrap draws of positions: recipes are drawn, not models."""
    names, rng = sorted(set(recipes)), np.random.default_rng(SEED)
    where = [np.flatnonzero(np.array(recipes) == n) for n in names]
    return [
        np.concatenate([where[i] for i in rng.integers(len(names), size=len(names))]) for _ in range(DRAWS)
    ]


def bound(alpha: float, n: int) -> float:
    """The nominal rate and one standard error over n models."""
    return round(alpha + math.sqrt(alpha * (1 - alpha) / n), 4)


def mean(values: Sequence[Any]) -> float:
    """To four places."""
    return round(float(np.mean(values)), 4)
