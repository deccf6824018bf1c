"""Bad records: counted by reason, the first places kept as `file:line`, never their content."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

PLACES_MAX = 50


@dataclass(slots=True)
class Quarantine:
    """`counts`: reason -> records; `places`: the first PLACES_MAX (`file:line`, reason)."""

    counts: Counter[str] = field(default_factory=Counter)
    places: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, reason: str, records: int = 1) -> None:
        """Count `records` bad records for one reason."""
        self.counts[reason] += records
        if len(self.places) < PLACES_MAX:
            self.places.append((place, reason))

    @property
    def total(self) -> int:
        """Records left out."""
        return sum(self.counts.values())
