"""How an operator runs a campaign: hands that hold accounts, slots in time, work dealt to them, cover
between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.outside.calls import Call, Group, Message
from benchmarks.outside.draws import Draws
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.talk import Seat, ask_once, conversation, with_failures
from benchmarks.outside.town import Town
from benchmarks.outside.words.voices import Voice


class Hand(NamedTuple):
    """An account of the operator with its program and place, and when it is in use.

    `voice` asks the unrelated questions; `past` is what a former owner did.
    """

    seat: Seat
    begin: float
    end: float
    voice: Voice
    past: tuple[Call, ...] = ()


class Exchange(NamedTuple):
    """One call to make: what is sent and what comes back."""

    messages: Sequence[Message]
    output: str
    end_user: str | None = None


Slot = tuple[float, int]  # (time, number of the hand)
Deal = Callable[
    [int, float], Sequence[Exchange]
]  # work for a hand at a time; several calls follow each other


def own_clocks(
    town: Town, draws: Draws, hands: Sequence[Hand], per_day: float, rhythm: Rhythm, spread: float = 0.0
) -> list[Slot]:
    """Every hand works at its own pace; `spread` is how much the paces differ (of their logarithm)."""
    slots: list[Slot] = []
    for i, hand in enumerate(hands):
        times = rhythm.times(draws.rng, draws.lognormal(per_day, spread), hand.begin, hand.end)
        slots += [(float(at), i) for at in times]
    return sorted(slots)


def sittings(
    town: Town, draws: Draws, hands: Sequence[Hand], per_day: float, tasks: int, gap_s: float, rhythm: Rhythm
) -> list[Slot]:
    """Every hand works in sittings: `per_day` of them, about `tasks` tasks each, `gap_s` apart on average."""
    slots: list[Slot] = []
    for i, hand in enumerate(hands):
        for start in rhythm.times(draws.rng, per_day, hand.begin, hand.end):
            gaps = draws.rng.gamma(3.0, gap_s / 3.0, max(1, int(draws.rng.poisson(tasks))))
            slots += [(float(at), i) for at in start + np.cumsum(gaps) if at < hand.end]
    return sorted(slots)


def round_robin(hands: Sequence[Hand], times: Iterable[float]) -> list[Slot]:
    """One dispatcher hands the times to the hands in turn, passing over those not in use."""
    slots: list[Slot] = []
    turn = 0
    for at in times:
        for _ in hands:
            turn = (turn + 1) % len(hands)
            if hands[turn].begin <= at < hands[turn].end:
                slots.append((float(at), turn))
                break
    return slots


def lottery(draws: Draws, hands: Sequence[Hand], times: Iterable[float], spread: float = 0.0) -> list[Slot]:
    """One dispatcher draws a hand each time; `spread` makes weights differ (0: all alike)."""
    weights = [draws.lognormal(1.0, spread) for _ in hands]
    slots: list[Slot] = []
    for at in times:
        i = draws.dice.choices(range(len(hands)), weights)[0]
        if hands[i].begin <= at < hands[i].end:
            slots.append((float(at), i))
    return slots


def capped(slots: Iterable[Slot], per_day: int) -> list[Slot]:
    """Keep at most `per_day` slots of a hand on one day: the operator's quota."""
    used: Counter[tuple[int, int]] = Counter()
    kept: list[Slot] = []
    for at, i in slots:
        used[i, int(at // DAY)] += 1
        if used[i, int(at // DAY)] <= per_day:
            kept.append((at, i))
    return kept


def carry_out(
    town: Town,
    draws: Draws,
    name: str,
    archetype: str,
    hands: Sequence[Hand],
    slots: Sequence[Slot],
    deal: Deal,
    *,
    cover: float = 0.0,
    gap_s: float = 15.0,
    failures: float = 0.012,
) -> Group:
    """Run the campaign. `cover` is the share of slots in which a hand asks something unrelated instead."""
    calls: list[Call] = [call for hand in hands for call in hand.past]
    made: list[Call] = []
    for at, i in slots:
        hand = hands[i]
        if cover and draws.dice.random() < cover:
            turns = draws.dice.choice((1, 1, 2, 3))
            calls += conversation(town, draws, hand.seat, at, hand.voice, turns)
            continue
        made += _task(town, draws, hand.seat, at, deal(i, at), gap_s)
    calls += with_failures(draws, made, failures)
    accounts = tuple({hand.seat.account.id: hand.seat.account for hand in hands}.values())
    return Group(name, "campaign", archetype, accounts, tuple(calls))


def _task(
    town: Town, draws: Draws, seat: Seat, at: float, exchanges: Sequence[Exchange], gap_s: float
) -> list[Call]:
    """The calls of one task, each after the answer to the one before."""
    named = draws.token("conv", 10) if seat.keeps_ids else None
    calls = []
    for exchange in exchanges:
        call = ask_once(
            town,
            draws,
            seat,
            at,
            exchange.messages,
            exchange.output,
            end_user=exchange.end_user,
            conversation_id=named,
            harvest=True,
        )
        calls.append(call)
        at += 3.0 + len(exchange.output) / 300.0 + draws.dice.expovariate(1 / gap_s)
    return calls
