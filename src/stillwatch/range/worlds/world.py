"""What a world is: a name, what it models and cannot show, its settings, and how it composes a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillwatch.errors import UsageError
from stillwatch.range.scene import Scene

Knob = float | int | bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """knobs: setting -> default; every world also has those of `building.EVERY`.

    scales: the knobs that count accounts and grow with the size of the world; the others are the same at any size.
    backdrop: whether the honest population can be chosen.
    numbers: the public source of its figures, or the reasoning behind them. Of a look-alike: resembles: what makes it
    look like extraction. differs: what honest difference is left in the data.
    """

    id: str
    title: str
    models: str
    cannot_show: str
    knobs: dict[str, Knob]
    compose: Callable[[Scene], None]
    scales: tuple[str, ...] = ("honest", "accounts", "application")
    backdrop: bool = False
    resembles: str = ""
    differs: str = ""
    numbers: str = ""


def positive(scene: Scene, *names: str) -> None:
    """Refuse a world that would have nobody to act: raises UsageError where one of these settings is 0."""
    for name in names:
        if not float(scene.knobs[name]) > 0:
            raise UsageError(
                f"{name} must be above 0", where=scene.world, hint="leave the setting out for its default"
            )
