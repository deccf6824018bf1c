"""A limit on the requests of an account: what exceeds it is turned away, and a balancer sends it through the next one."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from stillwatch.range.blocks import NONE, Block

SPAN_S = 3600.0


def rationed(block: Block, accounts: np.ndarray, limit: int, delay_s: float) -> Block:
    """The block as an operator of `accounts` (int64, in the order in which it goes on) sends it where an account is let in
    `limit` times a clock hour, at least once.

    A request that is turned away stays, without an answer, and is sent again `delay_s` later by the next account; after
    as many tries as there are accounts it is given up. Requests of other accounts in the block are not limited.
    """
    if not block.account.size:
        return block
    place = {int(account): i for i, account in enumerate(accounts)}
    waiting = [
        (float(at), row, place.get(int(who), NONE), 1)
        for row, (at, who) in enumerate(zip(block.at_s, block.account, strict=True))
    ]
    heapq.heapify(waiting)
    used: dict[tuple[int, int], int] = {}
    sent: list[tuple[int, int, float, bool]] = []
    while waiting:
        at, row, where, tries = heapq.heappop(waiting)
        if where == NONE:
            sent.append((row, int(block.account[row]), at, False))
            continue
        hour = (where, int(at // SPAN_S))
        away = used.get(hour, 0) >= limit
        sent.append((row, int(accounts[where]), at, away))
        if not away:
            used[hour] = used.get(hour, 0) + 1
        elif tries < accounts.size:
            heapq.heappush(waiting, (at + delay_s, row, (where + 1) % accounts.size, tries + 1))
    rows, who, when, limited = (np.array([x[i] for x in sent]) for i in range(4))
    out = block.take(rows)
    return replace(out, account=who, at_s=when, limited=limited, answer=np.where(limited, NONE, out.answer))
