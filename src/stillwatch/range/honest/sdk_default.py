"""An SDK release: its new default prompt appears at every developer who updates and never set a prompt."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import person_columns, within
from stillwatch.range.networks import homes
from stillwatch.range.scene import LookAlike, Scene

DEFAULT = (
    "You are a capable assistant called through the Langtool library. Think step by step, call a tool only when it is "
    "listed, and return plain text unless the caller asks for another format."
)


def sdk_default(scene: Scene, count: int, per_week: float, *, as_user_share: float) -> np.ndarray:
    """Add `count` developers on the new version. as_user_share: of them use the completion call, where the library
    puts its default before the question in the user's own turn."""
    rng = scene.rng("sdk-default")
    columns = person_columns(rng, count) | {"user_agent": "langtool/0.4.0", "client_fingerprint": "ja4_t4"}
    numbers = scene.accounts.add(
        count, addresses=homes(rng, count), created_s=long_ago(rng, scene.clock, count), **columns
    )
    updated = rng.random(count) * min(3.0, scene.clock.days / 2) * DAY_S
    volumes = scene.shape.volumes(rng, count, per_week * scene.clock.days / 7)
    place = np.repeat(np.arange(count), np.maximum(1, rng.poisson(volumes)))
    owner, at = numbers[place], np.maximum(within(scene, rng, place.size), updated[place])
    in_turn = (rng.random(count) < as_user_share)[place]
    for chosen, before in ((in_turn, DEFAULT), (~in_turn, "")):
        who, n = owner[chosen], int(chosen.sum())
        front = pa.array([f"{before}\n\n"] * n, pa.large_string()) if before else None
        asked = scene.texts.ask("coding", who, before=front)
        system = None if before else np.full(n, scene.texts.keep(pa.array([DEFAULT], pa.large_string()))[0])
        scene.blocks.append(single_turn(who, at[chosen], asked, scene.answers(rng, n), system=system))
    scene.look_alikes.append(LookAlike("application", numbers))
    return numbers
