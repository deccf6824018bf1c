"""A result says which code made it, and the list says whether that is this code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import made_by, worlds


def test_a_result_names_the_code_that_made_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "RESULTS", tmp_path)
    worlds.keep("mine", "python -m benchmarks.mine", {"rows": []})
    kept = json.loads((tmp_path / "mine.json").read_text())
    assert kept["code"] == made_by.code_digest()[:16]
    assert kept["commit"] == made_by.commit()
    (tmp_path / "older.json").write_text(json.dumps({"command": "python -m benchmarks.older"}))
    (tmp_path / "other.json").write_text(json.dumps(kept | {"code": "0" * 16, "commit": "abc"}))
    assert [(name, same) for name, _, same in made_by.told(tmp_path)] == [
        ("mine", "this code"),
        ("older", "not recorded"),
        ("other", "other code"),
    ]


def test_without_git_no_commit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    made_by.commit.cache_clear()
    monkeypatch.setattr(made_by.shutil, "which", lambda _: None)
    assert made_by.commit() is None
    made_by.commit.cache_clear()
