"""The contract of a detector: a pure judgement of one group, as evidence and as leanings between explanations.

`Evidence.bits` is log2 of an e-value under "honest accounts". `leans` says, in bits relative to "unknown",
how much the same observation speaks for (+) or against (-) each explanation; each leaning is clamped to
LEAN_MAX so that no single observation decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

from stillwatch.campaigns.group import Group
from stillwatch.evidence import Evidence

LEAN_MAX = 8.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """Evidence, and bits for or against explanations with the sentence a reader is shown. sign: bits that count as a sign of
    who deals (findings.explanations) though they speak for no explanation."""

    evidence: Evidence
    leans: Mapping[str, float] = field(default_factory=dict)
    statement: str = ""
    sign: float = 0.0


@runtime_checkable
class Detector(Protocol):
    """One pattern. Instances are frozen dataclasses whose fields are the parameters."""

    id: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[str]
    techniques: ClassVar[tuple[str, ...]]

    def judge(self, group: Group) -> Judgement | None:
        """None = too little to say."""
        ...


def clamp(bits: float) -> float:
    """Bits within +-LEAN_MAX."""
    return max(-LEAN_MAX, min(LEAN_MAX, bits))
