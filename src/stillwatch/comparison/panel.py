"""The panel: models believed innocent, why, and what their lineage is said to be.

Each member has an owner and the owners its training data is said to come from. A member whose lineage nobody
states is *disputed*: it may hide a student, which only takes power away, so results are given with and without
the disputed. Members that trained on our outputs, or are ours, are never innocent.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One model of the panel. derived_from: owners of its training data; null = nobody states it.

    teacher: may stand for its owner as a decoy teacher (an original model of that owner).
    """

    model: str
    owner: str
    derived_from: list[str] | None = None
    teacher: bool = False
    why: str = ""

    @property
    def disputed(self) -> bool:
        """Nobody states what it was trained on."""
        return self.derived_from is None

    def innocent_of(self, owner: str) -> bool:
        """Neither the owner's own nor said to be trained on its outputs."""
        return self.owner != owner and owner not in (self.derived_from or ())


def innocents(members: Iterable[Member], owner: str, *, disputed: bool) -> list[str]:
    """Names of members innocent of `owner`, sorted; with the disputed ones or without."""
    return sorted(m.model for m in members if m.innocent_of(owner) and (disputed or not m.disputed))


def relatives(members: Iterable[Member]) -> dict[str, frozenset[str]]:
    """Models that share an owner or a source with a model, by its name: known to be alike for a reason."""
    sources = {m.model: {m.owner, *(m.derived_from or ())} for m in members}
    return {
        name: frozenset(n for n, other in sources.items() if n != name and other & mine)
        for name, mine in sources.items()
    }


def decoy_owners(members: Iterable[Member], owner: str) -> dict[str, list[str]]:
    """Other owners that have a decoy teacher in the panel: owner -> names of its original models."""
    out: dict[str, list[str]] = {}
    for m in sorted(members, key=lambda m: m.model):
        if m.teacher and m.owner != owner:
            out.setdefault(m.owner, []).append(m.model)
    return out
