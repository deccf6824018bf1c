"""Sittings of people who ask what people ask, each in a voice of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.outside.businesses.members import Member
from benchmarks.outside.businesses.sittings import Exchange, Talk, chat
from benchmarks.outside.draws import Draws
from benchmarks.outside.town import Town
from benchmarks.outside.words.answers import reply
from benchmarks.outside.words.subjects import DAILY
from benchmarks.outside.words.voices import Voice

TURNS_MAX = 9


class Voices:
    """The voice of each member, made when it is first heard."""

    def __init__(
        self, town: Town, draws: Draws, subjects: Sequence[str] = DAILY, tongue: str | None = None
    ) -> None:
        self._draws = draws
        self._new: Callable[[], Voice] = lambda: Voice(draws.dice, subjects, tongue, town.prompts)
        self._of: dict[int, Voice] = {}

    def of(self, number: int) -> Voice:
        """The voice of a member."""
        if number not in self._of:
            self._of[number] = self._new()
        return self._of[number]


def turns(draws: Draws, mean: float) -> int:
    """How many questions a conversation has: at least one, this many in the mean, rarely many."""
    count = 1
    while count < TURNS_MAX and draws.chance(1 - 1 / mean):
        count += 1
    return count


def conversation(draws: Draws, voice: Voice, length: int) -> list[tuple[str, str]]:
    """Questions and answers of one voice."""
    said = []
    for turn in range(length):
        question = voice.ask(draws.dice) if turn == 0 else voice.follow(draws.dice)
        said.append((question, reply(draws.dice, question, tongue=voice.tongue)))
    return said


def everyday(
    town: Town,
    draws: Draws,
    *,
    subjects: Sequence[str] = DAILY,
    tongue: str | None = None,
    system: str | None = None,
    mean_turns: float = 1.7,
    known: bool = True,
) -> Talk:
    """Conversations about whatever each member cares for."""
    voices = Voices(town, draws, subjects, tongue)

    def talk(member: Member, _begin: float) -> list[Exchange]:
        said = conversation(draws, voices.of(member.number), turns(draws, mean_turns))
        return chat(draws, said, system, known=known)

    return talk


def anyone(town: Town, draws: Draws, subjects: Sequence[str] = DAILY) -> str:
    """A question of somebody who is not heard again."""
    return Voice(draws.dice, subjects, prompts=town.prompts).ask(draws.dice)


def besides(town: Town, draws: Draws, talk: Talk, share: float = 0.3) -> Talk:
    """The talk of the group, and each member's everyday matters: `share` of the sittings in the mean."""
    other = everyday(town, draws)
    shares: dict[int, float] = {}

    def mixed(member: Member, begin: float) -> Sequence[Exchange]:
        if member.number not in shares:
            shares[member.number] = draws.dice.betavariate(1.2, 1.2 * (1 - share) / share)
        return (other if draws.chance(shares[member.number]) else talk)(member, begin)

    return mixed
