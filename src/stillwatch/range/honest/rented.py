"""Programs on rented machines: unrelated developers behind the same crowded cloud networks, in both periods."""

from __future__ import annotations

import numpy as np

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.people import person_columns, times
from stillwatch.range.networks import servers
from stillwatch.range.scene import Scene

LIBRARIES = ("openai-python/1.51", "openai-node/4.60", "langtool/0.3.1", "curl/8.5.0", "httpx/0.27.2")


def rented(scene: Scene, count: int, per_week: float) -> np.ndarray:
    """Add `count` developers, so that a cloud network or a plain library is nothing new in itself."""
    rng = scene.rng("rented")
    columns = person_columns(rng, count) | {
        "asn": [f"AS{65000 + i}" for i in rng.integers(0, 3, count).tolist()],
        "user_agent": [LIBRARIES[i] for i in rng.integers(0, len(LIBRARIES), count).tolist()],
    }
    created = long_ago(rng, scene.clock, count)
    numbers = scene.accounts.add(count, addresses=servers(rng, count), created_s=created, **columns)
    owner, at = times(scene, rng, numbers, scene.shape.volumes(rng, count, per_week))
    scene.blocks.append(
        single_turn(owner, at, scene.texts.ask("chat", owner), scene.answers(rng, owner.size))
    )
    return numbers
