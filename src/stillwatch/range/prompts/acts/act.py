"""An act: what an operator asks of every item, as a template, in free paraphrase and in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Template = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Leads and tasks that stand before the item, closes that stand after it; one of each makes a wording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """template: English phrases. paraphrase: symbol -> alternatives of three words or so, over those of
    `paraphrase.RULES`. translations: language tag -> the template in it."""

    id: str
    title: str
    template: Template
    paraphrase: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, Template] = field(default_factory=dict)

    @property
    def wordings(self) -> int:
        """How many different wordings the English template has."""
        leads, tasks, closes = self.template
        return len(leads) * len(tasks) * len(closes)


def listed(text: str) -> tuple[str, ...]:
    """The entries of a list written with bars between them."""
    return tuple(text.split("|"))
