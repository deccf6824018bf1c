"""How long a signature counts: valid between two hours, fading in between, renewed by sightings.

The score is the polynomial decay of MISP (Iklody, Wagener, Dulaunoy, Mokaddem & Wagner, "Decaying Indicators of
Compromise", arXiv 1803.11052): base * (1 - (t / tau)^(1 / delta)), t hours since the last confirmation, tau the
life time in hours. It orders what to look at first; it never makes a signature act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stillwatch.signatures.buckets import hours_of

DELTA = 1.0  # linear: half of the score is gone at half of the life time


def valid(indicator: Mapping[str, Any], hours: int) -> bool:
    """Whether an indicator that passed the gate counts at `hours` since 1970: begun, not ended, not revoked."""
    return stage(indicator, hours) == "live"


def stage(indicator: Mapping[str, Any], hours: int) -> str:
    """`withdrawn`, `expired`, `not-yet` or `live`."""
    if indicator.get("revoked", False):
        return "withdrawn"
    if hours >= hours_of(indicator["valid_until"]):
        return "expired"
    return "live" if hours >= hours_of(indicator["valid_from"]) else "not-yet"


def score(indicator: Mapping[str, Any], hours: int, sighted: Sequence[int] = ()) -> float:
    """Its score in [0, confidence]; `sighted`: hours at which it was seen, of which those before `hours` renew it.

    A sighting sets t back to nothing and never lengthens the life time that the publisher gave.
    """
    if not valid(indicator, hours):
        return 0.0
    begun, ended = hours_of(indicator["valid_from"]), hours_of(indicator["valid_until"])
    last = max([begun, *(h for h in sighted if begun <= h <= hours)])
    return float(indicator["confidence"]) * (1.0 - ((hours - last) / (ended - begun)) ** (1.0 / DELTA))
