"""TLP 2.0 and PAP as levels: what an object is marked with, and who may see it.

Sources: FIRST, "Traffic Light Protocol 2.0" (2022), with the marking ids of STIX 2.1 (OASIS cti-stix-common-objects);
PAP of the same collection. Ids are compared, never names: a marking with an invented id is unknown, and an object
with an unknown marking is refused, because nobody can say who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

TLP = ("clear", "green", "amber", "amber+strict", "red")
PAP = ("clear", "green", "amber", "red")

_PREFIX = "marking-definition--"
TLP_IDS: Mapping[str, int] = {
    _PREFIX + "94868c89-83c2-464b-929b-a1a8aa3c8487": 0,
    _PREFIX + "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": 1,
    _PREFIX + "55d920b0-5e8b-4f79-9ee9-91f868d9b421": 2,
    _PREFIX + "939a9414-2ddd-4d32-a0cd-375ea402b003": 3,
    _PREFIX + "e828b379-4e03-4974-9ac4-e53a884c97c1": 4,
}
PAP_IDS: Mapping[str, int] = {
    _PREFIX + "ad15a0cd-55b6-4588-a14c-a66105329b92": 0,
    _PREFIX + "c43594d1-4b11-4c59-93ab-1c9b14d53ce9": 1,
    _PREFIX + "60f8932b-e51e-4458-b265-a2e8be9a80ab": 2,
    _PREFIX + "740d36e5-7714-4c30-961a-3ae632ceee0e": 3,
}


class Level(NamedTuple):
    """Indices into TLP and PAP: of an object, the strictest it carries; of a member, the ceiling it may see."""

    tlp: int
    pap: int

    def above(self, ceiling: Level) -> bool:
        """Whether an object of this level is not for a member of that ceiling."""
        return self.tlp > ceiling.tlp or self.pap > ceiling.pap


class UnknownMarkingError(ValueError):
    """The markings do not say who may see the object; the message names no content of it."""


def level_of(held: Mapping[str, Any]) -> Level:
    """The strictest TLP and PAP of one STIX object; without a PAP marking, PAP:CLEAR.

    Raises UnknownMarkingError: no TLP 2.0 marking, an id that is neither TLP 2.0 nor PAP, or granular markings (parts
    of a signed object cannot be withheld).
    """
    refs = held.get("object_marking_refs", [])
    if held.get("granular_markings"):
        raise UnknownMarkingError("granular markings are not supported: mark the whole object")
    if not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs):
        raise UnknownMarkingError("object_marking_refs is not a list of ids")
    tlp = [TLP_IDS[ref] for ref in refs if ref in TLP_IDS]
    pap = [PAP_IDS[ref] for ref in refs if ref in PAP_IDS]
    if len(tlp) + len(pap) != len(refs):
        raise UnknownMarkingError("a marking is neither TLP 2.0 nor PAP: use the ids of the standards")
    if not tlp:
        raise UnknownMarkingError("no TLP 2.0 marking: nobody could say who may see the object")
    return Level(max(tlp), max(pap, default=0))
