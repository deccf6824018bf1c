"""Worlds a supervised baseline may learn from: features and truth of every account, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stillwatch.errors import UnreadableInputError
from stillwatch.range.baselines.account_features import scaled
from stillwatch.range.baselines.reading import read_window


@dataclass(frozen=True, slots=True)
class Identity:
    """Name and archetypes of a world, and its folder: all that leaving out may know of the scored world."""

    folder: Path
    world: str
    archetypes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A training world: features f64[accounts, d] on the scale of its reference, guilty bool[accounts]."""

    identity: Identity
    features: np.ndarray
    guilty: np.ndarray


def identity(folder: Path) -> Identity:
    """Who the world is; empty for a folder without truth.json. Raises UnreadableInputError on a broken one."""
    truth = _truth(folder)
    archetypes = frozenset(str(c.get("archetype", "")) for c in truth.get("campaigns", []))
    return Identity(folder.resolve(), str(truth.get("world", "")), archetypes)


def read_example(folder: Path) -> Example:
    """Features and labels of one world. Raises UnreadableInputError without a truth.json."""
    if not (folder / "truth.json").is_file():
        hint = "training worlds come from `stillwatch range build`"
        raise UnreadableInputError("holds no truth.json to learn from", where=str(folder), hint=hint)
    window = read_window(folder)
    guilty = {a for c in _truth(folder).get("campaigns", []) for a in c["accounts"]}
    labels = np.array([name in guilty for name in window.names], np.bool_)
    return Example(identity(folder), scaled(window)[0], labels)


def left_in(scored: Identity, training: Iterable[Path]) -> list[Path]:
    """The training worlds that share neither folder, name nor a campaign's archetype with the scored world."""
    kept = []
    for folder in training:
        other = identity(folder)
        same = other.folder == scored.folder or (scored.world != "" and other.world == scored.world)
        if not same and not (other.archetypes & scored.archetypes):
            kept.append(folder)
    return kept


def _truth(folder: Path) -> dict[str, list[dict[str, list[str]]]]:
    path = folder / "truth.json"
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UnreadableInputError(
            "not readable JSON", where=str(path), hint="build the world again"
        ) from error
    return value if isinstance(value, dict) else {}
