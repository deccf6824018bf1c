"""On real outputs: models tuned from a teacher stand above every innocent model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillwatch.comparison import COMPARATORS
from stillwatch.comparison.calibration import ranked
from stillwatch.comparison.profiles import profile
from stillwatch.outputs import read_outputs

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PROMPTS = 120


@pytest.mark.data
def test_tuned_models_stand_above_every_innocent_model():
    if not (DATA / "outputs.parquet").is_file():
        pytest.skip("the data folder beside the repository is absent")
    lineage = json.loads((DATA / "outputs_lineage.json").read_text())
    family = "llama2chat"
    tuned = [m for m, v in lineage["derivatives"].items() if v["families"] == [family]]
    teachers = lineage["teachers"][family]
    panel = [m for m in lineage["students"] if "A" in lineage["students"][m]["confidence"]]
    samples = read_outputs([DATA / "outputs.parquet"])
    used = samples.only([*tuned, *teachers, *panel], samples.prompts[:PROMPTS])
    profiles = profile(used)
    for name in tuned:
        assert ranked(COMPARATORS[0], profiles, name, teachers, panel).above == 1.0
