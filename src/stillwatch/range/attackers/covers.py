"""What the accounts of an operator send besides the harvest: unrelated chat, forwarded users, a public benchmark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stillwatch.range.attackers.conversations import Continued, SingleTurn
from stillwatch.range.blocks import NONE, Block, single_turn
from stillwatch.range.scene import Scene

Draw = Callable[[Scene, np.random.Generator, np.ndarray, np.ndarray], list[Block]]
"""(scene, generator, account and seconds of each cover request, shape (n,)) -> its blocks."""

RELAY_SYSTEM = (
    "You answer on behalf of Causeway, a gateway that forwards the messages of its members. Reply in the language of "
    "the member, keep earlier turns in mind, and never mention the gateway."
)
RELAY_USERS = 40
RELAY_HISTORY_SHARE = 0.35


def _chat(scene: Scene, rng: np.random.Generator, account: np.ndarray, at_s: np.ndarray) -> list[Block]:
    """Ordinary prompts of the account's own, shared with nobody."""
    said = scene.texts.ask("chat", account)
    return [single_turn(account, at_s, said, scene.answers(rng, account.size))]


def _relay(scene: Scene, rng: np.random.Generator, account: np.ndarray, at_s: np.ndarray) -> list[Block]:
    """Prompts of many real users behind each account, part of them with turns another provider wrote."""
    longer = rng.random(account.size) < RELAY_HISTORY_SHARE
    said = scene.texts.ask("chat", account)
    plain = SingleTurn(system=RELAY_SYSTEM, end_users=RELAY_USERS)
    going_on = Continued(system=RELAY_SYSTEM, end_users=RELAY_USERS)
    return [
        plain.block(scene, rng, account[~longer], at_s[~longer], said[~longer], NONE),
        going_on.block(scene, rng, account[longer], at_s[longer], said[longer], NONE),
    ]


def _benchmark(scene: Scene, rng: np.random.Generator, account: np.ndarray, at_s: np.ndarray) -> list[Block]:
    """The same public questions in every account, as an evaluation harness runs them."""
    if not account.size:
        return []
    order = np.lexsort((at_s, account))
    starts = np.flatnonzero(np.r_[True, np.diff(account[order]) != 0])
    rank = np.empty(account.size, dtype=np.int64)
    rank[order] = np.arange(account.size) - np.repeat(starts, np.diff(np.r_[starts, account.size]))
    questions = scene.texts.ask("evaluation", np.full(int(rank.max()) + 1, account[0]))
    return [single_turn(account, at_s, questions[rank], scene.answers(rng, account.size))]


COVERS: dict[str, Draw] = {"chat": _chat, "relay": _relay, "benchmark": _benchmark}
