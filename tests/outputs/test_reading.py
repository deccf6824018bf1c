"""Collected outputs are read whole: repeats, errors, blanks and broken lines are counted, never guessed."""

from __future__ import annotations

import json

import polars as pl
import pytest

from stillwatch.errors import CoverageError, UnreadableInputError
from stillwatch.outputs import read_outputs

ROWS = [
    {"model": "m", "prompt": "p1", "output": "one"},
    {"model": "m", "prompt": "p1", "output": "one"},
    {"model": "m", "prompt": "p1", "output": "another"},
    {"model": "m", "prompt": "p2", "output": " "},
    {"model": "m", "prompt": "p3", "output": None, "error": "429 too many requests"},
    {"model": "n", "prompt": "p2", "output": "two"},
]


def write(path, rows):
    path.write_text("".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in rows))
    return path


def test_what_is_left_out_is_counted_by_reason(tmp_path):
    found = read_outputs([write(tmp_path / "a.jsonl", [*ROWS, "{broken\n"])])
    assert found.table.rows() == [("m", "p1", "another"), ("n", "p2", "two")]
    left = found.left_out
    assert (left.duplicates, left.conflicting, left.errors, left.empty, left.unreadable) == (1, 1, 1, 1, 1)
    assert found.files[0][0] == "a.jsonl" and len(found.files[0][1]) == 64


def test_parquet_with_other_names_and_a_named_model(tmp_path):
    pl.DataFrame({"instruction": ["p"], "response": ["said"]}).write_parquet(tmp_path / "a.parquet")
    assert read_outputs([tmp_path / "a.parquet"], model="x").table.rows() == [("x", "p", "said")]


def test_the_order_of_files_does_not_matter(tmp_path):
    a, b = write(tmp_path / "a.jsonl", ROWS[:3]), write(tmp_path / "b.jsonl", ROWS[3:])
    assert read_outputs([a, b]).table.equals(read_outputs([b, a]).table)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        pytest.param([], UnreadableInputError, id="an empty file"),
        pytest.param(["nonsense\n", "[1]\n"], UnreadableInputError, id="no JSON objects"),
        pytest.param([{"model": "m", "prompt": "p"}], CoverageError, id="no output column"),
        pytest.param([{"prompt": "p", "output": "o"}], CoverageError, id="no model and none named"),
    ],
)
def test_input_that_cannot_be_used_says_why(tmp_path, rows, error):
    with pytest.raises(error) as caught:
        read_outputs([write(tmp_path / "a.jsonl", rows)])
    assert caught.value.hint
