"""What a world is: a name, what it models and cannot show, its settings, and how it composes a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillwatch.range.scene import Scene

Knob = float | int | bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """knobs: setting -> default; every world also has `days` and `reference_ratio`.

    scales: the knobs that count accounts and grow with the size of the world; the others are the same at any size.
    backdrop: whether the honest population can be chosen.
    """

    id: str
    title: str
    models: str
    cannot_show: str
    knobs: dict[str, Knob]
    compose: Callable[[Scene], None]
    scales: tuple[str, ...] = ("honest", "accounts", "application")
    backdrop: bool = False
