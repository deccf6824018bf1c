"""From members to calls: each sitting is a few exchanges from one address, and some calls fail at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from benchmarks.outside.businesses.members import Member
from benchmarks.outside.businesses.schedules import habit
from benchmarks.outside.calls import Call, Group, Message
from benchmarks.outside.draws import Draws
from benchmarks.outside.talk import with_failures
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import thought


class Exchange(NamedTuple):
    """One request and its answer, `after_s` seconds into the sitting."""

    messages: tuple[Message, ...]
    output: str
    after_s: float = 0.0
    conversation: str | None = None
    session: str | None = None
    end_user: str | None = None
    key: int = 0


Talk = Callable[[Member, float], Sequence[Exchange]]  # what happens in a sitting that begins then
Times = Callable[[Member], Iterable[float]]


def ask(text: str, output: str, system: str | None = None, end_user: str | None = None) -> tuple[Exchange]:
    """A sitting of a single request."""
    opening: tuple[Message, ...] = (("system", system),) if system else ()
    return (Exchange((*opening, ("user", text)), output, end_user=end_user),)


def chat(
    draws: Draws,
    turns: Iterable[tuple[str, str]],
    system: str | None = None,
    pause_s: float = 70.0,
    known: bool = True,
) -> list[Exchange]:
    """A conversation of (question, answer) turns; each request repeats all before it.

    `known`: the client sends an id of the conversation.
    """
    history: list[Message] = [("system", system)] if system else []
    conversation = draws.token("conv") if known else None
    exchanges, after = [], 0.0
    for question, answer in turns:
        history.append(("user", question))
        exchanges.append(Exchange(tuple(history), answer, after, conversation))
        history.append(("assistant", answer))
        after += draws.lognormal(pause_s, 0.8)
    return exchanges


def calls_of(
    town: Town,
    draws: Draws,
    members: Iterable[Member],
    talk: Talk,
    times: Times | None = None,
    fails: float = 0.01,
) -> list[Call]:
    """All calls of the members in the period of the town; `fails` is the share that is refused at first."""
    calls: list[Call] = []
    for member in members:
        for begin in times(member) if times else habit(member, draws):
            spot = member.place.address(draws)
            calls += [_call(town, draws, member, spot, begin, exchange) for exchange in talk(member, begin)]
    return within(town, with_failures(draws, calls, fails))


def _call(
    town: Town, draws: Draws, member: Member, spot: tuple[str, str], begin: float, exchange: Exchange
) -> Call:
    ts = begin + exchange.after_s
    model = member.model.at(ts)
    reasoning = thought(draws.dice, exchange.messages[-1][1]) if model in town.thinking else None
    return town.call(
        draws,
        ts,
        member.account,
        spot,
        member.client,
        model,
        exchange.messages,
        exchange.output,
        key=exchange.key,
        reasoning=reasoning,
        conversation=exchange.conversation,
        session=exchange.session,
        end_user=exchange.end_user,
    )


def within(town: Town, calls: Iterable[Call]) -> list[Call]:
    """The calls that lie in the period of the town."""
    return [call for call in calls if town.reference_start <= call.ts < town.end]


def group(name: str, kind: str, members: Iterable[Member], calls: Iterable[Call]) -> Group:
    """The population as the world writer takes it."""
    return Group(name, kind, "", tuple(m.account for m in members), tuple(calls))
