"""A probe sweep and the list that came of it are one campaign, however the list is worded."""

import json

import pytest

from stillwatch.range import build_world
from stillwatch.service.scanning import scan


@pytest.mark.slow
@pytest.mark.parametrize("rung", ["L2-grammar", "L8-translation"])
def test_the_pool_is_raised_and_its_first_try_counted(rung, tmp_path):
    world = build_world("sweep", seed=69990, out=tmp_path / "world", evasions=[rung])
    truth = json.loads((world / "truth.json").read_bytes())
    mine = {a for campaign in truth["campaigns"] for a in campaign["accounts"]}
    done = scan([world], authorisations=world / "authorisations.toml", workers=1)
    found = done.result.campaigns
    assert len({a.account_id for campaign in found for a in campaign.accounts} & mine) >= 0.9 * len(mine)
    raised = [group for group in done.detail.groups if group.id in {c.id for c in found}]
    tried = sum(group.statistics.get("of a first try, not judged", 0) for group in raised)
    judged_on = sum(group.statistics["linked events"] for group in raised) - tried
    assert 1_000 <= tried <= 1_530, "1,530 probes in five techniques, over thirty accounts"
    assert 3_000 <= judged_on <= 3_400, "120 accounts at 28 requests each"
    assert min(c.first for c in found) < done.result.input.first[:10] + "T12", "the sweep opens the campaign"
    assert sum(c.events for c in found) == tried + judged_on
