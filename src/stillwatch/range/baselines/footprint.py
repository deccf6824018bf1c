"""What a method needs to keep: the columns of the window that it reads, noted while it judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np

from stillwatch.range.baselines.window import Period, Window


class Footprint:
    """A window to hand to a method, and afterwards the bytes of every column that the method touched.

    A column counts whole and once, whatever of it was used; what the method makes of it does not count.
    """

    def __init__(self, window: Window) -> None:
        self._watched = [_watched(period) for period in (window.now, *window.before)]
        self.window = replace(window, now=self._watched[0], before=tuple(self._watched[1:]))

    @property
    def bytes_per_account(self) -> float:
        """Bytes of the touched columns of all periods over the accounts of the current one."""
        touched = sum(sum(period.touched.values()) for period in self._watched)
        return touched / max(1, self.window.now.accounts)


class _Watched(Period):
    """A period that notes in `touched` which columns are read: name -> bytes."""

    touched: dict[str, int]

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if isinstance(value, np.ndarray) and name in Period.__dataclass_fields__:
            object.__getattribute__(self, "touched")[name] = value.nbytes
        return value


class _Numbers(dict[str, np.ndarray]):
    """The number columns of a watched period."""

    def __init__(self, numbers: dict[str, np.ndarray], touched: dict[str, int]) -> None:
        super().__init__(numbers)
        self._touched = touched

    def __getitem__(self, name: str) -> np.ndarray:
        value = super().__getitem__(name)
        self._touched[f"numbers.{name}"] = value.nbytes
        return value

    def items(self) -> Iterator[tuple[str, np.ndarray]]:  # type: ignore[override]  # for loops only
        return ((name, self[name]) for name in self)


def _watched(period: Period) -> _Watched:
    touched: dict[str, int] = {}
    columns = {field.name: getattr(period, field.name) for field in fields(period)}
    made = _Watched.__new__(_Watched)
    object.__setattr__(made, "touched", touched)
    _Watched.__init__(made, **columns | {"numbers": _Numbers(period.numbers, touched)})
    touched.clear()
    return made
