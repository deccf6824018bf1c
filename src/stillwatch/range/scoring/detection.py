"""When was a campaign raised, and how much had it harvested by then? From the looks of a replay."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.errors import UnreadableInputError
from stillwatch.range.scoring.files import Findings, Traffic, TrueCampaign
from stillwatch.range.scoring.statement import RaisedBy

FOUND_SHARE = 0.5
_DAY_US = 86_400_000_000
_EPOCH = datetime.fromtimestamp(0, UTC)


class Look(msgspec.Struct, frozen=True):
    """The end of one look in us, and every account raised by it or by an earlier one."""

    until: int
    raised: frozenset[str]


class Moment(msgspec.Struct, frozen=True):
    """When a campaign was raised (us; None: never), its harvest then and at the look before."""

    at: int | None
    harvest: float
    harvest_from: float
    hours: float | None


def microseconds(text: str, place: str) -> int:
    """RFC 3339 to us since the epoch. Raises UnreadableInputError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableInputError(
            f"'{text[:40]}' is no RFC 3339 time", where=place, hint="such as 2026-09-07T00:00:00Z"
        ) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // datetime.resolution


def text(us: int) -> str:
    """RFC 3339 of us since the epoch, to the second."""
    return datetime.fromtimestamp(us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def looks(found: Findings, path: Path) -> list[Look]:
    """The looks of a replay, what each had raised so far; [] for a plain scan. Raises UnreadableInputError."""
    if found.replay is None:
        return []
    out: list[Look] = []
    raised: frozenset[str] = frozenset()
    for i, look in enumerate(found.replay.looks):
        place = f"{path}:$.replay.looks[{i}].until"
        until = microseconds(look.until, place)
        if out and until <= out[-1].until:
            raise UnreadableInputError("looks are not in order of time", where=place, hint="earliest first")
        raised = raised.union(*look.campaigns)
        out.append(Look(until, raised))
    return out


def detected(
    campaign: TrueCampaign, rows: np.ndarray, traffic: Traffic, taken: list[Look], found: bool
) -> Moment:
    """`rows`: the campaign's events in `traffic`. Without looks the whole window was one look."""
    ts = np.sort(traffic.ts[rows])
    if not taken or not ts.size:
        return Moment(None, 1.0, 0.0 if found else 1.0, None)
    members = set(campaign.accounts)
    before = 0
    for look in taken:
        seen = int(np.searchsorted(ts, look.until, side="right"))
        inside = rows[traffic.ts[rows] <= look.until]
        active = {traffic.names[o] for o in np.unique(traffic.owner[inside])} & members
        if active and len(active & look.raised) >= FOUND_SHARE * len(active):
            hours = (look.until - int(ts[0])) / 3.6e9
            return Moment(look.until, seen / ts.size, before / ts.size, hours)
        before = seen
    return Moment(None, 1.0, 1.0, None)


def raised_by_day(moments: list[Moment], taken: list[Look], traffic: Traffic) -> list[RaisedBy]:
    """How many campaigns had been raised by the end of each day of the window."""
    if not taken or not moments or not traffic.ts.size:
        return []
    first, last = int(traffic.ts.min()), int(traffic.ts.max())
    days = -(-(last - first + 1) // _DAY_US)
    return [
        RaisedBy(
            day=day,
            campaigns=sum(m.at is not None and m.at <= first + day * _DAY_US for m in moments),
            of=len(moments),
        )
        for day in range(1, days + 1)
    ]
