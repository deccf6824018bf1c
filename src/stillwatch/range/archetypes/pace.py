"""The public arithmetic of volumes: exchanges an account a day, and the scale at which a world follows it."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.range.archetypes.archetype import Setting


def requests(knobs: Mapping[str, Setting], days: float, parts: int = 1) -> int:
    """Requests of one account in `days` at `per_day`, cut into `parts` equal phases; at least 1."""
    return max(1, round(float(knobs["per_day"]) * days / parts))
