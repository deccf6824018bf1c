"""A viral prompt: strangers paste one text they saw, word for word or around a subject of their own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.prompts.grammar import join
from stillwatch.range.scene import LookAlike, Scene

HEAD = (
    "Act as my future self in ten years and think out loud: imagine the internal reasoning that made you proud of one "
    "decision, then tell me what you would do today. Here is where I stand: "
)
TAIL = " Be kind, be concrete, and close with a single sentence that I can pin above my desk."


def viral(scene: Scene, people: np.ndarray, *, starts_day: float, verbatim_share: float) -> np.ndarray:
    """Let `people` (accounts that exist) send it once or twice each, most within three days of `starts_day`."""
    rng = scene.rng("viral")
    owner = np.repeat(people, 1 + (rng.random(people.size) < 0.3))
    wait = (rng.exponential(0.7, owner.size) + rng.exponential(0.7, owner.size)) * DAY_S
    at = np.minimum(starts_day * DAY_S + wait, scene.clock.last_s - rng.random(owner.size) * 3600.0)
    alone = rng.random(owner.size) < verbatim_share
    n = int((~alone).sum())
    head, tail = (pa.array([part] * n, pa.large_string()) for part in (HEAD, TAIL))
    own = scene.texts.ask("chat", owner[~alone], before=head, after=tail)
    text = np.full(owner.size, scene.texts.keep(join(pa.array([HEAD], pa.large_string()), TAIL))[0])
    text[~alone] = own
    scene.blocks.append(single_turn(owner, at, text, scene.answers(rng, owner.size)))
    scene.look_alikes.append(LookAlike("unknown", people))
    return people
