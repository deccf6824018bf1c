"""A campus at the start of term: courses with the same exercises for everybody, behind one address translation."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block, concat, single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.people import person_columns, times
from stillwatch.range.networks import LABS, homes, office
from stillwatch.range.scene import LookAlike, Scene

HANDOUT = (
    "Exercise sheet of the Garth End course. Solve the exercise with step-by-step reasoning, show your full reasoning as "
    "you would on paper, and mark the step where most people go wrong. Exercise: "
)
LESSONS_S = (DAY_S * 1 + 9.0 * 3600, DAY_S * 3 + 14.0 * 3600)
LESSON_S = 90 * 60.0
AT_HOME_SHARE = 0.3
DONE_SHARE, ASK_BACK_SHARE = 0.9, 0.3
"""Exercises that a student does at all, and those followed by a question of the student's own (our assumption)."""


def classroom(
    scene: Scene,
    courses: int,
    students: int,
    exercises: int,
    *,
    own_per_week: float,
    same_client_share: float,
) -> np.ndarray:
    """Add `courses` of `students` who signed up together; each student asks nearly every exercise of the course once.

    own_per_week: what a student asks besides, each in their own words. same_client_share: use the course's web
    page; the others whatever they have.
    """
    rng = scene.rng("classroom")
    campus = office(rng, 1, LABS)[0, 0] & np.uint32(0xFFFFFF00)
    out, blocks = [], []
    for course in range(courses):
        numbers = _students(scene, rng, students, campus, course, same_client_share)
        front = pa.array([HANDOUT] * exercises, pa.large_string())
        sheet = scene.texts.ask("evaluation", np.full(exercises, 7_000_000 + course), before=front)
        number = np.tile(np.arange(exercises), students)
        done = rng.random(number.size) < DONE_SHARE
        owner, number = np.repeat(numbers, exercises)[done], number[done]
        lesson = np.array(LESSONS_S)[(number * 2 // exercises) % 2] + course * 3600.0
        at = lesson + rng.random(owner.size) * LESSON_S
        late = rng.random(owner.size) < AT_HOME_SHARE
        at[late] += rng.random(int(late.sum())) * 8 * 3600.0
        text, at, said = sheet[number], at % scene.clock.last_s, scene.answers(rng, owner.size)
        blocks.append(single_turn(owner, at, text, said))
        again = rng.random(owner.size) < ASK_BACK_SHARE
        blocks.append(_asked_back(scene, rng, owner[again], at[again], text[again], said[again]))
        own, when = times(scene, rng, numbers, scene.shape.volumes(rng, students, own_per_week))
        blocks.append(single_turn(own, when, scene.texts.ask("chat", own), scene.answers(rng, own.size)))
        scene.look_alikes.append(LookAlike("classroom", numbers))
        out.append(numbers)
    scene.blocks.append(concat(blocks))
    return np.concatenate(out)


def _students(
    scene: Scene,
    rng: np.random.Generator,
    count: int,
    campus: np.uint32,
    course: int,
    same_client_share: float,
) -> np.ndarray:
    columns = person_columns(rng, count) | {"email_domain": "garth-end.example", "plan": "free"}
    own = rng.random(count) >= same_client_share
    columns["user_agent"] = [
        agent if mine else "webchat/4.3"
        for agent, mine in zip(columns["user_agent"], own.tolist(), strict=True)
    ]
    columns["asn"] = ["AS65040"] * count
    addresses = homes(rng, count)
    addresses[:, :3] = campus + rng.integers(1, 5, (count, 3)).astype(np.uint32)
    joined = -2.0 * DAY_S + course * 3600.0 + rng.random(count) * 1800.0
    start = (joined, np.full(count, scene.clock.last_s))
    return scene.accounts.add(count, addresses=addresses, created_s=joined, active=start, **columns)


def _asked_back(
    scene: Scene,
    rng: np.random.Generator,
    owner: np.ndarray,
    at: np.ndarray,
    sheet: np.ndarray,
    said: np.ndarray,
) -> Block:
    """A question of the student's own after the answer to an exercise, within minutes."""
    n = owner.size
    scene.conversations += n
    return Block(
        account=owner,
        at_s=np.minimum(at + 30.0 + rng.exponential(120.0, n), scene.clock.last_s - 1e-3),
        counts=np.full(n, 3, dtype=np.int64),
        role=np.tile(np.array([USER, ASSISTANT, USER], dtype=np.int8), n),
        text=np.column_stack([sheet, said, scene.texts.ask("chat", owner)]).reshape(-1),
        answer=scene.answers(rng, n),
        conversation=np.arange(scene.conversations - n, scene.conversations, dtype=np.int64),
        end_user=np.full(n, NONE, dtype=np.int64),
    )
