"""Long benchmarks in cells: each finished cell is kept at once, so that a stopped run goes on where it was."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from benchmarks.made_by import code_digest

Cell = tuple[str, int]
"""(case, seed)."""


def _kept(path: Path, code: str) -> dict[Cell, dict[str, Any]]:
    """What an earlier run of the same code left; a line cut in half by a kill is measured again."""
    kept: dict[Cell, dict[str, Any]] = {}
    if not path.exists():
        return kept
    for line in path.read_text().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry["code"] == code:
            kept[entry["case"], entry["seed"]] = entry["result"]
    return kept


def measured(
    cells: list[Cell],
    trial: Callable[[str, int], dict[str, Any]],
    keep_at: Path,
    jobs: int = 1,
    minutes: float = float("inf"),
) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """(cell, result) of every cell, those already finished first, the others as they finish.

    Args:
        trial: (case, seed) -> result; picklable and deterministic, for it runs in `jobs` processes.
        keep_at: JSON lines of finished cells, appended to; the caller deletes it with the result in hand.
        minutes: after so long no other cell is begun.
    """
    until = time.monotonic() + 60 * minutes
    code = code_digest()
    kept = _kept(keep_at, code)
    yield from ((cell, kept[cell]) for cell in cells if cell in kept)
    waiting = iter([cell for cell in cells if cell not in kept])
    with ProcessPoolExecutor(jobs) as pool, keep_at.open("a") as out:
        running = {pool.submit(trial, *cell): cell for cell in _next(waiting, jobs)}
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                cell, result = running.pop(future), future.result()
                entry = {"code": code, "case": cell[0], "seed": cell[1], "result": result}
                out.write("\n" + json.dumps(entry) + "\n")
                out.flush()
                os.fsync(out.fileno())
                if time.monotonic() < until:
                    running |= {pool.submit(trial, *new): new for new in _next(waiting, 1)}
                yield cell, result


def _next(waiting: Iterator[Cell], count: int) -> list[Cell]:
    """Up to `count` more cells: few at a time, so that a stopped run leaves no queue behind."""
    return [cell for _, cell in zip(range(count), waiting, strict=False)]
