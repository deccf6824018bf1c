"""A laboratory that paraphrases is found in a pool that it shares with students, and they are not named with it."""

import json

import pytest

from stillwatch.range import build_world
from stillwatch.service.scanning import scan


@pytest.mark.slow
def test_a_laboratory_is_raised_without_the_students_of_its_pool(tmp_path):
    world = build_world(
        "shared-pool", seed=69922, out=tmp_path / "world", evasions=["L3-paraphrase"], days=3.0
    )
    truth = json.loads((world / "truth.json").read_bytes())
    hired = {a for campaign in truth["campaigns"] for a in campaign["accounts"]}
    done = scan([world], authorisations=world / "authorisations.toml", workers=1)
    found = done.result
    named = {a.account_id for campaign in found.campaigns for a in campaign.accounts}
    assert len(named & hired) >= 0.9 * len(hired)
    assert len(named - hired) <= 2
    assert any(len(set(group.accounts) - hired) >= 90 for group in found.look_alikes), (
        "they are told apart, not lost"
    )
