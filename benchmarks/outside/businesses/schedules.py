"""When machines and deadlines make a sitting happen, instead of the rhythm of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.outside.businesses.members import Member
from benchmarks.outside.draws import Draws
from benchmarks.outside.rhythm import DAY, HOUR


def active(member: Member, times: Iterable[float]) -> list[float]:
    """Those of the times at which the member is there."""
    return [ts for ts in times if member.begin <= ts < member.end]


def habit(
    member: Member, draws: Draws, factor: float = 1.0, since: float = 0.0, until: float = float("inf")
) -> list[float]:
    """Times by the member's own rhythm, `factor` times as busy, in [since, until)."""
    begin, end = max(since, member.begin), min(until, member.end)
    return [float(ts) for ts in member.rhythm.times(draws.rng, factor * member.per_day, begin, end)]


def daily(draws: Draws, hour: float, jitter_s: float, skip: float = 0.03) -> Callable[[Member], list[float]]:
    """Once a day at a local time, as cron does; `skip` is how often the machine is off."""

    def times(member: Member) -> list[float]:
        first = member.begin // DAY * DAY + (hour - member.rhythm.zone_h) * HOUR
        days = int((member.end - first) / DAY) + 1
        due = [first + day * DAY + draws.dice.expovariate(1 / jitter_s) for day in range(days)]
        return [ts for ts in active(member, due) if not draws.chance(skip)]

    return times
