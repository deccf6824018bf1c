"""What a baseline is: a pure function from a window to a score for every account and the accounts it raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from stillwatch.range.baselines.window import Window


@dataclass(frozen=True, slots=True)
class Verdict:
    """score f64[accounts], higher = more suspicious; p_value f64[accounts] in (0, 1].

    groups: the accounts raised together (i64 arrays of account codes, disjoint, at least one account each);
    observed: a sentence per group. Accounts in no group are not raised.
    """

    score: np.ndarray
    p_value: np.ndarray
    groups: tuple[np.ndarray, ...]
    observed: tuple[str, ...]


@runtime_checkable
class Baseline(Protocol):
    """A frozen dataclass whose fields are the method's parameters."""

    @property
    def id(self) -> str:
        """Its name on the command line."""
        ...

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        ...

    @property
    def source(self) -> str:
        """The paper and section, or the practice, that it was written from."""
        ...

    def judge(self, window: Window) -> Verdict:
        """Score every account of `window.now` and raise some. Pure: the same window, the same verdict."""
        ...
