"""Which code a result is of: a digest of the product's source, and the commit it was checked out at.

    python -m benchmarks.made_by

lists every committed result with the commit that measured it, and whether the product has changed since. A result
that was measured before this was recorded names neither.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import stillwatch

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
MEASURED = ("src", "benchmarks", ":!benchmarks/results")
"""What a result depends on; the results themselves change while others are measured."""


@functools.cache
def code_digest() -> str:
    """SHA-256 of the product's source, of every file its path and its bytes."""
    root = Path(stillwatch.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def commit() -> str | None:
    """The commit that is checked out, "and changes" where files that are measured differ from it; None without git."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", *MEASURED)
    return head and head + (" and changes" if changed else "")


def made_by() -> dict[str, str | None]:
    """What a result says of the code that made it."""
    return {"commit": commit(), "code": code_digest()[:16]}


def told(results: Path = RESULTS) -> list[tuple[str, str, str]]:
    """(name, commit, "this code" | "other code" | "not recorded") of each result, by name."""
    rows = []
    for path in sorted(results.glob("*.json")):
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        code = made.get("code")
        same = "not recorded" if code is None else "this code" if code == code_digest()[:16] else "other code"
        rows.append((path.stem, made.get("commit") or "", same))
    return rows


def _git(*words: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run([program, "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    for name, when, same in told():
        print(f"{name:<24} {when:<24} {same}")
