"""Volume and rate: the heavy account is raised, the light pool passes under."""

from stillwatch.range.baselines.volume_rate import VolumeRate


def test_a_heavy_account_is_raised_and_ranks_first(judge):
    score, p, raised = judge(VolumeRate())
    assert "heavy-0" in raised
    assert max(score, key=score.get) == "heavy-0"
    assert p["heavy-0"] == min(p.values())


def test_customers_as_heavy_as_ever_are_not_raised(judge, of):
    assert not of(judge(VolumeRate())[2], "steady")


def test_a_pool_of_light_accounts_is_missed(judge, of):
    assert not of(judge(VolumeRate())[2], "pool")
