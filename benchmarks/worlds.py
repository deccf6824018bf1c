"""Building worlds in temporary folders, scanning them, and keeping what a benchmark reports."""

from __future__ import annotations

import json
import platform
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.made_by import RESULTS, made_by
from stillwatch.range import build_world, score_findings
from stillwatch.service.scanning import scan


def trial(world: str, seed: int, prompts: Path | None = None, **knobs: Any) -> dict[str, Any]:
    """Build, scan (FDR 1 %), score; the score's fields plus the campaigns raised and the look-alikes named."""
    with tempfile.TemporaryDirectory() as folder:
        place = build_world(world, seed=seed, out=Path(folder) / "world", prompts=prompts, **knobs)
        found = scan([place], authorisations=place / "authorisations.toml", workers=1)
        file = Path(folder) / "findings.json"
        file.write_bytes(msgspec.json.encode(found.result))
        score = msgspec.to_builtins(score_findings(place / "truth.json", file))
    return score | {
        "campaigns_raised": len(found.result.campaigns),
        "look_alikes_named": sorted(x.explanation for x in found.result.look_alikes),
        "members_at_fdr": sum(a.q_value <= 0.01 for c in found.result.campaigns for a in c.accounts),
    }


def keep(name: str, command: str, body: dict[str, Any]) -> None:
    """Write results/<name>.json with the command and the code that made it."""
    RESULTS.mkdir(exist_ok=True)
    head = {
        "command": command,
        "python": platform.python_version(),
        "machine": platform.machine(),
    } | made_by()
    (RESULTS / f"{name}.json").write_text(json.dumps(head | body, indent=1) + "\n")
