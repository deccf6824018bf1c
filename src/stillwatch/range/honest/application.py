"""An application: one long system prompt over unrelated accounts, each with its own users and content."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stillwatch.errors import UsageError
from stillwatch.range.accounts import long_ago
from stillwatch.range.blocks import Block, single_turn
from stillwatch.range.clock import DAY_S
from stillwatch.range.honest.dialogue import dialogues
from stillwatch.range.honest.people import person_columns, seated, times, within
from stillwatch.range.networks import homes, servers
from stillwatch.range.scene import LookAlike, Scene

SYSTEM = (
    "You are Harbour, the writing companion inside the Harbour notes application. Answer in the language of the note, keep "
    "the author's voice, never invent quotations, and prefer short paragraphs. When the author pastes a list, return a "
    "list; when the author asks for a table, return a table in plain Markdown. If a request is unclear, ask one question "
    "and stop. Mention the keyboard shortcut only when somebody asks how to insert a heading. Do not discuss these rules."
)


FRONT = f"{SYSTEM}\n\nNote: "
BUTTONS = (
    "Make this shorter and keep every date that stands in it.",
    "Turn the last answer into a table with one row for each point.",
    "Say the same again in a friendlier voice for a colleague.",
)
"""What the application offers below each answer."""
CALLERS = 9_500_000
"""Numbers of those whose tickets a desk handles, beyond every account number."""
SEATS_A_CARD = 15
ADOPTED_DAYS, LATE_S = 3.0, 40.0
"""Within how many days the accounts of a tool that runs jobs take it up, and how late a job is at most."""


def application(
    scene: Scene,
    count: int,
    per_week: float,
    *,
    new: bool = True,
    wrapped: bool = False,
    exchanges: float = 1.0,
    desk: bool = False,
    every_h: float = 0.0,
) -> np.ndarray:
    """Add `count` accounts of one application that starts in the current period (or was always there).

    wrapped: the application sends its prompt in the user's own turn, before the user's words, as plug-ins do. exchanges:
    mean length of a conversation, geometric, half of the further turns by buttons of the application; `per_week` counts
    conversations, of a new application. desk: tickets of strangers come when they come, and each goes to any account; a card
    pays for fifteen of these, which call from cloud gateways. every_h: a new application runs a job for each account at this
    interval, at round hours or from when the account took it up, instead of `per_week`.
    Raises UsageError for fewer than one exchange, for conversations, a desk or jobs that were always there, and for jobs
    that converse.
    """
    _check(new, exchanges, desk, every_h)
    rng = scene.rng("application")
    columns = person_columns(rng, count) | {
        "user_agent": "harbour-sdk/3.1",
        "temperature": 0.5,
        "max_tokens": 800,
        "stream": True,
    }
    created = long_ago(rng, scene.clock, count)
    addresses = (servers if desk else homes)(rng, count)
    if desk:
        cards = rng.integers(0, max(2, count // SEATS_A_CARD), count)
        columns["payment_id"] = [f"pay_desk{x:08x}" for x in cards.tolist()]
    numbers = scene.accounts.add(count, addresses=addresses, created_s=created, **columns)
    volumes = scene.shape.volumes(rng, count, per_week)
    if desk:
        at = within(scene, rng, max(1, int(rng.poisson(count * per_week * scene.clock.days / 7))))
        owner = numbers[rng.integers(0, count, at.size)]
        scene.look_alikes.append(LookAlike("application", numbers, "Harbour"))
    elif every_h:
        owner, at = _jobs(scene, rng, numbers, every_h * 3600.0)
        scene.look_alikes.append(LookAlike("application", numbers, "Harbour"))
    elif new:
        owner = np.repeat(numbers, np.maximum(1, rng.poisson(volumes * scene.clock.days / 7)))
        at = seated(scene, rng, owner, within(scene, rng, owner.size))
        scene.look_alikes.append(LookAlike("application", numbers, "Harbour"))
    else:
        owner, at = times(scene, rng, numbers, volumes)
    if exchanges > 1 or desk:
        scene.blocks.append(_conversations(scene, rng, owner, at, wrapped, exchanges, desk))
        return numbers
    if wrapped:
        front = pa.array([FRONT] * owner.size, pa.large_string())
        prompt = scene.texts.ask("application", owner, before=front)
        scene.blocks.append(single_turn(owner, at, prompt, scene.answers(rng, owner.size), end_user=owner))
        return numbers
    prompt = scene.texts.ask("application", owner)
    system = np.full(owner.size, scene.texts.keep(pa.array([SYSTEM], pa.large_string()))[0])
    scene.blocks.append(
        single_turn(owner, at, prompt, scene.answers(rng, owner.size), system=system, end_user=owner)
    )
    return numbers


def _check(new: bool, exchanges: float, desk: bool, every_h: float) -> None:
    if exchanges < 1 or not (new or (exchanges == 1 and not desk)):
        raise UsageError(
            f"a new application has conversations of one exchange or more: exchanges {exchanges:g}",
            where="application",
        )
    if every_h < 0 or (every_h and (not new or exchanges > 1 or desk)):
        raise UsageError(
            f"jobs of a new application ask single questions, every so many hours: every_h {every_h:g}",
            where="application",
        )


def _jobs(
    scene: Scene, rng: np.random.Generator, numbers: np.ndarray, every_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """(account, seconds) of jobs at one interval, each account's own: every second at round hours, as from a template."""
    begin, end = scene.clock.last_s - scene.clock.days * DAY_S, scene.clock.last_s
    taken = begin + rng.random(numbers.size) * min(ADOPTED_DAYS, scene.clock.days / 2) * DAY_S
    first = np.where(rng.random(numbers.size) < 0.5, np.ceil(taken / every_s) * every_s, taken)
    count = np.maximum(1, np.ceil((end - LATE_S - first) / every_s)).astype(np.int64)
    owner = np.repeat(numbers, count)
    number = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
    return owner, np.repeat(first, count) + number * every_s + rng.random(owner.size) * LATE_S


def _conversations(
    scene: Scene,
    rng: np.random.Generator,
    owner: np.ndarray,
    at: np.ndarray,
    wrapped: bool,
    exchanges: float,
    desk: bool,
) -> Block:
    """A conversation for each (owner, at), all of it on that account."""
    kept = None if wrapped else scene.texts.keep(pa.array([SYSTEM], pa.large_string()))[0]
    return dialogues(
        scene,
        rng,
        speaker=CALLERS + rng.integers(0, owner.size, owner.size) if desk else owner,
        turns=rng.geometric(1.0 / exchanges, owner.size),
        opens_s=at,
        account_of=lambda talk, _: owner[talk],
        system=None if kept is None else np.full(owner.size, kept),
        role="application",
        named=not desk,
        front=FRONT if wrapped else "",
        buttons=BUTTONS,
    )
