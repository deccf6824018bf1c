"""What surrounds a request: nothing, a system prompt, or a history with assistant turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from stillwatch.range.blocks import ASSISTANT, NONE, SYSTEM, USER, Block, single_turn
from stillwatch.range.scene import Scene


class Conversation(Protocol):
    """The shape of the requests."""

    def block(
        self,
        scene: Scene,
        rng: np.random.Generator,
        account: np.ndarray,
        at_s: np.ndarray,
        prompt: np.ndarray,
        label: int,
    ) -> Block:
        """One event per prompt (text numbers, shape (n,)) with a fresh answer."""
        ...


@dataclass(frozen=True, slots=True)
class SingleTurn:
    """One user message, after `system` where given, for `end_users` users behind each account (0 = not said)."""

    system: str = ""
    end_users: int = 0

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
        answer = scene.answers(rng, account.size)
        system = kept(scene, self.system, account.size) if self.system else None
        users = behind(rng, account, self.end_users)
        return single_turn(account, at_s, prompt, answer, label=label, system=system, end_user=users)


@dataclass(frozen=True, slots=True)
class Continued:
    """After `turns` earlier exchanges whose assistant turns the provider never issued; the earlier questions are
    drawn for `role`. system and end_users as in `SingleTurn`."""

    turns: int = 1
    role: str = "chat"
    system: str = ""
    end_users: int = 0

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
        n, lead = account.size, int(bool(self.system))
        columns = [kept(scene, self.system, n)] if self.system else []
        for _ in range(self.turns):
            columns += [scene.texts.ask(self.role, account), scene.answers(rng, n)]
        roles = [SYSTEM] * lead + [USER, ASSISTANT] * self.turns + [USER]
        users = behind(rng, account, self.end_users)
        scene.conversations += n
        return Block(
            account=account,
            at_s=at_s,
            counts=np.full(n, len(roles), dtype=np.int64),
            role=np.tile(np.array(roles, dtype=np.int8), n),
            text=np.column_stack([*columns, prompt]).reshape(-1),
            answer=scene.answers(rng, n),
            conversation=np.arange(scene.conversations - n, scene.conversations, dtype=np.int64),
            end_user=np.full(n, NONE, dtype=np.int64) if users is None else users,
            label=np.full(n, label, dtype=np.int64),
        )


def kept(scene: Scene, text: str, count: int) -> np.ndarray:
    """The number of one text, `count` times."""
    return np.full(count, scene.texts.keep(pa.array([text], pa.large_string()))[0])


def behind(rng: np.random.Generator, account: np.ndarray, users: int) -> np.ndarray | None:
    """An end user for each request, one of `users` behind its account; None when nobody is said to be there."""
    return account * np.int64(users) + rng.integers(0, users, account.size) if users else None
