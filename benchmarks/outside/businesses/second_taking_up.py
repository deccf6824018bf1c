"""Groups that take something up: when each member starts with it, what they do besides, when it is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from benchmarks.outside.businesses.members import Member, Purse, enrol, somewhere
from benchmarks.outside.businesses.people import besides, everyday
from benchmarks.outside.businesses.schedules import habit
from benchmarks.outside.businesses.sittings import Exchange, Talk, Times, calls_of, group
from benchmarks.outside.calls import Call, Group
from benchmarks.outside.catalogue import ModelChoice
from benchmarks.outside.draws import Draws
from benchmarks.outside.networks import Place
from benchmarks.outside.rhythm import DAY, Rhythm
from benchmarks.outside.software import Installed
from benchmarks.outside.town import Town


class Wave(NamedTuple):
    """By member: when they start, when they have had enough, and whether the account is opened for it."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    fresh: tuple[bool, ...]

    def at_it(self, number: int, at: float) -> bool:
        """Whether the member does the new thing at a time."""
        return self.starts[number] <= at < self.ends[number]


def wave(
    town: Town,
    draws: Draws,
    size: int,
    first: float,
    last: float,
    *,
    new: float,
    early: float = 1.0,
    lasts_days: float | None = None,
) -> Wave:
    """Members start between two times, with `early` above 1 most of them soon; `new` opens an account for it.

    `lasts_days` is the median time until they stop; None: they stay.
    """
    starts = tuple(first + (last - first) * draws.dice.betavariate(1.0, early) for _ in range(size))
    ends = tuple(
        town.end if lasts_days is None else begin + draws.lognormal(lasts_days, 0.7) * DAY for begin in starts
    )
    return Wave(starts, ends, tuple(draws.chance(new) for _ in range(size)))


def taken_up(town: Town, draws: Draws, when: Wave, talk: Talk, aside: float, known: bool = True) -> Talk:
    """The new thing while the member is at it, `aside` of the sittings other matters; before and after only
    those.
    """
    other = everyday(town, draws, known=known)
    mixed = besides(town, draws, talk, aside) if aside else talk

    def say(member: Member, begin: float) -> Sequence[Exchange]:
        return (mixed if when.at_it(member.number, begin) else other)(member, begin)

    return say


def paced(draws: Draws, when: Wave, calm: float) -> Times:
    """The member's own pace while at it, `calm` times that before and afterwards."""

    def times(member: Member) -> list[float]:
        begin, end = when.starts[member.number], when.ends[member.number]
        before = habit(member, draws, calm, until=begin)
        return before + habit(member, draws, since=begin, until=end) + habit(member, draws, calm, since=end)

    return times


def population(
    town: Town,
    draws: Draws,
    name: str,
    kind: str,
    when: Wave,
    talk: Talk,
    *,
    purse: Callable[[int], Purse],
    place: Callable[[int], Place],
    client: Callable[[int], Installed],
    rhythm: Callable[[int], Rhythm],
    per_day: tuple[float, float],
    calm: float = 0.3,
    aside: float = 0.2,
    known: bool = True,
    model: Callable[[int], ModelChoice] | None = None,
    opened: Callable[[int], float] | None = None,
    tool: bool = False,
) -> Group:
    """Enrol the members of a wave and let them talk. `calm` is the number of other sittings a day of those
    who had the account before (a median), `per_day` that of sittings while at it. With `tool` the client and
    the place are those of a program that came with it; before and afterwards people are at home.
    """
    members = enrol(
        town,
        draws,
        len(when.starts),
        purse=purse,
        place=place,
        client=client,
        rhythm=rhythm,
        per_day=per_day,
        begins=lambda i: when.starts[i] if when.fresh[i] else town.reference_start,
        model=model,
        opened=opened,
    )
    mixed = taken_up(town, draws, when, talk, aside, known)
    calls = calls_of(town, draws, members, mixed, paced(draws, when, calm / per_day[0]))
    return group(name, kind, members, _without_tool(town, draws, members, when, calls) if tool else calls)


def _without_tool(
    town: Town, draws: Draws, members: Sequence[Member], when: Wave, calls: Sequence[Call]
) -> list[Call]:
    """The calls with those outside the wave moved to the browser client and to the member's own line."""
    number = {member.account.id: member.number for member in members}
    own = [(somewhere(town, draws), town.install(draws, "console")) for _ in members]
    placed = []
    for call in calls:
        place, browser = own[number[call.account.id]]
        if when.at_it(number[call.account.id], call.ts):
            placed.append(call)
            continue
        ip, asn = place.address(draws, call.ts)
        client = browser.at(call.ts, town.start)
        placed.append(msgspec.structs.replace(call, ip=ip, asn=asn, client=client))
    return placed


def owned(draws: Draws, texts: Sequence[str], verbatim: float = 0.6) -> Callable[[int], str]:
    """Each member's version of a shared text: one of several, as it stands or with an edit of their own."""
    versions: dict[int, str] = {}

    def version(number: int) -> str:
        if number not in versions:
            text = draws.dice.choice(texts)
            versions[number] = text if draws.chance(verbatim) else _edited(draws, text)
        return versions[number]

    return version


def _edited(draws: Draws, text: str) -> str:
    """With a line put in front, or without one of the sentences that hold no slot."""
    parts = text.split(". ")
    loose = [i for i, part in enumerate(parts) if "{" not in part and i]
    if loose and draws.chance(0.5):
        parts.pop(draws.dice.choice(loose))
        return ". ".join(parts)
    return f"{draws.dice.choice(REMARKS)}{text}"


REMARKS = (
    "Please be thorough. ", "Keep it short. ", "Answer in plain English. ", "No emojis. ", "Hi, ",
    "Same as before: ",
    "Important: do not guess. ", "Be kind but honest. ", "Use British spelling. ", "I am in a hurry. ",
    "You know the drill. ", "Think first. ", "Take your time. ", "One more. ", "Next one. ",
)  # fmt: skip
