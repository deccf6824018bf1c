"""Items that are asked about further: one item of the list is a conversation, all of it on one account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import ASSISTANT, NONE, USER, Block
from stillwatch.range.scene import Scene

PACE_S = 40.0
"""Mean seconds from one exchange of a conversation to the next: an answer is generated and read by a script (assumed)."""
LENGTH_MAX = 40
FOLLOW_UPS = (
    "Show every step of that.",
    "Go on from where you stopped, and leave nothing out.",
    "Now check that answer line by line and correct it.",
    "Give a second solution that takes another way.",
)
"""The same for every item and account, in this order, from the first again when they are used up."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Each request opens a conversation; an answer is followed up with the chance 1 - 1 / exchanges, so that lengths are
    geometric with that mean (cut at LENGTH_MAX). The history of a follow-up holds what this account was told."""

    exchanges: float = 4.0

    def block(
        self,
        scene: Scene,
        rng: np.random.Generator,
        account: np.ndarray,
        at_s: np.ndarray,
        prompt: np.ndarray,
        label: int,
    ) -> Block:
        """See `Conversation`, but as many events per prompt as its conversation has exchanges."""
        length = np.minimum(rng.geometric(1.0 / self.exchanges, account.size), LENGTH_MAX)
        talk = np.repeat(np.arange(length.size), length)
        first = np.repeat(np.cumsum(length) - length, length)
        step = np.arange(talk.size) - first
        waited = np.cumsum(np.where(step == 0, 0.0, rng.exponential(PACE_S, talk.size)))
        follow_ups = scene.texts.keep(pa.array(FOLLOW_UPS, pa.large_string()))
        said = np.where(step == 0, prompt[talk], follow_ups[(step - 1) % len(FOLLOW_UPS)])
        answer = scene.answers(rng, talk.size)
        counts = 2 * step + 1
        event = np.repeat(np.arange(talk.size), counts)
        turn = np.arange(event.size) - np.repeat(np.cumsum(counts) - counts, counts)
        of_user = turn % 2 == 0
        source = first[event] + turn // 2
        scene.conversations += length.size
        return Block(
            account=account[talk],
            at_s=at_s[talk] + waited - waited[first],
            counts=counts,
            role=np.where(of_user, USER, ASSISTANT).astype(np.int8),
            text=np.where(of_user, said[source], answer[source]),
            answer=answer,
            conversation=scene.conversations - length.size + talk,
            end_user=np.full(talk.size, NONE, dtype=np.int64),
            label=np.full(talk.size, label, dtype=np.int64),
        )
