"""Sittings and conversations: how questions become calls, with histories, errors and retries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from benchmarks.outside.calls import Account, Call, Message
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.software import Installed
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers
from benchmarks.outside.words.voices import Voice

KEEPS_IDS = frozenset({"console", "editor"})  # clients that send conversation ids
TELLING_CHARS = 30  # what is shorter ("thanks", "why?") goes on about what was asked before
HISTORY_MESSAGES = 12  # a client cuts older ones away
FAILURES = (
    ("429", "rate_limited", 6),
    ("500", "server_error", 2),
    ("529", "overloaded", 3),
    ("400", "invalid_request", 1),
)


class Seat(NamedTuple):
    """Somebody at a program: the account it bills, where it runs, what it asks for, which key it holds."""

    account: Account
    place: Place
    client: Installed
    model: ModelChoice
    key: int = 0
    keeps_ids: bool = False  # whether the client sends conversation ids


def conversation(
    town: Town,
    draws: Draws,
    seat: Seat,
    at: float,
    voice: Voice,
    turns: int,
    *,
    first: str | None = None,
    system: str | None = None,
    sentences: float = 6.0,
    end_user: str | None = None,
) -> list[Call]:
    """One conversation of a person: a first question (theirs unless given) and follow-ups, history resent
    each time.
    """
    where = seat.place.address(draws, at)
    history: list[Message] = [("system", system)] if system else []
    named = draws.token("conv", 10) if seat.keeps_ids else None
    text = first or voice.ask(draws.dice)
    calls, about = [], text
    for _ in range(turns):
        history.append(("user", text))
        about = text if len(text) > TELLING_CHARS else about
        answer = answers.reply(draws.dice, about, tongue=voice.tongue, sentences=sentences)
        call = town.call(
            draws,
            at,
            seat.account,
            where,
            seat.client,
            seat.model,
            history,
            answer,
            key=seat.key,
            reasoning=answers.thought(draws.dice, about) if seat.model.at(at) in town.thinking else None,
            conversation=named,
            end_user=end_user,
        )
        calls.append(call)
        history.append(("assistant", answer))
        if len(history) > HISTORY_MESSAGES:
            history = history[: bool(system)] + history[-HISTORY_MESSAGES:]
        at += draws.dice.expovariate(1 / 70.0) + 8.0 + len(answer) / 60.0
        text = voice.follow(draws.dice)
    return calls


def ask_once(
    town: Town,
    draws: Draws,
    seat: Seat,
    at: float,
    messages: Sequence[Message],
    output: str,
    *,
    reasoning: str | None = None,
    end_user: str | None = None,
    conversation_id: str | None = None,
    harvest: bool = False,
) -> Call:
    """A single call with given messages and answer; thoughts are made up unless given."""
    if reasoning is None and seat.model.at(at) in town.thinking:
        reasoning = answers.thought(draws.dice, messages[-1][1])
    return town.call(
        draws,
        at,
        seat.account,
        seat.place,
        seat.client,
        seat.model,
        messages,
        output,
        key=seat.key,
        reasoning=reasoning,
        end_user=end_user,
        conversation=conversation_id,
        harvest=harvest,
    )


def with_failures(draws: Draws, calls: Iterable[Call], rate: float = 0.015) -> list[Call]:
    """Some calls fail first and are retried after a few seconds; a few are given up."""
    tried: list[Call] = []
    weights = [weight for _, _, weight in FAILURES]
    for call in calls:
        if draws.dice.random() >= rate:
            tried.append(call)
            continue
        code, kind, _ = draws.dice.choices(FAILURES, weights)[0]
        failed = {"status": code, "error": kind, "output": "", "reasoning": None}
        tried.append(msgspec.structs.replace(call, **failed))
        if draws.dice.random() < 0.85:
            tried.append(msgspec.structs.replace(call, ts=call.ts + 1.0 + draws.dice.expovariate(0.2)))
    return tried
