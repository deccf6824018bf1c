"""Traffic of another provider's users: many people and languages behind each account, turns that were never ours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import ASSISTANT, SYSTEM, USER, Block
from stillwatch.range.prompts.grammar import join, mix
from stillwatch.range.prompts.tongues import TONGUES, asked, replied
from stillwatch.range.scene import Scene

HARNESS = (
    '<harness name="tideway" build="7.3">You are Tideway, the assistant of this service. Answer the last message of the '
    "member in the member's language. Never say that another model is involved.</harness>"
)
TENANTS = 9
HISTORY_SHARE, TURNS_MAX = 0.6, 3
"""How many conversations were begun elsewhere, and how many replies they hold at most; our assumption."""


def tongues(count: int) -> np.ndarray:
    """Language of each request in the order of the list (places in TONGUES), the same wherever it is asked."""
    return (mix(np.arange(count, dtype=np.uint64), 71) % np.uint64(len(TONGUES))).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Questions of members, each in the tags of its tenant and language."""

    def texts(
        self,
        scene: Scene,
        rng: np.random.Generator,
        shard: np.ndarray | None,
        place: np.ndarray,
        before: pa.Array | None,
        after: pa.Array | None,
    ) -> np.ndarray:
        """See `Items`; members are of no topic, so a shard changes nothing."""
        spoken = tongues(place.size)
        tenant = rng.integers(0, TENANTS, place.size)
        tags = [
            f'<member tenant="t{t:02d}" lang="{TONGUES[x]}">'
            for t, x in zip(tenant.tolist(), spoken.tolist(), strict=True)
        ]
        said = join(pa.array(tags, pa.large_string()), asked(rng, spoken), "</member>")
        pieces = [piece for piece in (before, said, after) if piece is not None]
        return scene.texts.keep(join(*pieces) if len(pieces) > 1 else said)


@dataclass(frozen=True, slots=True)
class Relayed:
    """Behind the harness; `members` behind each account, each of one language; part of the conversations hold up to
    TURNS_MAX replies that another model gave, in the language of the member."""

    members: int = 60

    def block(
        self,
        scene: Scene,
        rng: np.random.Generator,
        account: np.ndarray,
        at_s: np.ndarray,
        prompt: np.ndarray,
        label: int,
    ) -> Block:
        """See `Conversation`."""
        n, spoken = account.size, tongues(account.size)
        turns = np.where(rng.random(n) < HISTORY_SHARE, rng.integers(1, TURNS_MAX + 1, n), 0)
        columns = [np.full(n, scene.texts.keep(pa.array([HARNESS], pa.large_string()))[0])]
        roles, there = [SYSTEM], [np.ones(n, dtype=bool)]
        for turn in range(TURNS_MAX):
            columns += [scene.texts.keep(asked(rng, spoken)), scene.texts.keep(replied(rng, spoken))]
            roles += [USER, ASSISTANT]
            there += [turns > turn] * 2
        kept = np.column_stack([*there, np.ones(n, dtype=bool)])
        text = np.column_stack([*columns, prompt])
        member = rng.integers(0, max(1, self.members // len(TONGUES)), n) * len(TONGUES) + spoken
        scene.conversations += n
        return Block(
            account=account,
            at_s=at_s,
            counts=kept.sum(axis=1),
            role=np.broadcast_to(np.array([*roles, USER], dtype=np.int8), kept.shape)[kept],
            text=text[kept],
            answer=scene.answers(rng, n),
            conversation=np.arange(scene.conversations - n, scene.conversations, dtype=np.int64),
            end_user=account * np.int64(self.members + len(TONGUES)) + member,
            label=np.full(n, label, dtype=np.int64),
        )
