"""A stopped benchmark goes on where it was, and never mixes in what other code measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import finished

CELLS = [("a", 1), ("a", 2), ("b", 1)]


def trial(case: str, seed: int) -> dict[str, Any]:
    """One cell, marked as measured here."""
    return {"of": f"{case}{seed}", "measured": True}


def _line(case: str, seed: int, code: str) -> str:
    entry = {"code": code, "case": case, "seed": seed, "result": {"of": f"{case}{seed}", "measured": False}}
    return json.dumps(entry) + "\n"


def test_a_second_run_measures_only_what_is_missing(tmp_path: Path) -> None:
    """A kept cell is taken; a line cut in half and a cell of other code are measured again."""
    kept = tmp_path / "cells.unfinished.jsonl"
    code = finished.code_digest()
    kept.write_text(_line("a", 1, code) + _line("a", 2, "other") + _line("b", 1, code)[:40])
    done = dict(finished.measured(CELLS, trial, kept))
    assert {cell: r["measured"] for cell, r in done.items()} == {
        ("a", 1): False,
        ("a", 2): True,
        ("b", 1): True,
    }
    again = dict(finished.measured(CELLS, trial, kept))
    assert again == done


def test_two_processes_measure_the_same_cells(tmp_path: Path) -> None:
    """Order may differ, results do not."""
    one = dict(finished.measured(CELLS, trial, tmp_path / "one.jsonl"))
    two = dict(finished.measured(CELLS, trial, tmp_path / "two.jsonl", jobs=2))
    assert one == two
