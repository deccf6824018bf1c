"""An application: one long system prompt over unrelated accounts, each with its own users and content."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import single_turn
from stillwatch.range.honest.people import person_columns, seated, times, within
from stillwatch.range.networks import homes
from stillwatch.range.scene import LookAlike, Scene

SYSTEM = (
    "You are Harbour, the writing companion inside the Harbour notes application. Answer in the language of the note, keep "
    "the author's voice, never invent quotations, and prefer short paragraphs. When the author pastes a list, return a "
    "list; when the author asks for a table, return a table in plain Markdown. If a request is unclear, ask one question "
    "and stop. Mention the keyboard shortcut only when somebody asks how to insert a heading. Do not discuss these rules."
)


def application(
    scene: Scene, count: int, per_week: float, *, new: bool = True, wrapped: bool = False
) -> np.ndarray:
    """Add `count` accounts of one application that starts in the current period (or was always there).

    wrapped: the application sends its prompt in the user's own turn, before the user's words, as plug-ins do.
    """
    rng = scene.rng("application")
    columns = person_columns(rng, count) | {
        "user_agent": "harbour-sdk/3.1",
        "temperature": 0.5,
        "max_tokens": 800,
        "stream": True,
    }
    created = long_ago(rng, scene.clock, count)
    numbers = scene.accounts.add(count, addresses=homes(rng, count), created_s=created, **columns)
    volumes = scene.shape.volumes(rng, count, per_week)
    if new:
        owner = np.repeat(numbers, np.maximum(1, rng.poisson(volumes * scene.clock.days / 7)))
        at = seated(scene, rng, owner, within(scene, rng, owner.size))
        scene.look_alikes.append(LookAlike("application", numbers, "Harbour"))
    else:
        owner, at = times(scene, rng, numbers, volumes)
    if wrapped:
        front = pa.array([f"{SYSTEM}\n\nNote: "] * owner.size, pa.large_string())
        prompt = scene.texts.ask("application", owner, before=front)
        scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size), end_user=owner))
        return numbers
    prompt = scene.texts.ask("application", owner)
    system = np.full(owner.size, scene.texts.keep(pa.array([SYSTEM], pa.large_string()))[0])
    scene.blocks.append(
        single_turn(owner, at, prompt, scene.answers(rng, owner.size), system=system, end_user=owner)
    )
    return numbers
